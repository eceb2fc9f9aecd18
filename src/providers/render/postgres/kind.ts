import { fieldKey, type Desired } from "../../../core/desired.ts";
import { eachDeclared } from "../../../core/declared.ts";
import type { FieldTable } from "../../../core/field.ts";
import type { Kind, Write, WriteDraft } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { budgets } from "../budgets.ts";
import { changesLogStream, logStreamDrafts, readLogStream } from "../log-stream/override.ts";
import {
  merge,
  normalAllowList,
  planToApi,
  readFields,
  wordOf,
  writeFields,
  type ApiObject,
} from "../mapping.ts";
import { environmentField, membershipOf, moveDrafts } from "../membership.ts";
import { asObject, isOfOwner, listByName, textOf } from "../names.ts";
import { legacyPostgresPlans } from "../plans.ts";
import { postgresFields, postgresShapes } from "./fields.ts";
import { all, isSameDatabaseName, mappings, parameterMappings, sortReplicas } from "./mapping.ts";
import { postgresOutput } from "./outputs.ts";
import { postgresRules } from "./rules.ts";
import { ofDefaultUser, readUsers, userDrafts } from "./users.ts";

const path = "/postgres";
const defaultPlan = "basic-256mb";
const newestVersion = "18";

const fields: FieldTable = {
  ...postgresFields,
  databaseName: { ...postgresFields["databaseName"]!, same: isSameDatabaseName },
  ipAllowList: { ...postgresFields["ipAllowList"]!, normal: normalAllowList },
  readReplicas: { ...postgresFields["readReplicas"]!, normal: sortReplicas },
  environment: environmentField,
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
    users: readUsers,
    logStream: readLogStream,
  },

  output: postgresOutput,

  refuseCreate(desired) {
    const plan = wordOf(desired.spec["plan"] ?? defaultPlan);
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
      membershipOf(desired),
    );
    const users = eachDeclared(desired, fields).filter(({ name }) => name === "users");
    const carried = eachDeclared(desired, fields).filter(
      // What is new runs: only a suspension takes a call of its own.
      ({ field, name, value }) =>
        field.onChange !== "none" &&
        (name in all || name === "environment" || (name === "suspended" && value === false)),
    );
    return [
      draft(
        "resource",
        { method: "POST", path, body, budgets: budgets.create },
        carried.map(({ name, entry }) => fieldKey(name, entry)),
      ),
      ...userDrafts(
        desired,
        users.map(({ entry = "" }) => ({ entry, removed: false })),
      ),
      ...logStreamDrafts(desired),
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
    const users = change.fields.filter((field) => field.field === "users");
    drafts.push(...userDrafts(desired, users), ...moveDrafts(desired, change));
    if (changesLogStream(change)) drafts.push(...logStreamDrafts(desired));
    if (change.fields.some((field) => field.field === "suspended")) drafts.push(suspendDraft(desired));
    return drafts;
  },

  remove: (address) => [
    draft("resource", { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write }, []),
  ],

  created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),
  unsettles: (change) => (change.fields.some(({ field }) => field === "users") ? ofDefaultUser : []),
  rename: (desired) =>
    draft(
      "name",
      {
        method: "PATCH",
        path: `${path}/{${desired.address}}`,
        body: { name: desired.name },
        budgets: budgets.write,
      },
      [],
    ),

  readiness: {
    until: "available",
    timeout: 15 * 60_000,
    typical: 45_000,
    isExpected: ({ spec }) => spec["suspended"] !== true,
    isAwaited: (found) => found.raw["status"] === "creating" || found.raw["status"] === "unknown",
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
      version === undefined ? undefined : `PostgreSQL ${wordOf(version)}`,
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
      user: wordOf(item["databaseUser"] ?? ""),
      database: wordOf(item["databaseName"] ?? ""),
      ...replicaIds(item),
    },
    raw: item,
    ...(typeof environmentId === "string" && environmentId !== "" && { environmentId }),
  };
}

function replicaIds(item: ApiObject): { readonly [output: string]: string } {
  const replicas = Array.isArray(item["readReplicas"]) ? (item["readReplicas"] as readonly ApiObject[]) : [];
  return Object.fromEntries(
    replicas.map((replica) => [`replicas.${wordOf(replica["name"])}`, wordOf(replica["id"])]),
  );
}
