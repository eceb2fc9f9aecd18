import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { allowsReplacement, quoteWord } from "../consent/consent.ts";
import type { EndFacts } from "../consent/end-of-data.ts";
import { problem, type Problem } from "../base/problem.ts";

/** The former one goes, and another one with an id of its own comes: what others know it by changes, and it is away meanwhile. */
export function refuseReplacement(facts: EndFacts, change: ResourceChange): readonly Problem[] {
  const { address, where, action, succession, losesData } = change;
  // What ends data has a refusal that says more; what shows its value once is rotated without a gap, or says that it is not.
  const isTakenBack = facts.live.get(address)?.displaced !== undefined;
  if (!isTakenBack && action !== "replace") return [];
  if (succession || losesData || allowsReplacement(facts, address)) return [];
  const owner = ownerOf(facts, change);
  if (facts.changes.some((one) => one.address === owner && isReplaced(one))) return [];
  const message = isTakenBack ? describeReturn(change) : describeReplacement(change);
  const remedy = `Put the old value back, or agree to it with --allow-replace ${address}.`;
  const answer = { flags: [`--allow-replace ${quoteWord(address)}`], word: "yes" };
  return [problem("refusal", "replace", message, remedy, { where, address, answer })];
}

function describeReplacement({ address, fields }: ResourceChange): string {
  const forcing = fields.filter((field) => field.forcesReplace).map(({ field }) => field);
  return `${address} must be replaced, because ${forcing.join(", ")} cannot change: another one is made in its place, with another id.`;
}

/** It misses what the other one was given since: a variable that was typed there by hand. */
function describeReturn({ address }: ResourceChange): string {
  return `${address} is the former one again, as the file asks: what was made in its place is deleted, with all that was given to it since.`;
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
