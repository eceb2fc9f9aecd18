import type { What } from "../model.ts";
import { idOf, labelOfRow, partsOf, stemOf, tableOf, type Row } from "../rows.ts";
import type { Evidence, Wrong } from "./evidence.ts";

/** Written by the account itself, whoever looks or waits. */
const moving = new Set([
  "updatedAt",
  "lastUsedAt",
  "usageCount",
  "verificationStatus",
  "availableAt",
  "failureCount",
]);
/** Records of what happened, and counters. */
const records =
  /^(auditLogs|events|webhook events|maintenanceRuns|rendercad (numbers|accounts|deliveries|jobs))$/u;

/** Rule 1: what no version of the files declared is byte for byte as it was, in this workspace and in every other. */
export function judgeLeftAlone(evidence: Evidence): readonly Wrong[] {
  return Object.entries(evidence.before).flatMap(([table, rows]) => {
    if (records.test(table)) return [];
    const after = new Map((evidence.after[table] ?? []).map((row) => [idOf(row), row]));
    return rows
      .filter((row) => isTheirs(evidence, table, row))
      .flatMap((row) => compare(`${table} ${idOf(row)}`, row, after.get(idOf(row))));
  });
}

function isTheirs({ declared, owner }: Evidence, table: string, row: Row): boolean {
  const what = (Object.keys(tableOf) as What[]).find((one) => tableOf[one] === table);
  if (!what || (row["ownerId"] !== undefined && row["ownerId"] !== owner)) return true;
  return !declared.blocks.has(`${what} ${stemOf(labelOfRow(what, row))}`);
}

function compare(name: string, before: Row, after: Row | undefined): readonly Wrong[] {
  if (!after) return [{ rule: 1, said: `${name} (${String(before["name"])}) is no file's, and is gone` }];
  const [was, is] = [still(before), still(after)];
  if (was === is) return [];
  return [{ rule: 1, said: `${name} is no file's, and was changed:\n    ${was}\n    ${is}` }];
}

/** Of deploys only that there are as many: one goes on by itself, another one would be somebody's doing. */
function still(row: Row): string {
  const kept = Object.entries(row).filter(([column]) => !moving.has(column) && column !== "deploys");
  const deploys = partsOf(row, "deploys").map(idOf);
  const columns = kept.map(([column, value]) => `${column} ${JSON.stringify(value)}`).sort();
  return [...columns, `deploys ${deploys.join()}`].join();
}
