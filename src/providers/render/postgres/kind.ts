import { fieldKey, type Desired } from "../../../core/desired.ts";
import { eachDeclared } from "../../../core/diff.ts";
import type { FieldTable } from "../../../core/field.ts";
import { isObject, type Json } from "../../../core/json.ts";
import type { Kind, Reader, Write, WriteDraft } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { Secret } from "../../../core/secret.ts";
import { budgets } from "../budgets.ts";
import {
  allowListFromApi,
  allowListToApi,
  at,
  merge,
  normalAllowList,
  pick,
  planFromApi,
  planToApi,
  readFields,
  writeFields,
  type ApiObject,
  type Mappings,
} from "../mapping.ts";
import { asObject, isOfOwner, listByName, textOf } from "../names.ts";
import { legacyPostgresPlans } from "../plans.ts";
import { postgresFields, postgresShapes } from "./fields.ts";
import { postgresRules } from "./rules.ts";

const path = "/postgres";
const defaultPlan = "basic-256mb";
const newestVersion = "18";

const mappings: Mappings = {
  plan: at("plan", { encode: planToApi, decode: planFromApi("-") }),
  databaseName: at("databaseName"),
  user: at("databaseUser"),
  region: at("region"),
  postgresMajorVersion: at("version"),
  diskSizeGB: at("diskSizeGB"),
  // Written and read under two names (recorded: postgres).
  storageAutoscalingEnabled: at("enableDiskAutoscaling", { readAt: "diskAutoscalingEnabled" }),
  highAvailability: {
    read: (object) => ({ enabled: object["highAvailabilityEnabled"] === true }),
    write: (value) => ({ enableHighAvailability: isObject(value) && value["enabled"] === true }),
  },
  connectionPool: at("connectionPool"),
  ipAllowList: {
    // An empty list reads back as null (recorded: postgres allow-list).
    read: (object) => allowListFromApi((object["ipAllowList"] ?? []) as Json),
    write: (value) => ({ ipAllowList: allowListToApi(value) }),
  },
  readReplicas: {
    read: (object) => replicasFromApi(object["readReplicas"]),
    write: (value) => ({ readReplicas: value ?? [] }),
  },
};

const parameterMappings: Mappings = {
  parameterOverrides: {
    // Absent when nothing is overridden (recorded: postgres parameter overrides).
    read: (object) => (object["parameterOverrides"] ?? {}) as Json,
    write: (value) => ({ parameterOverrides: value ?? {} }),
  },
};

const all: Mappings = { ...mappings, ...parameterMappings };

const fields: FieldTable = {
  ...postgresFields,
  databaseName: { ...postgresFields["databaseName"]!, same: isSameDatabaseName },
  ipAllowList: { ...postgresFields["ipAllowList"]!, normal: normalAllowList },
  readReplicas: { ...postgresFields["readReplicas"]!, normal: sortReplicas },
};

export const postgres: Kind = {
  name: "render/postgres",
  noun: "Postgres database",
  provider: "render",
  managed: true,
  shapes: postgresShapes,
  rules: postgresRules,
  perEnvironment: true,
  fields,
  dataBearing: true,
  deferrable: [],

  async list(reader, scope) {
    const items = await reader.list(path, { ownerId: scope.ownerId, includeReplicas: "false" }, "postgres");
    return items
      .map((item) => asObject(item, path))
      .filter((item) => isOfOwner(item, scope) && isPrimary(item))
      .map(foundOf);
  },

  async findByName(reader, scope, names) {
    const query = { ownerId: scope.ownerId, includeReplicas: "false" };
    const items = await listByName(reader, { path, envelope: "postgres", query }, names);
    return items.filter((item) => isOfOwner(item, scope) && isPrimary(item)).map(foundOf);
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : foundOf(asObject(answer, path));
  },

  facets: {
    // A list does not carry the primary's own overrides (Render's description).
    parameterOverrides: async (reader, found) => {
      const answer = await reader.get(`${path}/${encodeURIComponent(found.id)}`);
      return answer === undefined ? {} : readFields(parameterMappings, asObject(answer, path));
    },
  },

  output: postgresOutput,

  refuseCreate(desired) {
    const plan = String(desired.spec["plan"] ?? defaultPlan);
    const remedy =
      "Choose a current plan, such as basic-256mb; an existing database keeps its plan and is managed as it is.";
    return legacyPostgresPlans.includes(plan)
      ? [
          {
            code: "retired-plan",
            message: `${desired.address} asks for the plan ${plan}, which no new database can have.`,
            remedy,
          },
        ]
      : [];
  },

  create(desired, scope) {
    const body = merge(
      { name: desired.name, ownerId: scope.ownerId, plan: planToApi(defaultPlan), version: newestVersion },
      writeFields(all, desired.spec, Object.keys(all)),
    );
    const carried = eachDeclared(desired, postgresFields).filter(
      // What is new runs: only a suspension takes a call of its own.
      ({ field, name, value }) =>
        field.onChange !== "none" && (name in all || (name === "suspended" && value === false)),
    );
    return [
      draft(
        "resource",
        { method: "POST", path, body, budgets: budgets.create },
        carried.map(({ name, entry }) => fieldKey(name, entry)),
      ),
      ...(desired.spec["suspended"] === true ? [suspendDraft(desired)] : []),
    ];
  },

  update(desired, change) {
    const changed = change.fields.map((field) => field.field).filter((name) => name in all);
    const drafts: WriteDraft[] = [];
    if (changed.length > 0) {
      const body = writeFields(all, desired.spec, new Set(changed));
      drafts.push(
        draft(
          "settings",
          { method: "PATCH", path: `${path}/{${desired.address}}`, body, budgets: budgets.write },
          changed,
        ),
      );
    }
    if (change.fields.some((field) => field.field === "suspended")) drafts.push(suspendDraft(desired));
    return drafts;
  },

  remove: (address) => [
    draft("resource", { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write }, []),
  ],

  created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),

  readiness: {
    until: "available",
    timeout: 15 * 60_000,
    typical: 45_000,
    async check(reader, id) {
      const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
      if (answer === undefined) return { failed: "it is gone" };
      const status = asObject(answer, path)["status"];
      if (status === "available") return "ready";
      return status === "suspended" || status === "recovery_failed"
        ? { failed: `its status is ${status}` }
        : "waiting";
    },
  },

  summary(spec) {
    const version = spec["postgresMajorVersion"];
    return [
      spec["plan"] ?? defaultPlan,
      spec["region"],
      version === undefined ? undefined : `PostgreSQL ${String(version)}`,
    ]
      .filter((word) => typeof word === "string")
      .join(" · ");
  },
};

function draft(part: string, write: Write, written: readonly string[]): WriteDraft {
  return { part, write, fields: written, deploys: false };
}

function suspendDraft(desired: Desired): WriteDraft {
  const action = desired.spec["suspended"] === true ? "suspend" : "resume";
  return draft(
    "suspended",
    { method: "POST", path: `${path}/{${desired.address}}/${action}`, budgets: budgets.write },
    ["suspended"],
  );
}

function isPrimary(item: ApiObject): boolean {
  return item["role"] !== "replica" && typeof item["primaryPostgresID"] !== "string";
}

function foundOf(item: ApiObject): Found {
  const environmentId = item["environmentId"];
  return {
    id: textOf(item, "id", path),
    name: textOf(item, "name", path),
    spec: { ...readFields(mappings, item), suspended: item["suspended"] === "suspended" },
    outputs: {
      user: String(item["databaseUser"] ?? ""),
      database: String(item["databaseName"] ?? ""),
      ...replicaIds(item),
    },
    raw: item,
    ...(typeof environmentId === "string" && environmentId !== "" && { environmentId }),
  };
}

function replicaIds(item: ApiObject): { readonly [output: string]: string } {
  const replicas = Array.isArray(item["readReplicas"]) ? (item["readReplicas"] as readonly ApiObject[]) : [];
  return Object.fromEntries(
    replicas.map((replica) => [`replicas.${String(replica["name"])}`, String(replica["id"])]),
  );
}

/**
 * Render adds `_` and four characters to the name that was asked for, and turns hyphens into underscores (recorded:
 * postgres), so the wish is a prefix of what is live.
 */
function isSameDatabaseName(desired: Json, live: Json): boolean {
  if (typeof desired !== "string" || typeof live !== "string") return false;
  const base = desired.replaceAll("-", "_");
  return (
    live === desired ||
    live === base ||
    (live.startsWith(`${base}_`) && /^[a-z0-9]{4}$/u.test(live.slice(base.length + 1)))
  );
}

function replicasFromApi(value: unknown): Json {
  if (!Array.isArray(value)) return [];
  return (value as readonly ApiObject[]).map((replica) => {
    const overrides = pick(replica, "parameterOverrides");
    return {
      name: String(replica["name"]),
      ...(isObject(overrides) && { parameterOverrides: overrides as Json }),
    };
  });
}

/** Replicas are told apart by name; their order means nothing (recorded: postgres). */
function sortReplicas(value: Json): Json {
  if (!Array.isArray(value)) return value;
  return [...(value as readonly { readonly name: string }[])].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  ) as Json;
}

/** `connectionString` is the internal URL, as Blueprints give it. A replica's outputs come as `replicas.NAME.output`. */
async function postgresOutput(
  reader: Reader,
  found: Found,
  output: string,
): Promise<Secret | string | undefined> {
  const replica = /^replicas\.(.+)\.([^.]+)$/u.exec(output);
  const id = replica ? found.outputs[`replicas.${replica[1]}`] : found.id;
  const wanted = replica ? replica[2]! : output;
  if (id === undefined) return undefined;
  if (wanted === "host") return id;
  if (wanted === "port") return "5432";
  if (wanted === "user" || wanted === "database") return found.outputs[wanted];
  const answer = await reader.get(`${path}/${encodeURIComponent(id)}/connection-info`);
  if (answer === undefined) return undefined;
  const info = asObject(answer, path);
  const members: { readonly [output: string]: readonly string[] } = {
    connectionString: ["internalConnectionString"],
    connectionPoolString: ["internalConnectionPoolString", "connectionPoolString"],
    password: ["password"],
  };
  const value = (members[wanted] ?? [])
    .map((member) => info[member])
    .find((text) => typeof text === "string");
  return typeof value === "string" ? new Secret(value) : undefined;
}
