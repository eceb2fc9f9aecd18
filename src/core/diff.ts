import { byText, makeAddress, type Address } from "./address.ts";
import type { FieldChange, Note, ResourceChange } from "./change.ts";
import { compareField, digestDesired, showValue, type Comparison, type ResolvedValues } from "./compare.ts";
import { fieldKey, placeOf, type Desired, type SpecValue } from "./desired.ts";
import type { Field, FieldTable } from "./field.ts";
import type { Inventory, Owned } from "./inventory.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Kinds } from "./kind.ts";
import type { Live, LiveValue } from "./live.ts";
import { Secret, digestOf, fingerprint, type DigestKey } from "./secret.ts";
import type { Value } from "./value.ts";

/**
 * Everything a diff looks at. `live` has an entry per address that was found; an address that is neither there nor in
 * `gone` was not asked about, and the diff refuses to say anything of it: only a confirmed absence counts.
 */
export type DiffInput = {
  readonly desired: readonly Desired[];
  readonly live: ReadonlyMap<Address, Live>;
  readonly gone: ReadonlySet<Address>;
  readonly inventory: Inventory;
  readonly resolved: ReadonlyMap<Address, ResolvedValues>;
  readonly kinds: Kinds;
  readonly key: DigestKey;
};

const none: ResolvedValues = new Map();

/** What differs, per address, sorted by address. Pure: the same input gives the same text. */
export function diff(input: DiffInput): readonly ResourceChange[] {
  const declared = new Set(input.desired.map((desired) => desired.address));
  const changes = input.desired.map((desired) => diffDeclared(input, desired));
  for (const [address, owned] of Object.entries(input.inventory.resources) as [Address, Owned][]) {
    if (!declared.has(address)) changes.push(diffDropped(input, address, owned));
  }
  for (const live of input.live.values()) {
    if (!declared.has(live.address) && !input.inventory.resources[live.address])
      changes.push(diffClaimed(input, live));
  }
  return replaceWithOwner(input, changes).sort((a, b) => byText(a.address, b.address));
}

/** What stands in another resource goes when that one goes, and is made again: a disk, a domain. */
function replaceWithOwner(input: DiffInput, changes: readonly ResourceChange[]): ResourceChange[] {
  const desired = new Map(input.desired.map((one) => [one.address, one]));
  const replaced = new Set(
    changes.filter((change) => change.action === "replace").map((change) => change.address),
  );
  return changes.map((change) => {
    const wanted = desired.get(change.address);
    const kind = kindOf(input, change.kind);
    const owner = wanted && kind.standsIn?.(wanted);
    if (owner === undefined || !replaced.has(owner) || change.action === "create") return change;
    const because: FieldChange = {
      field: owner.split("/")[1]!,
      before: { show: "public", value: owner },
      after: { show: "source", text: `the new ${owner}` },
      verdict: "file",
      removed: false,
      forcesReplace: true,
    };
    const loss = kind.dataBearing ? { losesData: true as const } : {};
    return { ...change, action: "replace", fields: [because, ...change.fields], ...loss };
  });
}

function diffDeclared(input: DiffInput, desired: Desired): ResourceChange {
  const kind = kindOf(input, desired.kind);
  const owned = input.inventory.resources[desired.address];
  const live = input.live.get(desired.address);
  const comparison: Comparison = {
    desired,
    owned,
    resolved: input.resolved.get(desired.address) ?? none,
    key: input.key,
  };
  const base = {
    address: desired.address,
    kind: desired.kind,
    name: desired.name,
    where: desired.where,
    summary: kind.summary(desired.spec),
  };
  if (!live) {
    if (!input.gone.has(desired.address))
      throw new Error(`${desired.address}: absent, but nobody confirmed it`);
    const fields = listDeclared(comparison, kind.fields);
    return {
      ...base,
      action: "create",
      fields,
      recreates: owned !== undefined,
      converged: [],
      optional: [],
      notes: askedNotes(comparison, kind.fields),
    };
  }
  const { fields, notes, converged, optional } = compareAll(comparison, kind.fields, live);
  const text = kind.remark?.(live.found);
  if (text !== undefined) notes.push({ note: "remark", text });
  if (kind.rename && live.found.name !== desired.name) fields.unshift(renaming(desired, owned, live));
  const replaces = fields.some((change) => change.forcesReplace);
  const action = replaces
    ? "replace"
    : live.matchedBy === "name" && !kind.permanent
      ? "adopt"
      : fields.length > 0
        ? "update"
        : "keep";
  const loss = replaces && kind.dataBearing ? { losesData: true as const } : {};
  return {
    ...base,
    action,
    id: live.found.id,
    fields,
    notes,
    converged,
    optional,
    recreates: false,
    ...loss,
  };
}

/** Live, neither declared nor owned, and claimed by an `...Exclusive` block. */
function diffClaimed(input: DiffInput, { address, kind, found }: Live): ResourceChange {
  return {
    ...{ action: "delete", address, kind, name: found.name, id: found.id },
    ...{ fields: [], recreates: false, converged: [], optional: [], notes: [] },
    summary: "not in the file, which is exclusive",
    ...(kindOf(input, kind).dataBearing && { losesData: true as const }),
  };
}

/** Not a key of any table: the name is what a block is known by, and what another one in its place would be made by. */
function renaming(desired: Desired, owned: Owned | undefined, live: Live): FieldChange {
  const before = owned?.name;
  const verdict =
    before === undefined
      ? "unknown"
      : before === desired.name
        ? "outside"
        : before === live.found.name
          ? "file"
          : "both";
  return {
    field: "name",
    before: { show: "public", value: live.found.name },
    after: { show: "public", value: desired.name },
    verdict,
    removed: false,
    forcesReplace: false,
    where: desired.where,
  };
}

function diffDropped(input: DiffInput, address: Address, owned: Owned): ResourceChange {
  const live = input.live.get(address);
  if (!live && !input.gone.has(address)) throw new Error(`${address}: absent, but nobody confirmed it`);
  const { derivedFrom } = live?.found ?? {};
  const origin = derivedFrom === undefined ? undefined : makeAddress(owned.kind, derivedFrom);
  const stays =
    input.kinds.get(owned.kind)?.permanent || input.desired.some((desired) => desired.address === origin);
  return {
    action: live && !stays ? "delete" : "forget",
    address,
    kind: owned.kind,
    name: owned.name,
    id: owned.id,
    fields: [],
    recreates: false,
    converged: [],
    optional: [],
    summary: "no longer in the file",
    notes: [],
    ...(live && !stays && input.kinds.get(owned.kind)?.dataBearing && { losesData: true as const }),
  };
}

type Differences = {
  readonly fields: FieldChange[];
  readonly notes: Note[];
  readonly converged: string[];
  readonly optional: FieldChange[];
};

function compareAll(comparison: Comparison, table: FieldTable, live: Live): Differences {
  const found: Differences = { fields: [], notes: [], converged: [], optional: [] };
  for (const [name, field] of Object.entries(table)) {
    if (
      field.onChange === "none" ||
      isIgnored(comparison.desired, name) ||
      !applies(comparison.desired, field)
    )
      continue;
    const value = comparison.desired.spec[name];
    const liveValue = live.found.spec[name];
    if (field.entries) compareEntries(comparison, field, name, { value, liveValue, found });
    else if (value !== undefined && field.onChange !== "create") {
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

function compareEntries(
  comparison: Comparison,
  field: Field,
  name: string,
  sides: {
    readonly value: SpecValue | undefined;
    readonly liveValue: LiveValue | undefined;
    readonly found: Differences;
  },
): void {
  const { found } = sides;
  const wanted = entriesOf(field, sides.value) as { readonly [entry: string]: Json | Value };
  const live = entriesOf(field, sides.liveValue) as { readonly [entry: string]: Json | Secret };
  const exclusive = comparison.desired.spec[`${name}Exclusive`] === true;
  for (const [entry, value] of Object.entries(wanted)) {
    if (isIgnored(comparison.desired, name, entry)) continue;
    collect(
      found,
      compareField(comparison, field, { name, entry }, value, live[entry]),
      fieldKey(name, entry),
    );
  }
  const kept: string[] = [];
  for (const entry of Object.keys(live).sort(byText)) {
    if (Object.hasOwn(wanted, entry) || isIgnored(comparison.desired, name, entry)) continue;
    const owned = comparison.owned?.fields[fieldKey(name, entry)] !== undefined;
    if (owned || exclusive)
      found.fields.push(removal(comparison, { field, name, entry, live: live[entry] ?? null, owned }));
    else kept.push(entry);
  }
  for (const key of Object.keys(comparison.owned?.fields ?? {})) {
    const entry = key.startsWith(`${name}.`) ? key.slice(name.length + 1) : undefined;
    if (entry !== undefined && !Object.hasOwn(wanted, entry) && !Object.hasOwn(live, entry))
      found.converged.push(key);
  }
  if (kept.length > 0) found.notes.push({ note: "not-in-file", field: name, entries: kept });
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
    verdict: entry.owned ? "file" : "unknown",
    removed: true,
    forcesReplace: false,
    where: placeOf(comparison.desired, entry.name),
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
    case "asked":
      found.notes.push(compared.note);
      found.optional.push(compared.change);
      break;
    case "same":
      if (compared.stale) found.converged.push(key);
      break;
    default:
      compared satisfies never;
  }
}

/** For a creation: every declared field as it will be sent. */
function listDeclared(comparison: Comparison, table: FieldTable): readonly FieldChange[] {
  return eachDeclared(comparison.desired, table).flatMap(({ name, field, entry, value }): FieldChange[] => {
    if (field.onChange === "none") return [];
    const after = field.value
      ? showValue(value as Value, digestDesired(comparison, field, name, entry, value))
      : { show: "public" as const, value: value as Json };
    const place = {
      field: name,
      ...(entry !== undefined && { entry }),
      where: placeOf(comparison.desired, name, entry),
    };
    return [
      {
        ...place,
        before: { show: "absent" },
        after,
        verdict: "unknown",
        removed: false,
        forcesReplace: false,
      },
    ];
  });
}

function askedNotes(comparison: Comparison, table: FieldTable): readonly Note[] {
  return eachDeclared(comparison.desired, table).flatMap(({ name, field, entry, value }): Note[] => {
    const asked = field.value && (value as Value).from === "asked";
    const known = comparison.resolved.get(fieldKey(name, entry))?.state === "known";
    return asked && !known ? [{ note: "needs-value", field: name, entry: entry ?? "" }] : [];
  });
}

export type Declared = {
  readonly name: string;
  readonly field: Field;
  readonly entry?: string;
  readonly value: SpecValue;
};

/** Every declared field, lists of entries taken apart, in the order of the kind's table. */
export function eachDeclared(desired: Desired, table: FieldTable): readonly Declared[] {
  return Object.entries(table).flatMap(([name, field]): readonly Declared[] => {
    const value = desired.spec[name];
    if (value === undefined || !applies(desired, field)) return [];
    if (!field.entries) return takeApart(name, field, value);
    return Object.entries(entriesOf(field, value)).map(([entry, item]) => ({
      name,
      field,
      entry,
      value: item,
    }));
  });
}

/** An object some of whose members are values: the rest of it, then each such member, which no API shows again. */
function takeApart(name: string, field: Field, value: SpecValue): readonly Declared[] {
  const { valueMembers, ...plain } = field;
  if (!valueMembers || !isObject(value)) return [{ name, field, value }];
  const members = Object.entries(value as { readonly [member: string]: SpecValue });
  const rest = members.filter(([member]) => !valueMembers.includes(member));
  return [
    { name, field: plain, value: Object.fromEntries(rest) as JsonObject },
    ...members
      .filter(([member]) => valueMembers.includes(member))
      .map(([entry, item]) => ({
        name,
        field: { ...plain, value: true, writeOnly: true } as const,
        entry,
        value: item,
      })),
  ];
}

/** A list of entries by key. In an ordered one the place is part of each entry: what is declared comes first. */
function entriesOf(
  field: Field,
  value: SpecValue | LiveValue | undefined,
): { readonly [entry: string]: SpecValue } {
  if (field.entries?.ordered && Array.isArray(value)) {
    const { key } = field.entries;
    const items = (value as readonly JsonObject[]).map((item, priority) => [
      key.map((member) => String(item[member])).join(" "),
      { ...item, priority },
    ]);
    return Object.fromEntries(items) as { readonly [entry: string]: SpecValue };
  }
  return isObject(value) ? (value as { readonly [entry: string]: SpecValue }) : {};
}

export function applies(desired: Desired, field: Field): boolean {
  return field.applies?.(desired.spec as JsonObject) ?? true;
}

/** `lifecycle.ignore` holds JSON Pointers: `/plan`, `/envVars/PORT`. */
function isIgnored(desired: Desired, name: string, entry?: string): boolean {
  const pointer =
    entry === undefined ? `/${escapePointer(name)}` : `/${escapePointer(name)}/${escapePointer(entry)}`;
  return desired.lifecycle.ignore.some((ignored) => pointer === ignored || pointer.startsWith(`${ignored}/`));
}

function escapePointer(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

function kindOf(input: DiffInput, name: Desired["kind"]) {
  const kind = input.kinds.get(name);
  if (!kind) throw new Error(`no such kind: ${name}`);
  return kind;
}
