import { addressOf, blocksOf, typeNames, type Block, type What } from "../model.ts";
import { idOf, labelOfRow, reachable, stemOf, type Row } from "../rows.ts";
import type { Evidence, Wrong } from "./evidence.ts";

/**
 * Rule 3: no data ends without a consent of this round, and nothing goes that the file still has, except where it asks for
 * what the object cannot become: another region or type.
 */
export function judgeEnds(evidence: Evidence): readonly Wrong[] {
  const whats: readonly What[] = ["service", "group", "database", "keyValue", "webhook"];
  return whats.flatMap((what) => {
    const after = new Map(reachable(evidence.after, what, evidence).map((row) => [idOf(row), row]));
    return reachable(evidence.before, what, evidence)
      .filter((row) => evidence.declared.blocks.has(`${what} ${stemOf(labelOfRow(what, row))}`))
      .flatMap((row) => {
        const now = after.get(idOf(row));
        return [...judgeData(evidence, what, row, now), ...judgeUnasked(evidence, what, row, now)];
      });
  });
}

function judgeData(evidence: Evidence, what: What, row: Row, now: Row | undefined): readonly Wrong[] {
  const name = labelOfRow(what, row);
  const disk = row["disk"] as Row | undefined;
  const lostDisk = disk && idOf((now?.["disk"] ?? {}) as Row) !== idOf(disk);
  const isGone = !now && holdsData(what, row);
  if (!isGone && !lostDisk) return [];
  const names = namesOf(evidence, what, name);
  const addresses = names.flatMap((one) => [addressOf({ what, name: one }), `render/disk/${one}`]);
  const isAgreed = addresses.some((address) => evidence.flags.includes(`--allow-data-loss ${address}`));
  return isAgreed
    ? []
    : [{ rule: 3, said: `the data of ${what} ${name} (${idOf(row)}) ended without consent` }];
}

function holdsData(what: What, row: Row): boolean {
  return what === "database" || (what === "keyValue" && row["persistenceMode"] !== "off");
}

/** Its own name, and what the files call it now. */
function namesOf({ files }: Evidence, what: What, name: string): readonly string[] {
  const stem = stemOf(name);
  const renamed = blocksOf(files).filter((block) => block.what === what && block.renamedFrom === stem);
  return [stem, ...renamed.map((block) => block.name)];
}

function judgeUnasked(evidence: Evidence, what: What, row: Row, now: Row | undefined): readonly Wrong[] {
  const name = labelOfRow(what, row);
  const block = blocksOf(evidence.files).find((one) => one.what === what && one.name === name);
  if (now || !block || cannotBecome(row, block)) return [];
  return [{ rule: 3, said: `${what} ${name} (${idOf(row)}) is in the file as it was, and was deleted` }];
}

function cannotBecome(row: Row, block: Block): boolean {
  if (block.what === "service" && typeNames[block.type] !== row["type"]) return true;
  if (block.what === "service" && block.type === "static") return false;
  return "region" in block && block.region !== row["region"];
}
