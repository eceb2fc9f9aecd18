import { makeAddress } from "../../../core/base/address.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import { isObject, type Json } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Found } from "../../../core/model/live.ts";
import { collectionAt } from "../collection.ts";
import {
  allowListFromApi,
  allowListToApi,
  normalAllowList,
  readFields,
  writeFields,
  type BodyObject,
  type Mapping,
  type MappingsOf,
} from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { environmentFields, environmentShapes } from "./fields.ts";
import { findProjects, listEnvironments, listProjects, type NamedEnvironment } from "./list.ts";

const path = "/environments";
const calls = collectionAt(path);

/** A setting that Blueprints have as `enabled` or `disabled` in a block of its own, and the API as one member with the values `on` and `off`. */
function switched(member: string, inside: string, on: boolean | string, off: boolean | string): Mapping {
  return {
    read: (object) => ({ [inside]: spellSwitch(object[member], on, off) }),
    write: (value) => ({ [member]: isOn(value, inside) ? on : off }),
  };
}

/**
 * The word of the file for a setting. A value that means neither `enabled` nor `disabled` stays as it is: taken for
 * `disabled`, it would be written again and again.
 */
function spellSwitch(shown: unknown, on: boolean | string, off: boolean | string): Json {
  if (shown === on || sameWord(shown, String(on))) return "enabled";
  const isOff = shown === undefined || shown === null || shown === off || sameWord(shown, String(off));
  return isOff ? "disabled" : (shown as Json);
}

const mappings = {
  networking: switched("networkIsolationEnabled", "isolation", true, false),
  permissions: switched("protectedStatus", "protection", "protected", "unprotected"),
  // Absent in most workspaces (recorded: project).
  ipAllowList: {
    read: (object) =>
      object["ipAllowList"] === undefined ? undefined : allowListFromApi(object["ipAllowList"] as Json),
    write: (value) => ({ ipAllowList: allowListToApi(value) }),
  },
} satisfies MappingsOf<typeof environmentFields>;

/** Whether null in the file (the default) and the live setting are the same: all is `disabled`. */
function isOff(desired: Json, live: Json): boolean {
  return desired === null && isObject(live) && Object.values(live).every((value) => value === "disabled");
}

const fields: FieldTable = {
  ...environmentFields,
  networking: { ...environmentFields.networking, same: isOff },
  permissions: { ...environmentFields.permissions, same: isOff },
  ipAllowList: { ...environmentFields.ipAllowList, normal: normalAllowList },
};

/** An environment of a project. Its name here is `project/environment`, since two projects may both have a `production`. */
export const environment: Kind = {
  name: "render/environment",
  noun: "environment",
  encloses: true,
  provider: "render",
  managed: true,
  shapes: environmentShapes,
  fields,
  dataBearing: false,
  unique: "none",
  deferrable: [],

  async list(reader, scope, { inventory }) {
    return (await listEnvironments(reader, await listProjects(reader, scope), { inventory })).map(foundOf);
  },

  async findByName(reader, scope, names) {
    const projects = await findProjects(reader, scope, [...new Set(names.map(projectOf))]);
    const found = await listEnvironments(reader, projects, {
      query: { name: [...new Set(names.map(ownName))] },
    });
    return found.filter(({ name }) => names.includes(name)).map(foundOf);
  },

  async findById(reader, id) {
    const found = await calls.get(reader, id);
    if (!found) return undefined;
    const project = await reader.get(`/projects/${encodeURIComponent(textOf(found, "projectId", path))}`);
    if (project === undefined) return undefined;
    const name = `${textOf(asObject(project, "/projects"), "name", "/projects")}/${textOf(found, "name", path)}`;
    return foundOf({ environment: found, name });
  },

  facets: {},
  // A list of members names a replica where its primary is meant; the two move together (recorded: postgres).
  contains: ({ raw }) =>
    ["serviceIds", "databasesIds", "redisIds", "envGroupIds"]
      .flatMap((member) => (Array.isArray(raw[member]) ? (raw[member] as readonly string[]) : []))
      .filter((id) => !/^dpg-\w+-[b-z]$/u.test(id)),
  output: async () => undefined,
  refuseCreate: () => [],
  createdWith: (desired) => projectAddress(desired),
  namedAfter: {
    kind: "render/project",
    rename: (own, from, to) => (own.startsWith(`${from}/`) ? `${to}${own.slice(from.length)}` : undefined),
  },

  create(desired) {
    const base = {
      projectId: { hole: "id", of: projectAddress(desired) },
      name: ownName(desired.name),
    } as const;
    return [calls.createDeclared(desired, { fields, mappings }, base)];
  },

  update: (desired, change) => calls.update(desired, change, mappings),
  remove: calls.remove,
  created: calls.created,
  rename: ({ address, name }) => calls.rename(address, ownName(name)),

  summary: (spec) =>
    [
      isOn(spec["permissions"], "protection") ? "protected" : "",
      isOn(spec["networking"], "isolation") ? "isolated" : "",
    ]
      .filter((word) => word !== "")
      .join(" · "),
};

function isOn(block: unknown, member: string): boolean {
  return isObject(block) && block[member] === "enabled";
}

/** The body of an environment, inside the creation of its project or with a project id in a creation of its own. */
export function environmentBody(desired: Desired): BodyObject {
  return { name: ownName(desired.name), ...writeFields(mappings, desired.spec, Object.keys(mappings)) };
}

function projectAddress(desired: Desired) {
  return makeAddress("render/project", projectOf(desired.name));
}

/** The project in a name `project/environment`. A project's name may have slashes, so the environment is the part after the last one. */
function projectOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/"));
}

function ownName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function foundOf({ environment: item, name }: NamedEnvironment): Found {
  return { id: textOf(item, "id", path), name, spec: readFields(mappings, item), outputs: {}, raw: item };
}
