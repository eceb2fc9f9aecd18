import { canonical, isObject, type Json } from "../base/json.ts";
import { digestOf, type Digest } from "../base/digest.ts";
import { Secret } from "../base/secret.ts";
import type { Address } from "../base/address.ts";
import type { FieldChange } from "../model/change.ts";
import { eachDeclared, entriesOf, keysDeclared } from "../model/declared.ts";
import { fieldKey } from "../model/desired.ts";
import type { Field, FieldTable } from "../model/field.ts";
import { unknownDigest, type Owned } from "../model/inventory.ts";
import type { LiveSpec } from "../model/live.ts";
import type { Comparison } from "./comparison.ts";
import { digestDesired, normalised } from "./field-change.ts";
import { partsOf } from "./compare-plain.ts";
import { spellWords, wordsOf } from "./words.ts";

/** What a resource is compared by, with what the inventory remembers by the address of today. */
export type Noted = {
  readonly comparison: Comparison;
  /** Declared fields whose digest was made for an earlier address: it is to be noted anew. */
  readonly stale: readonly string[];
};

/**
 * A digest is bound to its address, so after a rename it equals nothing any more, and every value would seem to be another
 * one. Here the digests of a renamed resource are made again for its name of today: each that is, under an earlier name, the
 * digest of what the file asks or of what is live, becomes the digest of that. Any other one stays: it is of a value that
 * neither side has.
 *
 *     noted for render/service/a    the file    live     becomes, for render/service/b
 *     digest of `info`              `debug`     `info`   the digest of `info`: only the file moved
 *     digest of `info`              `debug`     `warn`   stays, and equals neither
 */
export function notedForToday(comparison: Comparison, table: FieldTable, live: LiveSpec): Noted {
  const { owned, desired } = comparison;
  const formers = owned?.notedAs ?? [];
  if (!owned || formers.length === 0) return { comparison, stale: [] };
  const digestsOf = collectDigests(comparison, table, live);
  const today = new Map<string, Digest>();
  for (const [key, digest] of Object.entries(owned.fields)) {
    if (digest === unknownDigest) continue;
    const [now, ...before] = [desired.address, ...formers].map((address) => digestsOf(key, address));
    const index = before.map((digests) => digests.indexOf(digest)).find((one) => one >= 0);
    if (index !== undefined && now?.[index] !== undefined) today.set(key, now[index]);
  }
  const seen = new Set(visibleKeys(comparison, table));
  return {
    comparison: { ...comparison, owned: withFields(owned, today) },
    stale: [...today.keys()].filter((key) => seen.has(key)),
  };
}

function withFields(owned: Owned, today: ReadonlyMap<string, Digest>): Owned {
  return { ...owned, fields: { ...owned.fields, ...Object.fromEntries(today) } };
}

/** What is to be noted, with what was noted under an earlier address and does not differ. */
export function withStale(
  converged: readonly string[],
  { stale }: Noted,
  fields: readonly FieldChange[],
): readonly string[] {
  const known = new Set([...converged, ...fields.map(({ field, entry }) => fieldKey(field, entry))]);
  return [...converged, ...stale.filter((key) => !known.has(key))];
}

/** Fields and entries whose digest can be made again: not those that no API shows and whose value nobody gave now. */
function visibleKeys({ desired, resolved }: Comparison, table: FieldTable): readonly string[] {
  const hidden = new Set(
    eachDeclared(desired, table)
      .filter(({ field }) => field.writeOnly)
      .map(({ name, entry }) => fieldKey(name, entry))
      .filter((key) => resolved.get(key)?.state !== "known"),
  );
  return keysDeclared(desired, table).filter((key) => !hidden.has(key));
}

/** How a value came about, where nothing else of it is remembered. */
const words = ["generated", "asked", "kept"];

/** The digests, for one address, of all that may be remembered of a field: of what the file asks, of what is live. */
function collectDigests(
  comparison: Comparison,
  table: FieldTable,
  live: LiveSpec,
): (key: string, address: Address) => readonly (Digest | undefined)[] {
  const { desired, key: digestKey } = comparison;
  const declared = new Map(
    eachDeclared(desired, table).map((one) => [fieldKey(one.name, one.entry), one] as const),
  );
  const shown = contentsOf(table, live);
  return (key, address) => {
    const one = declared.get(key);
    const asked =
      one &&
      digestDesired(
        { ...comparison, desired: { ...desired, address } },
        one.field,
        one.name,
        one.entry,
        one.value,
      );
    const contents = [...(shown.get(key) ?? []), ...words];
    return [asked, ...contents.map((content) => digestOf(digestKey, { address, field: key }, content))];
  };
}

/** What is live of each field and entry, as it is digested. Of an object the file may have named some members only. */
function contentsOf(table: FieldTable, live: LiveSpec): ReadonlyMap<string, readonly (Secret | string)[]> {
  const contents = new Map<string, readonly (Secret | string)[]>();
  for (const [name, field] of Object.entries(table)) {
    const value = live[name];
    if (value === undefined) continue;
    if (!field.entries) contents.set(name, textsOf(field, value));
    else
      for (const [entry, item] of Object.entries(entriesOf(field, value)))
        contents.set(fieldKey(name, entry), textsOf(field, item, entry));
  }
  return contents;
}

function textsOf(field: Field, value: unknown, entry?: string): readonly (Secret | string)[] {
  if (value instanceof Secret) return [value];
  const normal = normalised(field, spellWords(wordsOf(field, entry), value as Json));
  return (isObject(normal) ? [normal, ...partsOf(normal)] : [normal]).map((part) => canonical(part));
}
