import type { Plan } from "../../core/model/plan.ts";
import { countChanges } from "../../core/run/report.ts";

/** The line that counts the changes: `2 to create, 1 drifted, 27 unchanged`. A count of zero is left out. */
export function describeTotals(plan: Plan): string {
  const counts = countChanges(plan);
  const forgotten = plan.changes.filter((change) => change.action === "forget").length;
  const changed = [
    [counts.create, "to create"],
    [counts.adopt, "to adopt"],
    [counts.update, "to update"],
    [counts.drifted, "drifted"],
    [counts.replace, "to replace"],
    [counts.delete, "to delete"],
    [forgotten, "to forget"],
  ] as const;
  const told = changed.flatMap(([many, words]) => (many > 0 ? [`${many} ${words}`] : []));
  const unchanged = counts.unchanged - forgotten;
  const start = told.length === 0 ? ["nothing to do"] : told;
  return [...start, ...(unchanged > 0 ? [`${unchanged} unchanged`] : [])].join(", ");
}
