import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { allowsReplacement, quoteWord } from "../consent/consent.ts";
import type { EndFacts } from "../consent/end-of-data.ts";
import { problem, type Problem } from "../base/problem.ts";
import type { GuardInput } from "./guard-input.ts";

/**
 * Refuses a replacement without consent: the new object has another id, so what others know the old one by changes, and it may
 * be away in between.
 */
export function refuseReplacement(facts: EndFacts, change: ResourceChange): readonly Problem[] {
  const { address, where, action, succession, losesData } = change;
  // The end of data has a refusal of its own (`data-loss`), and so has a rotation that cannot do without a gap.
  const isTakenBack = facts.live.get(address)?.displaced !== undefined;
  if (!isTakenBack && action !== "replace") return [];
  if (succession || losesData || allowsReplacement(facts, address)) return [];
  const host = hostOf(facts, change);
  if (facts.changes.some((one) => one.address === host && isReplaced(one))) return [];
  const message = isTakenBack ? describeReturn(change) : describeReplacement(change);
  const remedy = `Put the old value back, or agree to it with --allow-replace ${address}.`;
  const answer = { flags: [`--allow-replace ${quoteWord(address)}`], word: "yes" };
  return [problem("refusal", "replace", message, remedy, { where, address, answer })];
}

function describeReplacement({ address, fields }: ResourceChange): string {
  const forcing = fields.filter((field) => field.forcesReplace).map(({ field }) => field);
  return `${address} must be replaced, because ${forcing.join(", ")} cannot change: another one is made in its place, with another id.`;
}

/** Where an old object takes its place back: it lacks what the other one was given since, such as a variable typed by hand. */
function describeReturn({ address }: ResourceChange): string {
  return `${address} is the former one again, as the file asks: what was made in its place is deleted, with all that was given to it since.`;
}

/** Whether a change replaces its object, or finishes a replacement that an earlier run began with consent. */
function isReplaced({ action, due }: ResourceChange): boolean {
  return action === "replace" || due?.formers === true;
}

/** The resource that one stands in: consent to replace a service includes what stands in it. */
function hostOf({ desired, kinds }: EndFacts, { address, kind }: ResourceChange): Address | undefined {
  const wanted = desired.get(address);
  return wanted && kinds.get(kind)?.partOf?.(wanted);
}

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
