import type { KindName } from "../base/address.ts";
import type { ResourceChange, Shown } from "../model/change.ts";
import { count } from "../base/text.ts";
import type { GuardInput } from "./guard-input.ts";
import { isObject } from "../base/json.ts";
import type { Kinds } from "../kind/kind.ts";
import { problem, type Problem } from "../base/problem.ts";

/*
 * How much one plan may delete. Guards count addresses; what is removed from one resource counts once.
 *
 * - `maxDeletes`: at most so many addresses.
 * - the half, from 3 owned resources on: at least 2 of them go as a whole (deleted or replaced), and those are more than
 *   half. One cron job of three passes, as does a variable of each of five services. What stands in another resource (a
 *   disk, a domain) is part of that one here.
 * - `maxDeleteShare`, above 10 owned addresses: at most so large a share of them loses something.
 *
 * `--allow-deletes N` answers all three.
 */

const leastForHalf = 3;
const leastGoing = 2;
const mostWithoutShare = 10;

/** Refuses a plan that deletes more than these limits allow. */
export function refuseManyDeletes(input: GuardInput): readonly Problem[] {
  const { changes, inventory, kinds, settings, overrides } = input;
  const deleting = changes.filter((change) => isDeleting(change) || isDestroying(kinds, change));
  if (overrides.destroys || deleting.length === 0 || (overrides.allowDeletes ?? -1) >= deleting.length)
    return [];
  const owned = Object.keys(inventory.resources).length;
  const standsAlone = (kind: KindName): boolean => kinds.get(kind)?.partOf === undefined;
  const wholes = Object.values(inventory.resources).filter(({ kind }) => standsAlone(kind)).length;
  const going = deleting.filter((change) => goesAsWhole(change) && standsAlone(change.kind));
  const refuse = (code: string, message: string): readonly Problem[] => {
    const flag = `--allow-deletes ${deleting.length}`;
    const remedy = `If that is meant, run again with ${flag}.`;
    return [problem("refusal", code, message, remedy, { answer: { flags: [flag], word: "yes" } })];
  };
  if (deleting.length > settings.maxDeletes) {
    const many = count(deleting.length, "address", "addresses");
    const facts = `The plan deletes from ${many}, more than maxDeletes (${settings.maxDeletes})`;
    return refuse("max-deletes", `${facts}: ${listAddresses(deleting)}.`);
  }
  if (wholes >= leastForHalf && going.length >= leastGoing && going.length * 2 > wholes) {
    const facts = `The plan deletes or replaces ${going.length} of ${wholes} owned resources, more than half`;
    return refuse("max-delete-share", `${facts}: ${listAddresses(going)}.`);
  }
  if (owned > mostWithoutShare && deleting.length / owned > settings.maxDeleteShare) {
    const [share, most] = [deleting.length / owned, settings.maxDeleteShare].map((one) =>
      Math.round(one * 100),
    );
    const facts = `The plan deletes from ${deleting.length} of ${owned} owned addresses (${share} %), more than maxDeleteShare (${most} %)`;
    return refuse("max-delete-share", `${facts}: ${listAddresses(deleting)}.`);
  }
  return [];
}

function listAddresses(changes: readonly ResourceChange[]): string {
  const names = changes.slice(0, 5).map((change) => change.address);
  return names.join(", ") + (changes.length > 5 ? ` and ${changes.length - 5} more` : "");
}

function goesAsWhole(change: ResourceChange): boolean {
  return change.action === "delete" || (change.action === "replace" && !isRotated(change));
}

function isDeleting(change: ResourceChange): boolean {
  return goesAsWhole(change) || change.fields.some((field) => field.removed);
}

/** Whether a change takes something out of a list whose items are destroyed then: a read replica. */
function isDestroying(kinds: Kinds, { kind, fields }: ResourceChange): boolean {
  return fields.some(({ field, before, after }) => {
    if (kinds.get(kind)?.fields[field]?.destroys !== true) return false;
    const kept = new Set(namesIn(after));
    return namesIn(before).some((name) => !kept.has(name));
  });
}

function namesIn(shown: Shown): readonly unknown[] {
  const list = shown.show === "public" && Array.isArray(shown.value) ? shown.value : [];
  return list.filter(isObject).map(({ name }) => name);
}

/** Whether a replacement is no loss: the new one is there before the old one goes, or the old one's value never was known. */
export function isRotated({ succession }: ResourceChange): boolean {
  return succession !== undefined && succession.mode !== "gap";
}
