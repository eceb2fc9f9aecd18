import { kindOf } from "../../../core/base/address.ts";
import { removedOf } from "../../../core/diff/carry-over.ts";
import type { FieldChange, ResourceChange } from "../../../core/model/change.ts";
import { fieldKey, type Desired, type Spec } from "../../../core/model/desired.ts";
import { isObject, type JsonObject } from "../../../core/base/json.ts";
import {
  type Write,
  type WriteDraft,
  keyMembers,
  valueHole,
  type Body,
  type ListHole,
  draft,
} from "../../../core/model/write.ts";
import { keyItems, valueIn } from "../../../core/model/declared.ts";
import type { Value } from "../../../core/model/value.ts";
import { budgets } from "../budgets.ts";
import type { BodyObject } from "../mapping.ts";
import { serviceEntryFields } from "./fields/entry-fields.ts";

type Entries = { readonly [entry: string]: Value };
type EntryChanges = { readonly fields: readonly EntryChange[] };
type EntryChange = Pick<FieldChange, "field" | "entry" | "removed">;

/** Where each list of entries stands in paths and bodies. The key of a header consists of two members. */
const lists = {
  envVars: { path: "env-vars", key: ["key"], value: "value" },
  secretFiles: { path: "secret-files", key: ["name"], value: "content" },
  headers: { path: "headers", key: ["path", "name"], value: "value" },
} as const;
type EntryList = keyof typeof lists;

/** Up to so many changed entries are written by one call each, which cannot change other entries. More are written by one call that replaces the list. */
const mostSingleCalls = 10;

/** The entries of a list field of a block, by key; none when the block does not have the field. */
export function entriesOf(spec: Spec, field: string): Entries {
  return (isObject(spec[field]) ? spec[field] : {}) as Entries;
}

/**
 * The list in the body of a creation. When the new service replaces another one (`replacing`), the list also has the live entries
 * of that one, read when the call is sent, without those that the file removes. An entry whose value is known only later keeps
 * its old value until then.
 */
export function newEntries(
  desired: Desired,
  list: EntryList,
  deferred: ReadonlySet<string>,
  replacing?: ResourceChange,
): BodyObject {
  const { key, value: member } = lists[list];
  const isLater = (entry: string): boolean => deferred.has(fieldKey(list, entry));
  const all = Object.entries(entriesOf(desired.spec, list));
  const given = all.filter(([entry]) => !isLater(entry));
  if (replacing) {
    const later = all.map(([entry]) => entry).filter((entry) => isLater(entry));
    return {
      [list]: {
        hole: "entries",
        of: desired.address,
        field: list,
        members: { key, value: member },
        set: Object.fromEntries(given),
        removed: [...removedOf(replacing, list), ...later],
      },
    };
  }
  const items = given.map(([entry, value]) => ({
    ...keyMembers(entry, key),
    [member]: valueHole(value, desired.address, fieldKey(list, entry)),
  }));
  return items.length === 0 ? {} : { [list]: items };
}

/** The calls that write the changed entries of variables and secret files. */
export function entryDrafts(
  desired: Desired,
  list: "envVars" | "secretFiles",
  changed: readonly FieldChange[],
): readonly WriteDraft[] {
  const isExclusive = desired.spec[`${list}Exclusive`] === true && changed.length > 1;
  const single = (field: FieldChange): WriteDraft =>
    field.removed ? removeDraft(desired, field) : entryDraft(desired, fieldKey(field.field, field.entry));
  if (changed.length <= mostSingleCalls && !isExclusive) return changed.map(single);
  const [taken, others] = [changed.filter(isTaken), changed.filter((field) => !isTaken(field))];
  return [...(others.length > 0 ? [replaceDraft(desired, list, others, true)] : []), ...taken.map(single)];

  /**
   * Whether the value of an entry is taken from a service. Services take variables from each other and from
   * themselves, so such entries cannot all be in one call: each may need another one to come first.
   */
  function isTaken({ entry, removed }: FieldChange): boolean {
    const value = removed ? undefined : entriesOf(desired.spec, list)[entry!];
    return value?.from === "output" && kindOf(value.of) === "render/service";
  }
}

/** The call that writes headers. It always replaces all of them, since their ids change with each replacement (recorded: static site). */
export function headerDrafts(desired: Desired, changed: readonly EntryChange[]): readonly WriteDraft[] {
  return changed.length === 0 ? [] : [replaceDraft(desired, "headers", changed, false)];
}

function replaceDraft(
  desired: Desired,
  list: EntryList,
  changed: readonly EntryChange[],
  deploys: boolean,
): WriteDraft {
  const { path, key, value: member } = lists[list];
  const entries = entriesOf(desired.spec, list);
  const kept = changed.filter((field) => !field.removed);
  const body: Body = {
    hole: "entries",
    of: desired.address,
    field: list,
    members: { key, value: member },
    set: Object.fromEntries(kept.map((field) => [field.entry!, entries[field.entry!]!])),
    removed: changed.filter((field) => field.removed).map((field) => field.entry!),
  };
  return draft(list, write(desired, "PUT", path, body), keysOf(changed), deploys);
}

/** The call that writes routes. Their order counts, so each change sends the whole list: the declared ones first, then all others that are live. */
export function routeDrafts(desired: Desired, changed: readonly EntryChange[]): readonly WriteDraft[] {
  if (changed.length === 0) return [];
  const body = routesHole(desired, { fields: changed });
  return [draft("routes", write(desired, "PUT", "routes", body), keysOf(changed), false)];
}

/** The list of routes in a body, to be filled when the call is sent. */
export function routesHole(desired: Desired, change: EntryChanges): ListHole {
  return {
    hole: "list",
    of: desired.address,
    field: "routes",
    key: ["type", "source"],
    declared: declaredRoutes(desired).map(([, item]) => item),
    removed: removedOf(change, "routes"),
  };
}

/** The declared routes in their order, each with its field key; an address of another service is a hole. */
export function declaredRoutes({ address, spec }: Desired): readonly (readonly [key: string, item: Body])[] {
  const { addressMember: member, entries } = serviceEntryFields.routes;
  const items = (spec["routes"] ?? []) as readonly JsonObject[];
  return keyItems(entries.key, items).map(([entry, item]) => {
    const key = fieldKey("routes", entry);
    const value = valueIn({ field: serviceEntryFields.routes, value: item });
    return [key, value ? { ...item, [member]: valueHole(value, address, key) } : item] as const;
  });
}

/**
 * The calls that write entries which the creation of their service could not carry: one for each variable and each file. Headers
 * and routes have one call for the whole list.
 */
export function deferredDrafts(desired: Desired, deferred: ReadonlySet<string>): readonly WriteDraft[] {
  const keys = [...deferred].sort();
  const [headers, routes] = (["headers", "routes"] as const).map((list) =>
    keys.filter((key) => key.startsWith(`${list}.`)),
  );
  const single = keys.filter((key) => !headers!.includes(key) && !routes!.includes(key));
  return [
    ...single.map((key) => entryDraft(desired, key)),
    ...headerDrafts(desired, headers!.map(asAdded)),
    ...(routes!.length === 0
      ? []
      : routeDrafts(
          desired,
          declaredRoutes(desired).map(([key]) => asAdded(key)),
        )),
  ];
}

function asAdded(key: string): EntryChange {
  const dot = key.indexOf(".");
  return { field: key.slice(0, dot), entry: key.slice(dot + 1), removed: false };
}

/** The call that writes one entry. */
function entryDraft(desired: Desired, key: string): WriteDraft {
  const list = key.slice(0, key.indexOf(".")) as EntryList;
  const entry = key.slice(key.indexOf(".") + 1);
  const { path, value: member } = lists[list];
  const body = { [member]: valueHole(entriesOf(desired.spec, list)[entry]!, desired.address, key) };
  return draft(key, write(desired, "PUT", `${path}/${encodeURIComponent(entry)}`, body), [key], true);
}

function removeDraft(desired: Desired, field: FieldChange): WriteDraft {
  const key = fieldKey(field.field, field.entry);
  const { path } = lists[field.field as EntryList];
  return draft(key, write(desired, "DELETE", `${path}/${encodeURIComponent(field.entry!)}`), [key], true);
}

function write({ address }: Desired, method: Write["method"], below: string, body?: Body): Write {
  const path = `/services/{${address}}/${below}`;
  return { method, path, ...(body !== undefined && { body }), budgets: budgets.write };
}

function keysOf(changed: readonly EntryChange[]): readonly string[] {
  return changed.map((field) => fieldKey(field.field, field.entry));
}
