import { byText, type Address } from "../../core/base/address.ts";
import type { Found } from "../../core/model/live.ts";

/** Objects of one name in a message, told apart by id and age, oldest first: `srv-1 (created 2026-11-22T09:00:12Z), srv-2 (...)`. */
export function describeCandidates(candidates: readonly Found[]): string {
  return sortByAge(candidates).map(describeCandidate).join(", ");
}

/** The commands between which a person has to choose: `trueup state adopt ADDRESS srv-1 or trueup state adopt ADDRESS srv-2`. */
export function adoptCommands(address: Address, candidates: readonly Found[]): string {
  return sortByAge(candidates)
    .map(({ id }) => `trueup state adopt ${address} ${id}`)
    .join(" or ");
}

function describeCandidate(found: Found): string {
  const created = createdAt(found).replace(/\.\d+(?=Z?$)/u, "");
  return created === "" ? found.id : `${found.id} (created ${created})`;
}

/** When an object was made: `createdAt` of Render, `created_at` of RENDERCAD (both documented). Empty when neither is there. */
function createdAt({ raw }: Found): string {
  const time = raw["createdAt"] ?? raw["created_at"];
  return typeof time === "string" ? time : "";
}

function sortByAge(candidates: readonly Found[]): readonly Found[] {
  return [...candidates].sort((a, b) => byText(createdAt(a), createdAt(b)) || byText(a.id, b.id));
}
