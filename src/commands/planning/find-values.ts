import { kindOf, type Address } from "../../core/base/address.ts";
import { findKind } from "../../core/kind/kind.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { ResolvedValues } from "../../core/compare/comparison.ts";
import { keepSpelling } from "../../core/compare/keep-spelling.ts";
import { diff } from "../../core/diff/diff.ts";
import { stepsAside } from "../../core/diff/formers.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Found } from "../../core/model/live.ts";
import { findDeliveries, type ValueDelivery } from "../../core/rotation/deliveries.ts";
import { resolveAll, type ResolveInput } from "../../engine/memory/resolve.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Access } from "./access.ts";
import type { Account } from "./read-accounts.ts";
import type { GivenSources } from "./sources.ts";
import type { Start } from "./start.ts";

/** What a plan is made from: the start, and one look at the accounts. */
export type Ground = {
  readonly start: Start;
  readonly access: Access;
  readonly account: Account;
  /** Where values come from that do not stand in the file. */
  readonly sources: GivenSources;
};

/** The values of one plan. They are held in memory only. */
export type Values = {
  /** Each declared value, by address and by field key (`envVars.KEY`). */
  readonly resolved: ReadonlyMap<Address, ResolvedValues>;
  /** Of what its API shows once: where it has to arrive, and whether its value is known. */
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
};

/**
 * Finds each declared value. What a step of this plan will change is no value yet (`later`): outputs of an object that is
 * replaced without stepping aside, outputs that a change gives another value, and what a rotation renews. So the changes
 * are looked at once before, without values.
 */
export async function findValues(ground: Ground): Promise<Values> {
  const { start, access, account, sources } = ground;
  const { inventory, desired, read } = account;
  const { key } = start.remembered;
  const deliveries = findDeliveries({ desired, live: read.live, inventory, kinds, key });
  const changes = diffWithoutValues(ground, deliveries);
  const replaced = changes.filter(({ action }) => action === "replace").map(({ address }) => address);
  const gone = new Set(replaced.filter((address) => !isAside(account, address)));
  const renewed = new Set(changes.filter(isRenewed).map(({ address }) => address));
  const shownOnce: ResolveInput["shownOnce"] = (address, output) =>
    renewed.has(address) ? { state: "later" } : deliveries.get(address)?.values.get(output);
  const found = (address: Address): Found | undefined =>
    gone.has(address) ? undefined : account.found.get(address);
  const resolved = await resolveAll({
    desired,
    kinds,
    readerOf: (address) => access.readers[findKind(kinds, kindOf(address)).provider],
    sources,
    found,
    leaving: new Set(replaced),
    isUnsettled: fieldsThatChange(changes),
    shownOnce,
  });
  const ofAccount = (address: Address): Found | undefined => account.found.get(address);
  return { resolved: keepSpelling(resolved, { found: ofAccount, inventory, key }), deliveries };
}

function diffWithoutValues(
  { start, account }: Ground,
  deliveries: ReadonlyMap<Address, ValueDelivery>,
): readonly ResourceChange[] {
  const { rewrites, gaps, allowReplace: replacements } = start.given.overrides;
  return diff({
    desired: start.state.resources,
    live: account.read.live,
    gone: account.read.gone,
    inventory: account.inventory,
    resolved: new Map(),
    kinds,
    key: start.remembered.key,
    deliveries,
    rewrites,
    gaps,
    replacements,
    today: dayOf(start),
  });
}

/** ISO date of the plan, for agreements of the file, which expire. */
export function dayOf({ readAt }: Pick<Start, "readAt">): string {
  return new Date(readAt).toISOString().slice(0, 10);
}

/** Whether a replaced object serves on under another name, so that its outputs stay what they are until the new one is there. */
function isAside({ desired }: Account, address: Address): boolean {
  const one = desired.get(address);
  const kind = one && kinds.get(one.kind);
  return one !== undefined && kind !== undefined && stepsAside(kind, one);
}

/** Whether a change makes a new value of those that are shown once: what holds the old one gets the new one later. */
function isRenewed({ succession }: ResourceChange): boolean {
  return succession !== undefined && succession.mode !== "continue";
}

/** Whether one of some fields of an address is changed. What an output is made from is the same until then. */
function fieldsThatChange(changes: readonly ResourceChange[]): NonNullable<ResolveInput["isUnsettled"]> {
  const changing = new Map(
    changes.map(({ address, fields }) => [address, new Set(fields.map(({ field }) => field))]),
  );
  return (address, fields) => fields.some((field) => changing.get(address)?.has(field));
}

/** Values whose source is not there. */
export type MissingValues = {
  /** Errors of `apply`, and of `plan --strict-values`. */
  readonly missing: readonly Problem[];
  /** The same as warnings, for a plan that is looked at. */
  readonly warnings: readonly Problem[];
  /** Values that are there and must not be taken as they are. */
  readonly refused: readonly Problem[];
};

/** Finds the values that can neither be compared nor sent. A `destroy` needs no values, so it misses none. */
export function findMissing({ input }: Start, { resolved }: Values): MissingValues {
  if (input.destroys !== undefined) return { missing: [], warnings: [], refused: [] };
  const values = [...resolved.values()].flatMap((ofResource) => [...ofResource.values()]);
  const withheld = values.flatMap((value) => (value.state === "missing" ? [value.problem] : []));
  const missing = withheld.filter(({ severity }) => severity !== "refusal");
  return {
    missing,
    warnings: missing.map((one) => ({ ...one, severity: "warning" as const })),
    refused: withheld.filter(({ severity }) => severity === "refusal"),
  };
}
