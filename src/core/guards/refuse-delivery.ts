import type { ResourceChange } from "../model/change.ts";
import type { GuardInput } from "./guard-input.ts";
import { isIgnored } from "../compare/compare-fields.ts";
import { gapNeeded } from "../run/pending.ts";
import { quoteWord } from "../consent/consent.ts";
import { problem, type Problem } from "../base/problem.ts";
import { findRunners } from "../steps/rotation-steps.ts";

/**
 * Reasons not to make or replace an object whose value is shown once: nothing takes the value, a service would go on
 * with the revoked one, or for a moment there would be no valid one.
 */
export function refuseDelivery(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const kind = input.kinds.get(change.kind);
  const isMade = change.action === "create" || change.action === "replace";
  if (!kind?.shownOnce || !isMade) return [];
  return [
    ...refuseNowhere(input, change),
    ...refuseUndeployed(input, change),
    ...refuseIgnored(input, change),
    ...refuseGap(input, change),
  ];
}

/** Refuses (or warns, where it is still of use) when nothing takes the value: then a credential is live that no one has. */
function refuseNowhere(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const { needsDestination: onceNeeded } = input.kinds.get(change.kind) ?? {};
  const isKept = (input.settings.state?.encryption?.recipients ?? []).length > 0;
  const hasDestination = (input.deliveries.get(change.address)?.destinations ?? []).length > 0;
  if (isKept || hasDestination) return [];
  return [onceNeeded ? goesNowhere(input, change) : secretNowhere(input, change)];
}

function goesNowhere({ kinds }: GuardInput, { address, kind, where }: ResourceChange): Problem {
  const message = `${address} would be made, and its value, which is shown once, goes nowhere: nothing in the file takes it.`;
  const remedy = `Take it into a variable with from${camelCase(kinds.get(kind)?.noun ?? "")}, or set state.encryption.recipients to keep it sealed.`;
  return problem("refusal", "value-nowhere", message, remedy, { where, address });
}

/** The warning for an object that works without its value being known: a webhook, whose signatures cannot be checked then. */
function secretNowhere({ kinds }: GuardInput, { address, kind, where }: ResourceChange): Problem {
  const message = `The secret of ${address} is shown once, when it is made, and nothing in the file takes it: no signature can be checked with it.`;
  const remedy = `Take it into a variable with from${camelCase(kinds.get(kind)?.noun ?? "")} and property: secret, or set state.encryption.recipients.`;
  return problem("warning", "secret-nowhere", message, remedy, { where, address });
}

function camelCase(noun: string): string {
  const words = noun.split(" ").map((word) => word.toLowerCase());
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

/** Refuses when a service that uses the value is never deployed (`deploy: skip`): it would go on with the revoked value. */
function refuseUndeployed(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const { address, where, succession } = change;
  const delivery = input.deliveries.get(address);
  if (!delivery || (succession?.mode !== "begin" && succession?.mode !== "continue")) return [];
  const skipping = findRunners(input, delivery).filter((one) => one.lifecycle.deploy === "skip");
  if (skipping.length === 0) return [];
  const names = skipping.map((one) => one.address).join(", ");
  const message = `${address} would be revoked while ${names} still runs with it, because lifecycle.deploy is skip there.`;
  const remedy = "Let the run deploy it (lifecycle.deploy: trigger), or rotate when it may be deployed.";
  return [problem("refusal", "rotation-not-deployed", message, remedy, { where, address })];
}

/** Refuses when `lifecycle.ignore` leaves a place alone that has the value: it would keep one that is revoked. */
function refuseIgnored({ desired, deliveries }: GuardInput, change: ResourceChange): readonly Problem[] {
  const { address, where, succession } = change;
  if (!succession) return [];
  const ignoring = (deliveries.get(address)?.destinations ?? []).filter((one) => {
    const holder = desired.get(one.address);
    return holder !== undefined && isIgnored(holder, one.name, one.entry);
  });
  if (ignoring.length === 0) return [];
  const places = ignoring.map((one) => `${one.address} ${one.entry ?? one.name}`).join(", ");
  const message = `${address} would be revoked while ${places} keeps its value, because lifecycle.ignore leaves that alone.`;
  const remedy = "Take it out of lifecycle.ignore, or let another token be rotated and this one stay.";
  return [problem("refusal", "rotation-ignored", message, remedy, { where, address })];
}

/** Refuses a replacement with a gap without consent. An earlier run was told by the API that there can be only one at a time. */
function refuseGap({ overrides, kinds }: GuardInput, change: ResourceChange): readonly Problem[] {
  const { address, kind, where, succession } = change;
  if (succession?.mode !== "gap" || overrides.gaps.includes(address)) return [];
  const { noun = "" } = kinds.get(kind) ?? {};
  const message = `${address} can only be replaced with a gap: a second ${noun} beside it was refused.`;
  const remedy = `If the old one may go before the new one is there, run again with --allow-gap ${address}.`;
  const answer = { flags: [`--allow-gap ${quoteWord(address)}`] };
  return [problem("refusal", gapNeeded, message, remedy, { where, address, answer })];
}
