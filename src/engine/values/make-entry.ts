import { kindOf, type Address } from "../../core/base/address.ts";
import { sourcesAfter } from "../../core/compare/sources.ts";
import { listHandGiven } from "../../core/diff/goes-for-good.ts";
import type { Owned } from "../../core/model/inventory.ts";
import { mergeFields } from "../../core/run/journal.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { digestOf, type Digest } from "../../core/base/digest.ts";
import type { Comparison } from "../../core/compare/comparison.ts";
import { digestDesired } from "../../core/compare/field-change.ts";
import { findKind } from "../../core/kind/kind.ts";
import { eachDeclared, keysDeclared, valueIn, type Declared } from "../../core/model/declared.ts";
import { fieldKey, type Desired } from "../../core/model/desired.ts";
import { liveSecret } from "../../core/model/live.ts";
import { resolveNow, type Resolving } from "./resolve-now.ts";

/** What an entry of the inventory is made from. */
export type EntryParts = Digesting & Pick<RunMemory, "input" | "reach" | "replacements">;

/** Field keys (`plan`, `envVars.KEY`) that a step is about. */
type EntryFields = {
  readonly keys: readonly string[];
  readonly removed?: readonly string[];
  readonly sourced?: readonly string[] | undefined;
};

/**
 * The entry of the inventory after a step that set the fields `keys` and removed the fields `removed`: what it was before, with
 * the digests of what was sent and with what the file says of it now. `sourced`: fields of which only the source is noted.
 * Throws `value-not-there` while the object has no id.
 */
export async function makeEntry(
  memory: EntryParts,
  address: Address,
  { keys, removed = [], sourced = [] }: EntryFields,
): Promise<Owned> {
  const { input, reach, resources } = memory;
  const digests = await digestFields(memory, address, keys);
  const before = resources.owned(address);
  const desired = input.desired.get(address);
  const table = reach.kind(address).fields;
  const handGiven = desired ? listHandGiven(desired, table) : (before?.handGiven ?? []);
  const file = resources.fileOf(address);
  const id = resources.idOf(address);
  return {
    kind: kindOf(address),
    id,
    name: desired?.name ?? before?.name ?? "",
    fields: mergeFields(before, digests, removed),
    ...sourcesAfter(before, { desired, table }, [...Object.keys(digests), ...removed, ...sourced]),
    needs: desired?.needs ?? before?.needs ?? [],
    // A protection ends with the end of an apply, never in the middle of one.
    protect: desired?.lifecycle.protect === true || before?.protect === true,
    ...(handGiven.length > 0 && { handGiven }),
    ...(file !== undefined && { file }),
    ...(before?.settled && before.id === id && { settled: before.settled }),
    ...(before?.notedAs && { notedAs: before.notedAs }),
    ...shownOnceOf(memory, address, id),
  };
}

/** The digests and sealed copies of values that the API shows once. They belong to one object, so they stay only with its id. */
function shownOnceOf(
  { resources, replacements }: Pick<EntryParts, "resources" | "replacements">,
  address: Address,
  id: string,
): Pick<Owned, "revealed" | "sealed"> {
  const records = [resources.owned(address), replacements.newObject(address)];
  const record = records.find((one) => one?.id === id);
  return {
    ...(record?.revealed && { revealed: record.revealed }),
    ...(record?.sealed && { sealed: record.sealed }),
  };
}

/** What digests of fields are made from: values as they were sent, or else as they are now. */
export type Digesting = Resolving &
  Pick<RunMemory, "sent"> & { readonly input: Pick<RunMemory["input"], "key" | "compared"> };

/**
 * The digests of the declared fields among `keys`, for the inventory. Fields that the file does not declare have none, and
 * neither has a value that is left to the account and that the API does not show.
 */
export async function digestFields(
  memory: Digesting,
  address: Address,
  keys: readonly string[],
): Promise<{ readonly [key: string]: Digest }> {
  const { input } = memory;
  const desired = input.desired.get(address);
  if (!desired) return {};
  const wanted = new Set(keys);
  const digests: { [key: string]: Digest } = {};
  for (const declared of eachDeclared(desired, findKind(input.kinds, kindOf(address)).fields)) {
    const key = fieldKey(declared.name, declared.entry);
    const digest = wanted.has(key) ? await digestOne(memory, desired, declared) : undefined;
    if (digest !== undefined) digests[key] = digest;
  }
  return digests;
}

async function digestOne(
  memory: Digesting,
  desired: Desired,
  declared: Declared,
): Promise<Digest | undefined> {
  const { key, compared } = memory.input;
  const { address } = desired;
  const { name, entry, field } = declared;
  const place = { address, field: fieldKey(name, entry) };
  const comparison: Comparison = { desired, owned: undefined, key, resolved: new Map() };
  const value = valueIn(declared);
  if (!value) return digestDesired(comparison, field, name, entry, declared.value);
  // What was sent; else what the plan compared live with, so that the digest is of that; else what it is now.
  const planned = compared.get(address)?.get(place.field);
  const known = memory.sent.value(address, place.field) ?? (planned?.state === "known" ? planned : undefined);
  const resolved = known ?? (await resolveNow(memory, address, declared, value));
  if (resolved.state === "untouched" && !field.writeOnly && value.from !== "generated") {
    // It is left as it is live, so the digest is of what is live.
    const live = entry === undefined ? undefined : liveSecret(memory.resources.found(address), declared);
    return live && digestOf(key, place, live);
  }
  return digestDesired(
    { ...comparison, resolved: new Map([[place.field, resolved]]) },
    field,
    name,
    entry,
    declared.value,
  );
}

/** The keys of all fields and entries that the file declares of a resource: `plan`, `envVars.KEY`. */
export function declaredKeys(
  { desired: all, kinds }: Pick<RunMemory["input"], "desired" | "kinds">,
  address: Address,
): readonly string[] {
  const desired = all.get(address);
  return desired ? keysDeclared(desired, findKind(kinds, kindOf(address)).fields) : [];
}
