import type { ResourceChange } from "../model/change.ts";
import type { GuardInput } from "./guard-input.ts";
import { problem, type Problem } from "../base/problem.ts";

/**
 * Refuses a replacement that would lose something without the file saying so. A replacement takes over all that it
 * can; lost is what no call can give to the new object and the file does not give either.
 */
export function refuseLosses({ live }: Pick<GuardInput, "live">, change: ResourceChange): readonly Problem[] {
  const losing = change.action === "replace" ? (live.get(change.address)?.losing ?? []) : [];
  if (losing.length === 0) return [];
  const fixed = change.fields.filter((field) => field.forcesReplace).map((field) => field.field);
  const message = `${change.address} must be replaced, because ${fixed.join(", ")} cannot change, and this cannot be taken over from it: ${losing.join(", ")}.`;
  const remedy =
    "Declare it in the file, so that it is made again, or take it away in the dashboard first; or put the old value back.";
  return [
    problem("refusal", "replace-loses-values", message, remedy, {
      where: change.where,
      address: change.address,
    }),
  ];
}
