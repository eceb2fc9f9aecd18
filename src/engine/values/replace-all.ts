import { stepFailed } from "../memory/perform-input.ts";
import type { Address } from "../../core/base/address.ts";
import type { Body, EntriesHole, ListHole } from "../../core/model/write.ts";
import { applies, entriesOf, keyItems } from "../../core/model/declared.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { digestOf, type DigestKey } from "../../core/base/digest.ts";
import { canonical, type Json, type JsonObject } from "../../core/base/json.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { LiveValue } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { Secret } from "../../core/base/secret.ts";
import { findEntry, readToEnd, incompleteList } from "../read/confirm-entries.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { resolveHole } from "./resolve-now.ts";

/*
 * A call that writes a whole list deletes what it lacks, and most of what is in it may be somebody's who typed it in the
 * dashboard. So the list is read to an empty page right before the call, and compared with what the plan was made from:
 *
 * - an entry that the file does not declare is sent back as it is now, also one that was added meanwhile;
 * - one that was there and is not any more is asked for by its key; when it is there after all, or the API has no call for one entry, the
 *   list was not complete, and nothing is sent;
 * - one that is declared or owned and is another one now is somebody's change: the step is stale, and stops.
 */

/** An entry as it is sent: its key, and its text, or the word that lets the API make one (`generateValue`). */
export type Entry = { readonly entry: string; readonly value: Secret | "generate" };

/** An entry of a list field: the name of the field (`envVars`), and the key in it. */
export type EntryPlace = { readonly name: string; readonly entry: string };

/** What the whole of a list is read with. */
type Reading = Pick<RunMemory, "input" | "reach" | "resources" | "sent">;

type Look = {
  readonly step: WriteStep;
  /** The call may have been done already: what it writes differs from what was read because of itself. */
  readonly isRepeated: boolean;
};

/** The entries for a call that replaces a list: all that are live now, with the changes of the step applied. */
export async function listEntries(
  memory: Reading & Pick<RunMemory, "replacements" | "shownOnce" | "outputs">,
  hole: EntriesHole,
  look: Look,
): Promise<readonly Entry[]> {
  const live = (await readWhole(memory, hole, look)) as { readonly [entry: string]: Secret };
  const entries = new Map<string, Entry["value"]>(
    Object.entries(live).filter(([entry]) => !hole.removed.includes(entry)),
  );
  for (const [entry, value] of Object.entries(hole.set)) {
    const key = fieldKey(hole.field, entry);
    if (value.from === "generated") {
      if (entries.has(entry)) continue;
      if (await isThere(memory, hole, entry)) throw incompleteList(hole.of, key);
    }
    const resolved = await resolveHole(memory, look.step, { address: hole.of, field: key }, value);
    const before = entries.get(entry);
    if (resolved.state === "known") entries.set(entry, resolved.secret);
    else if (value.from === "generated") entries.set(entry, "generate");
    // A live value that is kept gets a digest in the inventory, as if it had been given.
    else if (value.from === "asked" && before instanceof Secret)
      memory.sent.note(hole.of, key, { state: "known", secret: before });
  }
  return [...entries].map(([entry, value]) => ({ entry, value }));
}

/** The items for a list whose order counts (routes): the declared ones first, then all others that are live. */
export async function listItems(memory: Reading, hole: ListHole, look: Look): Promise<readonly Body[]> {
  const live = await readWhole(memory, hole, look);
  // The members that make the key are texts, whatever else of an item is filled in later.
  const declared = keyItems(hole.key, hole.declared as readonly JsonObject[]);
  const left = new Set([...hole.removed, ...declared.map(([entry]) => entry)]);
  const others = Object.entries(live).filter(([entry]) => !left.has(entry));
  return [...hole.declared, ...others.map(([, item]) => withoutPlace(item) as Json)];
}

/** All live entries of a list, by key and in order. Throws `incomplete-read` or `stale` when the list contradicts what was read before. */
async function readWhole(
  memory: Reading,
  hole: EntriesHole | ListHole,
  look: Look,
): Promise<{ readonly [entry: string]: LiveValue }> {
  const { input, reach, resources, sent } = memory;
  const kind = reach.kind(hole.of);
  const field = kind.fields[hole.field]!;
  const found = resources.found(hole.of);
  const read = kind.facets[field.facet];
  if (!found || !read) return {};
  const spec = await read(readToEnd(reach.readerOf(hole.of)), found, input.scope);
  const before = entriesOf(field, found.spec[hole.field]) as { readonly [entry: string]: LiveValue };
  const now = entriesOf(field, spec[hole.field]) as { readonly [entry: string]: LiveValue };
  const isOwn = (entry: string): boolean => {
    const key = fieldKey(hole.field, entry);
    return sent.hasWritten(hole.of, key) || (look.isRepeated && look.step.fields.includes(key));
  };
  for (const entry of Object.keys(before)) {
    if (Object.hasOwn(now, entry) || isOwn(entry)) continue;
    const key = fieldKey(hole.field, entry);
    if (!kind.findEntry?.[hole.field] || (await isThere(memory, hole, entry)))
      throw incompleteList(hole.of, key);
    if (isOurs(memory, hole, entry)) throw stale(hole.of, key);
  }
  for (const [entry, value] of Object.entries(now)) {
    const was = Object.hasOwn(before, entry) ? before[entry] : undefined;
    if (isOwn(entry) || !isOurs(memory, hole, entry)) continue;
    if (was === undefined || !isSame(input.key, was, value))
      throw stale(hole.of, fieldKey(hole.field, entry));
  }
  return now;
}

async function isThere(memory: Reading, hole: EntriesHole | ListHole, entry: string): Promise<boolean> {
  return (await findLiveEntry(memory, hole.of, { name: hole.field, entry })) !== undefined;
}

/** Reads one entry by its key at this moment; `undefined` when it is not there. */
export async function findLiveEntry(
  { input, reach, resources }: Pick<RunMemory, "input" | "reach" | "resources">,
  address: Address,
  { name, entry, reader = reach.readerOf(address) }: EntryPlace & { readonly reader?: Reader },
): Promise<LiveValue | undefined> {
  const found = resources.found(address);
  if (!found) return undefined;
  const kind = reach.kind(address);
  const idOf = (of: Address): string | undefined => resources.found(of)?.id;
  return findEntry({ kind, found, reader, scope: input.scope, idOf }, name, entry);
}

/** Whether the file declares the entry, or the inventory owns it. */
function isOurs({ input, reach, resources }: Reading, hole: EntriesHole | ListHole, entry: string): boolean {
  const desired = input.desired.get(hole.of);
  const field = reach.kind(hole.of).fields[hole.field]!;
  const declared = desired && applies(desired, field) ? entriesOf(field, desired.spec[hole.field]) : {};
  const key = fieldKey(hole.field, entry);
  return Object.hasOwn(declared, entry) || resources.owned(hole.of)?.fields[key] !== undefined;
}

/** Whether two live values are equal, compared as digests because either may be secret. An item's place in its list does not count. */
export function isSame(digestKey: DigestKey, a: LiveValue, b: LiveValue): boolean {
  const place = { address: "", field: "compare" };
  const textOf = (value: LiveValue): Secret | string =>
    value instanceof Secret ? value : canonical(withoutPlace(value));
  return digestOf(digestKey, place, textOf(a)) === digestOf(digestKey, place, textOf(b));
}

/** An item without its position, which changes when another person adds an item before it. */
function withoutPlace(value: LiveValue): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { priority: _place, ...rest } = value as JsonObject;
  return rest;
}

function stale(address: Address, key: string) {
  return stepFailed(
    address,
    "stale",
    `Somebody changed ${key} of ${address} after the plan was made.`,
    "Look at a new plan, which shows their change, and apply that one.",
  );
}
