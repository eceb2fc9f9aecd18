import { makeAddress } from "../../../core/base/address.ts";
import type { Spec } from "../../../core/model/desired.ts";
import { isObject, type Json } from "../../../core/base/json.ts";
import { readBoolean, readText, type Body } from "../../base/body.ts";
import { jsonOf, type Loader } from "../../server/loader.ts";
import { makePassword } from "./datastore.ts";
import { readSources } from "./ip-allow-list.ts";
import { insertKeyValue, keyValueOutput, readOptions } from "./key-value.ts";
import { loadLogStreamOverride } from "../workspace/log-stream.ts";
import { postgresOutput } from "./postgres-operation.ts";
import { defaultDiskSize, newestVersion, readDiskSize } from "./postgres-plan.ts";
import { readPostgresSettings } from "./postgres-settings.ts";
import { insertPostgres } from "./postgres.ts";

/** Loads a database of a file, whose names and spellings become those of the body of a creation. */
export const postgresLoader: Loader = {
  kind: "render/postgres",
  load({ address, name, environment, spec }, { world, workspace, ids }) {
    const plan = planOf(spec) ?? "basic_256mb";
    const version = textIn(spec, "postgresMajorVersion") ?? newestVersion;
    const environmentId = environment ? ids.get(environment) : undefined;
    const databaseName = textIn(spec, "databaseName");
    const databaseUser = textIn(spec, "user");
    const id = `${world.makeId("dpg")}-a`;
    const row = insertPostgres(world, {
      id,
      ownerId: workspace.id,
      name,
      plan,
      version,
      region: textIn(spec, "region") ?? "oregon",
      diskSizeGB: readDiskSize(spec) ?? defaultDiskSize(plan),
      ...(databaseName !== undefined && { databaseName }),
      ...(databaseUser !== undefined && { databaseUser }),
      ...(environmentId !== undefined && { environmentId }),
      ...readPostgresSettings(asPostgresBody(spec), { id, plan, version, readReplicas: [] }, world.switches),
    });
    row.availableAt = row.createdAt;
    row.suspended = readBoolean(spec, "suspended") ?? false;
    const users = isObject(spec["users"]) ? Object.keys(spec["users"]) : [];
    row.users = users.map((username) => ({
      username,
      password: makePassword(world),
      createdAt: world.stamp(),
    }));
    ids.set(address, row.id);
    // The name of a replica can be used wherever that of a database can (documented).
    for (const replica of row.readReplicas) ids.set(makeAddress("render/postgres", replica.name), replica.id);
  },
  wire(desired, loading) {
    loadLogStreamOverride(desired, loading.ids.get(desired.address) ?? "", loading);
  },
  output: postgresOutput,
};

/** Loads a Key Value instance of a file. */
export const keyValueLoader: Loader = {
  kind: "render/key-value",
  load({ address, name, environment, spec }, { world, workspace, ids }) {
    const plan = planOf(spec) ?? "starter";
    const environmentId = environment ? ids.get(environment) : undefined;
    const body = {
      maxmemoryPolicy: textIn(spec, "maxmemoryPolicy")?.replaceAll("-", "_"),
      persistenceMode: textIn(spec, "persistenceMode")?.replaceAll("-", "_"),
      ipAllowList: readSources(spec["ipAllowList"]),
    };
    const row = insertKeyValue(world, {
      ownerId: workspace.id,
      name,
      plan,
      region: textIn(spec, "region") ?? "oregon",
      ...(environmentId !== undefined && { environmentId }),
      ...readOptions(body, plan),
    });
    row.availableAt = row.createdAt;
    row.suspended = readBoolean(spec, "suspended") ?? false;
    ids.set(address, row.id);
  },
  wire(desired, loading) {
    loadLogStreamOverride(desired, loading.ids.get(desired.address) ?? "", loading);
  },
  output: keyValueOutput,
};

function asPostgresBody(spec: Spec): Body {
  const standby = jsonOf(spec["highAvailability"]);
  return {
    enableHighAvailability: isObject(standby) ? standby["enabled"] : undefined,
    enableDiskAutoscaling: jsonOf(spec["storageAutoscalingEnabled"]),
    connectionPool: jsonOf(spec["connectionPool"]),
    ipAllowList: readSources(spec["ipAllowList"]),
    parameterOverrides: jsonOf(spec["parameterOverrides"]),
    readReplicas: jsonOf(spec["readReplicas"]),
  } satisfies { readonly [field: string]: Json | readonly Body[] | undefined };
}

/**
 * The plan as the API spells it. Older plans have underscores there; the ones that are named by their size keep their
 * hyphens.
 */
function planOf(spec: Spec): string | undefined {
  const plan = textIn(spec, "plan")?.toLowerCase();
  return plan === undefined || /^[\d.]+c-/.test(plan) ? plan : plan.replaceAll(/[ -]/g, "_");
}

function textIn(spec: Spec, field: string): string | undefined {
  return readText({ value: jsonOf(spec[field]) }, "value");
}
