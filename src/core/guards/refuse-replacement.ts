import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { allowsReplacement, quoteWord } from "../consent/consent.ts";
import type { EndFacts } from "../consent/end-of-data.ts";
import { problem, type Problem } from "../base/problem.ts";

/** The former one goes, and another one with an id of its own comes: what others know it by changes, and it is away meanwhile. */
export function refuseReplacement(facts: EndFacts, change: ResourceChange): readonly Problem[] {
  const { address, where, action, succession, losesData, fields } = change;
  // What ends data has a refusal that says more; what shows its value once is rotated without a gap, or says that it is not.
  if (action !== "replace" || succession || losesData || allowsReplacement(facts, address)) return [];
  const forcing = fields.filter((field) => field.forcesReplace);
  const owner = ownerOf(facts, change);
  if (facts.changes.some((one) => one.address === owner && isReplaced(one))) return [];
  const message = `${address} must be replaced, because ${forcing.map(({ field }) => field).join(", ")} cannot change: another one is made in its place, with another id.`;
  const remedy = `Put the old value back, or agree to it with --allow-replace ${address}.`;
  const answer = { flags: [`--allow-replace ${quoteWord(address)}`], word: "yes" };
  return [problem("refusal", "replace", message, remedy, { where, address, answer })];
}

/** Also by an ended run, which began with consent and left something to do. */
function isReplaced({ action, due }: ResourceChange): boolean {
  return action === "replace" || due?.formers === true;
}

/** Whoever agrees that a service is replaced agrees to what stands in it. */
function ownerOf({ desired, kinds }: EndFacts, { address, kind }: ResourceChange): Address | undefined {
  const wanted = desired.get(address);
  return wanted && kinds.get(kind)?.partOf?.(wanted);
}
