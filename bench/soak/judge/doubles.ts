import type { What } from "../model.ts";
import { labelOfRow, reachable, stemOf, tableOf, type Tables } from "../rows.ts";
import type { Evidence, Wrong } from "./evidence.ts";

/**
 * Rule 2: nothing is there twice. While a token is rotated or a RENDERCAD webhook replaced, the old one and the new one
 * stand beside each other, so that two of those are wrong only when everything has come to its end.
 */
export function judgeDoubles(evidence: Evidence): readonly Wrong[] {
  return (Object.keys(tableOf) as What[]).flatMap((what) => {
    const isShownOnce = what === "token" || what === "cadWebhook";
    const most = isShownOnce && !evidence.calm ? 2 : 1;
    const before = count(evidence, evidence.before, what);
    return [...count(evidence, evidence.after, what)]
      .filter(([label, number]) => number > Math.max(most, before.get(label) ?? 0))
      .map(([label, number]) => ({ rule: 2, said: `${what} ${label} is there ${number} times` }));
  });
}

function count(evidence: Evidence, tables: Tables, what: What): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of reachable(tables, what, evidence)) {
    const label = labelOfRow(what, row);
    const one = evidence.calm ? stemOf(label) : label;
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return counts;
}
