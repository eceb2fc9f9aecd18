import { makeAddress } from "../../../core/base/address.ts";
import type { Body } from "../../../core/model/write.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import type { Inventory } from "../../../core/model/inventory.ts";
import type { Json } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Scope, Wanted } from "../../../core/kind/scope.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { collectionAt } from "../collection.ts";
import { listEnvironments, listProjects } from "../environment/list.ts";
import { at, readFields, wordOf, type ApiObject, type MappingsOf } from "../mapping.ts";
import { textOf } from "../names.ts";
import { dedicatedIpFields, dedicatedIpShapes } from "./fields.ts";
import { dedicatedIpCharges } from "../prices/charges.ts";

const path = "/dedicated-ips";
const calls = collectionAt(path);

/** All fields but `environments`, which the API has as ids and the file as names. */
const mappings = {
  region: at("region"),
  description: at("description"),
  environments: {
    read: () => undefined,
    write: (value) => ({ environmentIds: ((value ?? []) as readonly string[]).map(environmentHole) }),
  },
} satisfies MappingsOf<typeof dedicatedIpFields>;

const fields: FieldTable = {
  ...dedicatedIpFields,
  environments: { ...dedicatedIpFields.environments, normal: sortNames },
};

/** A set of IP addresses from which the outgoing traffic of a region comes. */
export const dedicatedIp: Kind = {
  name: "render/dedicated-ip",
  noun: "dedicated IP set",
  provider: "render",
  managed: true,
  shapes: dedicatedIpShapes,
  fields,
  charges: dedicatedIpCharges,
  dataBearing: false,
  unique: "none",
  deferrable: [],

  list: listSets,

  // The list has no filter by name (Render's description).
  async findByName(reader, scope, names, wanted) {
    return (await listSets(reader, scope, wanted)).filter((found) => names.includes(found.name));
  },

  async findById(reader, id) {
    const item = await calls.get(reader, id);
    if (!item) return undefined;
    const [found] = await nameEnvironments(reader, { ownerId: textOf(item, "ownerId", path) }, [item]);
    return found;
  },

  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],

  create(desired, scope) {
    const base = { name: desired.name, ownerId: scope.ownerId };
    return [calls.createDeclared(desired, { fields, mappings }, base)];
  },

  update: (desired, change) => calls.update(desired, change, mappings),
  rename: ({ address, name: own }, name = own) => calls.rename(address, name),

  remove: calls.remove,
  created: calls.created,

  // The status changes back and forth before it stays (recorded: dedicated ip).
  readiness: {
    until: "running",
    timeout: 5 * 60_000,
    typical: 20_000,
    isAwaited: (found) => ["CREATING", "PENDING"].includes(found.outputs["status"] ?? ""),
    async check(reader, id) {
      const item = await calls.get(reader, id);
      if (!item) return { failed: "it is gone" };
      const status = wordOf(item["status"]);
      if (status === "RUNNING") return "ready";
      return ["FAILED", "DELETING", "DELETED"].includes(status)
        ? { failed: `its status is ${status}` }
        : "waiting";
    },
  },

  remark: (found) => (found.outputs["status"] === "FAILED" ? { text: "its status is FAILED" } : undefined),
  summary: (spec) => wordOf(spec["region"]),
};

function environmentHole(name: string): Body {
  return { hole: "id", of: makeAddress("render/environment", name) };
}

function sortNames(names: Json): Json {
  return Array.isArray(names) ? [...(names as readonly string[])].sort() : names;
}

/** All sets of the workspace. The answer is a plain array, and the owner is a required parameter (Render's description). */
async function listSets(
  reader: Reader,
  scope: Scope,
  { inventory }: Pick<Wanted, "inventory">,
): Promise<readonly Found[]> {
  return nameEnvironments(reader, scope, await calls.list(reader, scope, null), inventory);
}

/** Replaces the ids of environments by their names. They are read only when a set has any; the id of one that is gone stays. */
async function nameEnvironments(
  reader: Reader,
  scope: Scope,
  items: readonly ApiObject[],
  inventory?: Inventory,
): Promise<readonly Found[]> {
  const needed = items.some((item) => idsOf(item).length > 0);
  const environments = needed
    ? await listEnvironments(reader, await listProjects(reader, scope), { ...(inventory && { inventory }) })
    : [];
  const names = new Map(environments.map(({ environment, name }) => [wordOf(environment["id"]), name]));
  return items.map((item) => ({
    id: textOf(item, "id", path),
    name: textOf(item, "name", path),
    spec: { ...readFields(mappings, item), environments: idsOf(item).map((id) => names.get(id) ?? id) },
    outputs: { status: wordOf(item["status"]) },
    raw: item,
  }));
}

function idsOf(item: ApiObject): readonly string[] {
  return Array.isArray(item["environmentIds"]) ? (item["environmentIds"] as readonly string[]) : [];
}
