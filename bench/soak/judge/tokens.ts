import { blocksOf, entriesOf } from "../model.ts";
import { labelOf, labelOfRow, reachable, variablesOf, type Tables } from "../rows.ts";
import type { Evidence, Wrong } from "./evidence.ts";

/** Rule 5: a token that worked where it was delivered is there still, or another one that works. */
export function judgeTokens(evidence: Evidence): readonly Wrong[] {
  const [worked, work] = [live(evidence, evidence.before), live(evidence, evidence.after)];
  return blocksOf(evidence.files).flatMap((block) => {
    if (block.what !== "service" && block.what !== "group") return [];
    const rowIn = (tables: Tables) =>
      reachable(tables, block.what, evidence).find((row) => labelOfRow(block.what, row) === labelOf(block));
    const [before, after] = [variablesOf(rowIn(evidence.before)), variablesOf(rowIn(evidence.after))];
    return Object.entries(entriesOf(block)).flatMap(([key, entry]) => {
      const [had, has] = [before.get(key), after.get(key)];
      if (entry.form !== "token" || had === undefined || has === undefined) return [];
      if (!worked.has(had) || work.has(has)) return [];
      return [{ rule: 5, said: `${key} of ${block.name} holds a token that works no more` }];
    });
  });
}

function live(evidence: Evidence, tables: Tables): ReadonlySet<string> {
  return new Set(reachable(tables, "token", evidence).map((row) => String(row["token"])));
}
