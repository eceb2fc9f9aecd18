import { fieldKey } from "../../../core/model/desired.ts";
import { eachDeclared } from "../../../core/model/declared.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import { isObject } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Found } from "../../../core/model/live.ts";
import { budgets } from "../budgets.ts";
import { collectionAt } from "../collection.ts";
import { availability, suspensionDraft } from "../datastore.ts";
import { changesLogStream, logStreamDrafts, readLogStream, losesStream } from "../log-stream/override.ts";
import {
  merge,
  normalAllowList,
  planToApi,
  readFields,
  wordOf,
  writeFields,
  type ApiObject,
} from "../mapping.ts";
import { environmentField, membershipOf, moveDrafts, placeIn } from "../membership.ts";
import { isOfOwner, listByName, textOf } from "../names.ts";
import { postgresExports } from "./exports.ts";
import { postgresFields, postgresShapes } from "./fields.ts";
import { all, isSameDatabaseName, mappings, parameterMappings } from "./mapping.ts";
import { postgresOutput, restorableOutputs, unsettledBy, yieldsOutput } from "./outputs.ts";
import { defaultPlan, refuseChange, refuseCreation } from "./refusals.ts";
import { areSameReplicas, normalParameters, normalReplicas } from "./replicas.ts";
import { postgresRules } from "./rules.ts";
import { readUsers, userDrafts } from "./users.ts";
import { postgresCharges } from "../prices/charges.ts";

const path = "/postgres";
const calls = collectionAt(path);
const newestVersion = "18";

const fields: FieldTable = {
  ...postgresFields,
  databaseName: { ...postgresFields.databaseName, same: isSameDatabaseName },
  diskSizeGB: {
    ...postgresFields.diskSizeGB,
    // Turned off, the size that it has grown to stays, and the file has to say it: no later plan can make it smaller.
    movedBy: (desired, live) => {
      const isOn = desired["storageAutoscalingEnabled"] ?? live["storageAutoscalingEnabled"];
      return isOn === true ? { as: "floor", because: "storage autoscaling grows it" } : undefined;
    },
  },
  ipAllowList: { ...postgresFields.ipAllowList, normal: normalAllowList },
  readReplicas: { ...postgresFields.readReplicas, normal: normalReplicas, same: areSameReplicas },
  parameterOverrides: { ...postgresFields.parameterOverrides, normal: normalParameters },
  environment: environmentField,
};

/** A PostgreSQL database with its read replicas and further users. */
export const postgres: Kind = {
  name: "render/postgres",
  noun: "Postgres database",
  replicas: "readReplicas",
  restorable: restorableOutputs,
  provider: "render",
  managed: true,
  shapes: postgresShapes,
  rules: postgresRules,
  perEnvironment: true,
  fields,
  dataBearing: true,
  unique: "none",
  dataExports: postgresExports,
  deferrable: [],

  async list(reader, scope) {
    const items = await calls.list(reader, scope, "postgres", { includeReplicas: "false" });
    return items.filter((item) => isOfOwner(item, scope) && isPrimary(item)).map(foundOf);
  },

  async findByName(reader, scope, names) {
    const query = { ownerId: scope.ownerId, includeReplicas: "false" };
    const items = await listByName(reader, { path, envelope: "postgres", query }, names);
    return items.filter((item) => isOfOwner(item, scope) && isPrimary(item)).map(foundOf);
  },

  async findById(reader, id) {
    const item = await calls.get(reader, id);
    return item && foundOf(item);
  },

  facets: {
    // A list does not carry the primary's own overrides (Render's description).
    parameterOverrides: async (reader, found) => {
      const item = await calls.get(reader, found.id);
      return item ? readFields(parameterMappings, item) : {};
    },
    users: readUsers,
    logStream: readLogStream,
  },

  output: postgresOutput,

  refuseCreate: (desired, _scope, _carried, around) => refuseCreation(desired, around),
  refuseUpdate: refuseChange,

  create(desired, scope) {
    const body = merge(
      { name: desired.name, ownerId: scope.ownerId, plan: planToApi(defaultPlan), version: newestVersion },
      writeFields(all, desired.spec, Object.keys(all)),
      membershipOf(desired),
    );
    // The user that the database is made with needs no call of its own.
    const isOwn = (entry: string | undefined): boolean => entry === desired.spec["user"];
    const users = eachDeclared(desired, fields).filter(
      ({ name, entry }) => name === "users" && !isOwn(entry),
    );
    const carried = eachDeclared(desired, fields).filter(
      // A new database runs, so a call of its own is needed only to suspend it.
      ({ field, name, entry, value }) =>
        field.onChange !== "none" &&
        (name in all ||
          name === "environment" ||
          (name === "users" && isOwn(entry)) ||
          (name === "suspended" && value === false)),
    );
    return [
      calls.create(
        body,
        carried.map(({ name, entry }) => fieldKey(name, entry)),
        budgets.create,
      ),
      ...userDrafts(
        desired,
        users.map(({ entry = "" }) => ({ entry, removed: false })),
      ),
      ...logStreamDrafts(desired),
      ...(desired.spec["suspended"] === true ? [suspensionDraft(path, desired)] : []),
    ];
  },

  update(desired, change, live) {
    const drafts = [...calls.update(desired, change, all, live.found.raw)];
    const users = change.fields.filter((field) => field.field === "users");
    drafts.push(...userDrafts(desired, users), ...moveDrafts(desired, change));
    if (changesLogStream(change)) drafts.push(...logStreamDrafts(desired));
    if (change.fields.some((field) => field.field === "suspended"))
      drafts.push(suspensionDraft(path, desired));
    return drafts;
  },

  remove: calls.remove,

  created: calls.created,
  unsettledBy,
  yields: yieldsOutput,
  // A workspace has one free database (documented), so a second one cannot be made beside it.
  standsBeside: ({ spec }) => spec["plan"] !== "free",
  // The API makes these anew: a database name that was given gets another suffix (recorded), one that was not is made
  // from the instance's name, and passwords of users cannot be chosen.
  madeAnew: ["databaseName", "user", "users"],
  losesWhenReplaced: async (_reader, replaced) => losesStream(replaced),
  charges: postgresCharges,
  rename: ({ address, name: own }, name = own) => calls.rename(address, name),

  readiness: availability(path, 45_000),

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

function isPrimary(item: ApiObject): boolean {
  return item["role"] !== "replica" && typeof item["primaryPostgresID"] !== "string";
}

function foundOf(item: ApiObject): Found {
  return {
    id: textOf(item, "id", path),
    name: textOf(item, "name", path),
    spec: { ...readFields(mappings, item), suspended: sameWord(item["suspended"], "suspended") },
    outputs: {
      user: wordOf(item["databaseUser"] ?? ""),
      database: wordOf(item["databaseName"] ?? ""),
      ...replicaIds(item),
    },
    raw: item,
    ...placeIn(item),
  };
}

function replicaIds(item: ApiObject): { readonly [output: string]: string } {
  const replicas = Array.isArray(item["readReplicas"]) ? item["readReplicas"].filter(isObject) : [];
  return Object.fromEntries(
    replicas.map((replica) => [`replicas.${wordOf(replica["name"])}`, wordOf(replica["id"])]),
  );
}
