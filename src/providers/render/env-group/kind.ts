import { fieldKey, type Desired } from "../../../core/model/desired.ts";
import { eachDeclared } from "../../../core/model/declared.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import { type WriteDraft, valueHole, draft } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import { problem, ProblemError } from "../../../core/base/problem.ts";
import { type Value, variableOf } from "../../../core/model/value.ts";
import { budgets } from "../budgets.ts";
import { collectionAt } from "../collection.ts";
import { wordOf, type ApiObject } from "../mapping.ts";
import { environmentField, membershipOf, moveDrafts, placeIn } from "../membership.ts";
import { asObject, isOfOwner, listByName, listOf, textOf } from "../names.ts";
import { findEnvVar, findSecretFile, valueMap } from "../value-lists.ts";
import { refuseKeys } from "../variable-keys.ts";
import { envGroupFields, envGroupShapes, envGroupRules } from "./fields.ts";
import { refuseStranding } from "./links.ts";

const path = "/env-groups";
const calls = collectionAt(path);
/** The limit of the list. Its answer has no cursor (Render's description), so an answer with this many groups may be incomplete. */
const fullAnswer = 100;

const lists: {
  readonly [field: string]: { readonly path: string; readonly key: string; readonly member: string };
} = {
  envVars: { path: "env-vars", key: "key", member: "value" },
  secretFiles: { path: "secret-files", key: "name", member: "content" },
};

const fields: FieldTable = { ...envGroupFields, environment: environmentField };

/** An env group: variables and secret files that services are linked to. */
export const envGroup: Kind = {
  name: "render/env-group",
  noun: "env group",
  variables: "envVars",
  takesNoReferences: true,
  provider: "render",
  managed: true,
  perEnvironment: true,
  rules: envGroupRules,
  shapes: envGroupShapes,
  fields,
  dataBearing: false,
  unique: "name",
  deferrable: ["envVars", "secretFiles"],

  async list(reader, scope) {
    return (await listEnvGroups(reader, scope)).map(foundOf);
  },

  async findByName(reader, scope, names) {
    const items = await listByName(
      reader,
      { path, envelope: "envGroup", query: { ownerId: scope.ownerId } },
      names,
    );
    return items.filter((item) => isOfOwner(item, scope)).map(foundOf);
  },

  async findById(reader, id) {
    const item = await calls.get(reader, id);
    return item && foundOf(item);
  },

  // A list has no values; one call has both (recorded: env group).
  facets: { envVars: readContents, secretFiles: readContents },
  findEntry: {
    envVars: (reader, { id }, key) => findEnvVar(reader, `${path}/${encodeURIComponent(id)}`, key),
    secretFiles: (reader, { id }, name) => findSecretFile(reader, `${path}/${encodeURIComponent(id)}`, name),
  },

  output: async (reader, found, output) => {
    const contents = await readContents(reader, found);
    const key = variableOf(output);
    return key === undefined ? undefined : contents["envVars"]?.[key];
  },

  refuseCreate: (desired) => refuseKeys(desired, Object.keys(entriesOf(desired, "envVars"))),
  refuseUpdate(desired, change, live, around) {
    const written = change.fields.filter((field) => field.field === "envVars" && !field.removed);
    const keys = written.map(({ entry = "" }) => entry);
    return [...refuseKeys(desired, keys), ...refuseStranding(desired, change, live, around)];
  },

  create(desired, scope, deferred) {
    const holes = (
      field: string,
      make: (
        entry: string,
        hole: ReturnType<typeof valueHole>,
      ) => { readonly [member: string]: string | ReturnType<typeof valueHole> },
    ) =>
      Object.entries(entriesOf(desired, field))
        .filter(([entry]) => !deferred.has(fieldKey(field, entry)))
        .map(([entry, value]) => make(entry, valueHole(value, desired.address, fieldKey(field, entry))));
    const body = {
      name: desired.name,
      ownerId: scope.ownerId,
      ...membershipOf(desired),
      envVars: holes("envVars", (key, value) => ({ key, value })),
      secretFiles: holes("secretFiles", (name, content) => ({ name, content })),
    };
    const carried = eachDeclared(desired, fields)
      .filter(({ field }) => field.onChange !== "none")
      .map(({ name, entry }) => fieldKey(name, entry))
      .filter((key) => !deferred.has(key));
    return [calls.create(body, carried), ...[...deferred].sort().map((key) => putDraft(desired, key))];
  },

  // No call replaces all contents of a group: each key has a call of its own (Render's description).
  update(desired, change) {
    const entries = change.fields.filter((field) => field.entry !== undefined);
    const drafts = entries.map((field) => {
      const key = fieldKey(field.field, field.entry);
      if (!field.removed) return putDraft(desired, key);
      const target = `${path}/{${desired.address}}/${lists[field.field]!.path}/${encodeURIComponent(field.entry!)}`;
      return draft(key, { method: "DELETE", path: target, budgets: budgets.write }, [key]);
    });
    return [...drafts, ...moveDrafts(desired, change)];
  },

  remove: calls.remove,
  created: calls.created,
  rename: ({ address, name }) => calls.rename(address, name),
  redeploys: ({ found }) =>
    linksOf(found.raw).map((link) => ({ id: wordOf(link["id"]), name: wordOf(link["name"]) })),

  summary(spec) {
    const count = isObject(spec["envVars"]) ? Object.keys(spec["envVars"]).length : 0;
    return `${count} ${count === 1 ? "variable" : "variables"}`;
  },
};

/** All groups of the workspace with their links and without values. Throws when an answer is so full that it may be incomplete. */
export async function listEnvGroups(
  reader: Reader,
  scope: { readonly ownerId: string },
): Promise<readonly ApiObject[]> {
  const answer = await reader.get(path, { ownerId: scope.ownerId, limit: String(fullAnswer) });
  if (!Array.isArray(answer)) throw unexpected("is not a list");
  const items = answer.filter(isObject);
  // Where each item has an envelope, the answer has pages as every other list (seen in clients). Without, it cannot
  // have them.
  const isEnveloped = items.some((item) => isObject(item["envGroup"]));
  if (isEnveloped && items.length === fullAnswer) return listEnveloped(reader, scope);
  if (items.length >= fullAnswer) throw tooMany();
  return items
    .map((item) => (isObject(item["envGroup"]) ? item["envGroup"] : item))
    .filter((item) => isOfOwner(item, { ownerId: scope.ownerId }));
}

async function listEnveloped(
  reader: Reader,
  scope: { readonly ownerId: string },
): Promise<readonly ApiObject[]> {
  const items = await reader.list(path, { ownerId: scope.ownerId }, "envGroup");
  return items
    .map((item) => asObject(item, path))
    .filter((item) => isOfOwner(item, { ownerId: scope.ownerId }));
}

function unexpected(what: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "unexpected-answer",
      `GET ${path} answered something that ${what}.`,
      "Check RENDER_HOST; if it is right, report this.",
    ),
  ]);
}

function tooMany(): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `GET ${path} answered ${fullAnswer} groups and no cursor, so there may be more.`,
      "Nothing was concluded from it. Delete unused groups, or report this.",
    ),
  ]);
}

function foundOf(item: ApiObject): Found {
  return {
    id: textOf(item, "id", path),
    name: textOf(item, "name", path),
    spec: {},
    outputs: {},
    raw: item,
    ...placeIn(item),
  };
}

/** The variables and secret files of a group, each with its values. */
export async function readContents(reader: Reader, found: Pick<Found, "id">) {
  const target = `${path}/${encodeURIComponent(found.id)}`;
  const group = asObject(await reader.get(target), target);
  const inside = (member: string): readonly unknown[] =>
    group[member] === null ? [] : listOf(group[member], `${member} of ${target}`);
  return {
    envVars: valueMap(inside("envVars"), { path: target, key: "key", value: "value" }),
    secretFiles: valueMap(inside("secretFiles"), { path: target, key: "name", value: "content" }),
  };
}

/** The ids of the services that a group is linked to. The list shows links as well as the group itself does (Render's description). */
export function linkedServices(group: ApiObject): readonly string[] {
  return linksOf(group).map((link) => wordOf(link["id"]));
}

function linksOf(group: ApiObject): readonly ApiObject[] {
  const links = group["serviceLinks"];
  return Array.isArray(links) ? links.filter(isObject) : [];
}

function entriesOf(desired: Desired, field: string): { readonly [entry: string]: Value } {
  return (isObject(desired.spec[field]) ? desired.spec[field] : {}) as { readonly [entry: string]: Value };
}

function putDraft(desired: Desired, key: string): WriteDraft {
  const [field, entry] = [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)];
  const { path: list, member } = lists[field]!;
  const body = { [member]: valueHole(entriesOf(desired, field)[entry]!, desired.address, key) };
  return draft(
    key,
    {
      method: "PUT",
      path: `${path}/{${desired.address}}/${list}/${encodeURIComponent(entry)}`,
      body,
      budgets: budgets.write,
    },
    [key],
  );
}
