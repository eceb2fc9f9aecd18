import { byText } from "../base/address.ts";
import type { FieldChange } from "../model/change.ts";
import type { Comparison, Differences, Compared } from "./comparison.ts";
import { fieldKey, whereIn, type Desired, type SpecValue } from "../model/desired.ts";
import type { Field, FieldTable } from "../model/field.ts";
import type { Json } from "../base/json.ts";
import type { Live, LiveSpec, LiveValue } from "../model/live.ts";
import { digestOf, fingerprint } from "../base/digest.ts";
import { Secret } from "../base/secret.ts";
import type { Value } from "../model/value.ts";
import { applies, entriesCameWith, entriesOf, takeApart } from "../model/declared.ts";
import { spellWords, wordsOf } from "./words.ts";
import { leaveToPlatform } from "./platform-moves.ts";
import { comparePlain } from "./compare-plain.ts";
import { compareValue } from "./compare-value.ts";
import type { Place } from "./field-change.ts";

/**
 * Compares every declared field of a resource with what is live, field by field, and entry by entry where a list is
 * owned per entry. Left out are fields that no live object has (`onChange: "none"`), that are ignored, or that mean
 * nothing in this block.
 */
export function compareAll(comparison: Comparison, table: FieldTable, live: Live): Differences {
  const found: Differences = { fields: [], notes: [], converged: [], moved: [], optional: [] };
  for (const [name, field] of Object.entries(table)) {
    if (
      field.onChange === "none" ||
      isIgnored(comparison.desired, name) ||
      !applies(comparison.desired, field)
    )
      continue;
    const value = comparison.desired.spec[name];
    const liveValue = live.found.spec[name];
    if (field.entries) compareEntries(comparison, field, name, { value, live: live.found.spec, found });
    else if (value !== undefined && field.onChange !== "create") {
      if (leaveToPlatform(comparison, { name, field }, value as Json, { live, found })) continue;
      for (const part of takeApart(name, field, value)) {
        const seen = part.entry === undefined ? liveValue : undefined;
        collect(
          found,
          compareField(comparison, part.field, part, part.value, seen),
          fieldKey(name, part.entry),
        );
      }
    }
  }
  return found;
}

/**
 * Compares the entries of one list. What becomes of an entry:
 *
 *     the file    live     owned, or an exclusive list    what comes of it
 *     declares    any      any                            compared as a field is
 *     is silent   there    yes                            a difference: it is removed
 *     is silent   there    no                             it stays; told, unless it came with the object
 *     is silent   absent   it was owned                   converged: only the inventory forgets it
 */
function compareEntries(
  comparison: Comparison,
  field: Field,
  name: string,
  sides: {
    readonly value: SpecValue | undefined;
    readonly live: LiveSpec;
    readonly found: Differences;
  },
): void {
  const { found } = sides;
  const wanted = entriesOf(field, sides.value) as { readonly [entry: string]: Json | Value };
  const live = entriesOf(field, spellKeys(field, sides.live[name])) as {
    readonly [entry: string]: Json | Secret;
  };
  const exclusive = comparison.desired.spec[`${name}Exclusive`] === true;
  for (const [entry, value] of Object.entries(wanted)) {
    if (isIgnored(comparison.desired, name, entry)) continue;
    collect(
      found,
      compareField(comparison, field, { name, entry }, value, live[entry]),
      fieldKey(name, entry),
    );
  }
  const cameWith = entriesCameWith(field, sides.live);
  const kept: string[] = [];
  for (const entry of Object.keys(live).sort(byText)) {
    if (Object.hasOwn(wanted, entry) || isIgnored(comparison.desired, name, entry)) continue;
    const owned = comparison.owned?.fields[fieldKey(name, entry)] !== undefined;
    if (owned || exclusive)
      found.fields.push(removal(comparison, { field, name, entry, live: live[entry] ?? null, owned }));
    else if (!cameWith.includes(entry)) kept.push(entry);
  }
  for (const key of Object.keys(comparison.owned?.fields ?? {})) {
    const entry = key.startsWith(`${name}.`) ? key.slice(name.length + 1) : undefined;
    if (entry !== undefined && !Object.hasOwn(wanted, entry) && !Object.hasOwn(live, entry))
      found.converged.push(key);
  }
  if (kept.length > 0) found.notes.push({ note: "not-in-file", field: name, entries: kept });
}

/** Compares one declared field, or one entry of it, with what is live there; `live` is `undefined` where there is nothing. */
export function compareField(
  comparison: Comparison,
  field: Field,
  at: Place,
  value: SpecValue,
  live: LiveValue | undefined,
): Compared {
  return field.value
    ? compareValue(comparison, field, at, value as Value, live)
    : comparePlain(comparison, field, at, value as Json, live as Json | undefined);
}

/** The key of an ordered entry has words in it: the type of a route. */
function spellKeys(field: Field, live: LiveSpec[string] | undefined): LiveSpec[string] | undefined {
  return field.entries?.ordered && live !== undefined ? spellWords(wordsOf(field), live as Json) : live;
}

function removal(
  comparison: Comparison,
  entry: {
    readonly field: Field;
    readonly name: string;
    readonly entry: string;
    readonly live: Json | Secret;
    readonly owned: boolean;
  },
): FieldChange {
  const place = { address: comparison.desired.address, field: fieldKey(entry.name, entry.entry) };
  return {
    field: entry.name,
    entry: entry.entry,
    before:
      entry.live instanceof Secret
        ? { show: "secret", fingerprint: fingerprint(digestOf(comparison.key, place, entry.live)) }
        : { show: "public", value: entry.live },
    after: { show: "absent" },
    // Every apply removes what an exclusive list does not declare, so on an owned object somebody added this later.
    verdict: entry.owned ? "file" : comparison.owned ? "outside" : "unknown",
    removed: true,
    forcesReplace: false,
    where: whereIn(comparison.desired, entry.name),
  };
}

function collect(found: Differences, compared: ReturnType<typeof compareField>, key: string): void {
  switch (compared.result) {
    case "differs":
      found.fields.push(compared.change);
      break;
    case "note":
      found.notes.push(compared.note);
      break;
    case "unseen":
      found.notes.push(compared.note);
      found.converged.push(key);
      break;
    case "lost":
      found.notes.push(compared.note);
      found.fields.push(compared.change);
      break;
    case "asked":
      found.notes.push(compared.note);
      found.optional.push(compared.change);
      break;
    case "same":
      if (compared.stale) found.converged.push(key);
      if (compared.moved) found.moved.push(key);
      break;
    default:
      compared satisfies never;
  }
}

/** Whether `lifecycle.ignore` leaves a field or an entry alone. It holds JSON Pointers: `/plan`, `/envVars`, `/envVars/PORT`. */
export function isIgnored(desired: Desired, name: string, entry?: string): boolean {
  const pointer =
    entry === undefined ? `/${escapePointer(name)}` : `/${escapePointer(name)}/${escapePointer(entry)}`;
  return desired.lifecycle.ignore.some((ignored) => pointer === ignored || pointer.startsWith(`${ignored}/`));
}

function escapePointer(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
