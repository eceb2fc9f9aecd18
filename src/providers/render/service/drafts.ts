import type { Address } from "../../../core/address.ts";
import { valueHole, type Body } from "../../../core/body.ts";
import type { FieldChange, ResourceChange } from "../../../core/change.ts";
import { fieldKey, type Desired, type Spec } from "../../../core/desired.ts";
import { applies, eachDeclared } from "../../../core/diff.ts";
import { isObject, type Json, type JsonObject } from "../../../core/json.ts";
import type { Scope, Write, WriteDraft } from "../../../core/kind.ts";
import type { Live } from "../../../core/live.ts";
import type { Value } from "../../../core/value.ts";
import { budgets, serviceChange } from "../budgets.ts";
import { merge, nest, writeFields, type ApiObject, type BodyObject } from "../mapping.ts";
import { managedFields, usesDocker } from "./managed-fields.ts";
import { apiType, autoscalingBody, isStatic, ownCallMappings, settingsMappings } from "./mapping.ts";

type Entries = { readonly [entry: string]: Value };

/** One POST with all it can carry; what refers to something made later, and what POST has no place for, follows. */
export function createDrafts(
  desired: Desired,
  scope: Scope,
  deferred: ReadonlySet<string>,
): readonly WriteDraft[] {
  const { spec, address } = desired;
  const body = merge(
    { type: apiType(spec), name: desired.name, ownerId: scope.ownerId },
    isGit(spec) && spec["repo"] === undefined && scope.repository !== undefined
      ? { repo: scope.repository }
      : {},
    isStatic(spec) ? {} : nest("serviceDetails.envSpecificDetails", nativeCommands(spec)),
    writeFields(settingsMappings, spec, settingsOf(desired)),
    writeFields(ownCallMappings, spec, ["numInstances", "scaling"]),
    entryList(desired, "envVars", deferred, (key, value) => ({ key, value })),
    entryList(desired, "secretFiles", deferred, (name, content) => ({ name, content })),
  );
  const carried = carriedFields(desired, deferred);
  const first = draft(
    "resource",
    { method: "POST", path: "/services", body, budgets: budgets.create },
    carried,
  );
  const later = [...deferred].sort().map((key) => entryDraft(desired, key));
  return [
    first,
    ...later,
    ...linkDrafts(desired, Object.keys(entriesOf(spec, "groupLinks"))),
    ...(spec["suspended"] === true ? suspendDraft(address, desired) : []),
  ];
}

/** Native runtimes must have both (Render's description); Blueprints leave one out and mean Render's default. */
function nativeCommands(spec: Spec): Body {
  return usesDocker(spec as JsonObject) ? {} : { buildCommand: "", startCommand: "" };
}

function settingsOf(desired: Desired): readonly string[] {
  return Object.keys(settingsMappings).filter((field) => field !== "type" && managedFields[field] && applies(desired, managedFields[field]));
}

function isGit(spec: Spec): boolean {
  return spec["runtime"] !== "image";
}

function carriedFields(desired: Desired, deferred: ReadonlySet<string>): readonly string[] {
  return eachDeclared(desired, managedFields)
    .filter(({ name, field }) => field.onChange !== "none" && name !== "groupLinks")
    // What is new runs: only a suspension takes a call of its own.
    .filter(({ name, value }) => name !== "suspended" || value === false)
    .map(({ name, entry }) => fieldKey(name, entry))
    .filter((key) => !deferred.has(key));
}

function entryList(
  desired: Desired,
  field: string,
  deferred: ReadonlySet<string>,
  make: (entry: string, hole: Body) => Body,
): BodyObject {
  const items = Object.entries(entriesOf(desired.spec, field))
    .filter(([entry]) => !deferred.has(fieldKey(field, entry)))
    .map(([entry, value]) => make(entry, valueHole(value, desired.address, fieldKey(field, entry))));
  return items.length === 0 ? {} : { [field]: items };
}

function entriesOf(spec: Spec, field: string): Entries {
  return (isObject(spec[field]) ? spec[field] : {}) as Entries;
}

/** Each facet by its own calls; a PATCH carries only what changed. */
export function updateDrafts(desired: Desired, change: ResourceChange, live: Live): readonly WriteDraft[] {
  const { address, spec } = desired;
  const isCron = spec["type"] === "cron";
  const changed = (facet: string): readonly FieldChange[] =>
    change.fields.filter((field) => managedFields[field.field]?.facet === facet);
  const settings = changed("settings").map((field) => field.field);
  const drafts: WriteDraft[] = [];
  // Scaling by hand and autoscaling exclude each other: the count goes first (the official provider does the same).
  if (changed("scale").length > 0) drafts.push(scaleDraft(address, isCron, spec["numInstances"] as number));
  if (changed("autoscaling").length > 0) drafts.push(autoscalingDraft(address, spec["scaling"] as Json));
  if (settings.length > 0) drafts.push(patchDraft(desired, isCron, settings, live.found.raw as ApiObject));
  for (const list of ["envVars", "secretFiles"]) drafts.push(...entryDrafts(desired, list, changed(list)));
  const links = changed("groupLinks");
  drafts.push(
    ...linkDrafts(
      desired,
      links.filter((link) => !link.removed).map((link) => link.entry!),
    ),
  );
  drafts.push(...links.filter((link) => link.removed).map((link) => unlinkDraft(address, link)));
  if (changed("suspended").length > 0) drafts.push(...suspendDraft(address, desired));
  return drafts;
}

function patchDraft(
  desired: Desired,
  isCron: boolean,
  fields: readonly string[],
  live: ApiObject,
): WriteDraft {
  // Another runtime reads other details: all that the file says of them goes along (recorded: runtime update).
  const related = fields.includes("runtime")
    ? [
        "repo",
        "branch",
        "image",
        "buildCommand",
        "startCommand",
        "dockerCommand",
        "dockerContext",
        "dockerfilePath",
      ]
    : [];
  const body = writeFields(settingsMappings, desired.spec, new Set([...fields, ...related.filter((field) => settingsOf(desired).includes(field))]), live);
  const write: Write = {
    method: "PATCH",
    path: `/services/{${desired.address}}`,
    body,
    budgets: serviceChange(desired.address, isCron),
  };
  return draft(
    "settings",
    write,
    fields,
    fields.some((field) => managedFields[field]?.deploys === true),
  );
}

function scaleDraft(address: Address, isCron: boolean, numInstances: number): WriteDraft {
  const write: Write = {
    method: "POST",
    path: `/services/{${address}}/scale`,
    body: { numInstances },
    budgets: serviceChange(address, isCron),
  };
  return draft("numInstances", write, ["numInstances"]);
}

function autoscalingDraft(address: Address, scaling: Json): WriteDraft {
  const path = `/services/{${address}}/autoscaling`;
  const write: Write =
    scaling === null
      ? { method: "DELETE", path, budgets: budgets.write }
      : { method: "PUT", path, body: autoscalingBody(scaling), budgets: budgets.write };
  return draft("scaling", write, ["scaling"]);
}

/** Up to so many changed entries are single calls, which can touch nothing else; above, one call replaces the list. */
const mostSingleCalls = 10;

function entryDrafts(desired: Desired, list: string, changed: readonly FieldChange[]): readonly WriteDraft[] {
  const isExclusive = desired.spec[`${list}Exclusive`] === true && changed.length > 1;
  if (changed.length <= mostSingleCalls && !isExclusive) {
    return changed.map((field) =>
      field.removed
        ? removeDraft(desired.address, field)
        : entryDraft(desired, fieldKey(field.field, field.entry)),
    );
  }
  const entries = entriesOf(desired.spec, list);
  const set = changed
    .filter((field) => !field.removed)
    .map((field) => [field.entry!, entries[field.entry!]!] as const);
  const removed = changed.filter((field) => field.removed).map((field) => field.entry!);
  const { path, name, member } = lists[list]!;
  const body: Body = {
    hole: "entries",
    of: desired.address,
    field: list,
    members: { key: name, value: member },
    set: Object.fromEntries(set),
    removed,
  };
  const write: Write = {
    method: "PUT",
    path: `/services/{${desired.address}}/${path}`,
    body,
    budgets: budgets.write,
  };
  return [
    draft(
      list,
      write,
      changed.map((field) => fieldKey(field.field, field.entry)),
      true,
    ),
  ];
}

const lists: {
  readonly [field: string]: { readonly path: string; readonly name: readonly string[]; readonly member: string };
} = {
  envVars: { path: "env-vars", name: ["key"], member: "value" },
  secretFiles: { path: "secret-files", name: ["name"], member: "content" },
  headers: { path: "headers", name: ["path", "name"], member: "value" },
};

function entryDraft(desired: Desired, key: string): WriteDraft {
  const [field, entry] = [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)];
  const { path, member } = lists[field]!;
  const body = { [member]: valueHole(entriesOf(desired.spec, field)[entry]!, desired.address, key) };
  const write: Write = {
    method: "PUT",
    path: `/services/{${desired.address}}/${path}/${encodeURIComponent(entry)}`,
    body,
    budgets: budgets.write,
  };
  return draft(key, write, [key], true);
}

function removeDraft(address: Address, field: FieldChange): WriteDraft {
  const key = fieldKey(field.field, field.entry);
  const write: Write = {
    method: "DELETE",
    path: `/services/{${address}}/${lists[field.field]!.path}/${encodeURIComponent(field.entry!)}`,
    budgets: budgets.write,
  };
  return draft(key, write, [key], true);
}

/** Linking adds this service to the group and touches no other link (Render's description). */
function linkDrafts(desired: Desired, groups: readonly string[]): readonly WriteDraft[] {
  return groups.map((group) => {
    const write: Write = {
      method: "POST",
      path: `/env-groups/{${group}}/services/{${desired.address}}`,
      budgets: budgets.write,
    };
    return draft(`groupLinks.${group}`, write, [`groupLinks.${group}`], true);
  });
}

function unlinkDraft(address: Address, link: FieldChange): WriteDraft {
  const key = `groupLinks.${link.entry!}`;
  const write: Write = {
    method: "DELETE",
    path: `/env-groups/{${link.entry!}}/services/{${address}}`,
    budgets: budgets.write,
  };
  return draft(key, write, [key], true);
}

function suspendDraft(address: Address, desired: Desired): readonly WriteDraft[] {
  const wanted = desired.spec["suspended"];
  if (typeof wanted !== "boolean") return [];
  const write: Write = {
    method: "POST",
    path: `/services/{${address}}/${wanted ? "suspend" : "resume"}`,
    budgets: serviceChange(address, desired.spec["type"] === "cron"),
  };
  return [draft("suspended", write, ["suspended"])];
}

function draft(part: string, write: Write, fields: readonly string[], deploys = false): WriteDraft {
  return { part, write, fields, deploys };
}
