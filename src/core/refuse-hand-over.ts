import type { ResourceChange } from "./change.ts";
import type { GuardInput } from "./guards.ts";
import { problem, type Problem } from "./problem.ts";
import { findRunners } from "./succession-steps.ts";

/** Reasons not to make something whose value is shown once: it would go nowhere, or nobody would run with it. */
export function refuseHandOver(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const kind = input.kinds.get(change.kind);
  const isMade = change.action === "create" || change.action === "replace";
  if (!kind?.once || !isMade) return [];
  return [...refuseNowhere(input, change), ...refuseUndeployed(input, change)];
}

/** Shown once, to nobody: what is live from then on is a credential that no one has. */
function refuseNowhere(
  { kinds, handOvers, settings }: GuardInput,
  change: ResourceChange,
): readonly Problem[] {
  const { address, where } = change;
  const { noun = "", onceNeeded } = kinds.get(change.kind) ?? {};
  const isKept = (settings.state?.encryption?.recipients ?? []).length > 0;
  const hasDestination = (handOvers.get(address)?.destinations ?? []).length > 0;
  if (!onceNeeded || isKept || hasDestination) return [];
  const message = `${address} would be made, and its value, which is shown once, goes nowhere: nothing in the file takes it.`;
  const remedy = `Take it into a variable with from${camelCase(noun)}, or set state.encryption.recipients to keep it sealed.`;
  return [problem("refusal", "value-nowhere", message, remedy, { ...(where && { where }), address })];
}

function camelCase(noun: string): string {
  const words = noun.split(" ").map((word) => word.toLowerCase());
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

/** The former one goes when everything runs with the new one, which `deploy: skip` never lets happen. */
function refuseUndeployed(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const { address, where, succession } = change;
  const handOver = input.handOvers.get(address);
  if (!handOver || (succession?.mode !== "begin" && succession?.mode !== "continue")) return [];
  const skipping = findRunners(input, handOver).filter((one) => one.lifecycle.deploy === "skip");
  if (skipping.length === 0) return [];
  const names = skipping.map((one) => one.address).join(", ");
  const message = `${address} would be revoked while ${names} still runs with it, because lifecycle.deploy is skip there.`;
  const remedy = "Let the run deploy it (lifecycle.deploy: trigger), or rotate when it may be deployed.";
  return [problem("refusal", "rotation-not-deployed", message, remedy, { ...(where && { where }), address })];
}
