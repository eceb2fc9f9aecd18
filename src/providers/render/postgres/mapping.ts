import { isObject, type Json } from "../../../core/base/json.ts";
import { allowListFromApi, allowListToApi, at, planFromApi, planToApi, type MappingsOf } from "../mapping.ts";
import type { postgresFields } from "./fields.ts";
import { replicasFromApi, replicasToApi } from "./replicas.ts";

/** Fields that the list shows. */
export const mappings = {
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
  connectionPool: {
    read: (object) => (object["connectionPool"] ?? "none") as Json,
    write: (value) => ({ connectionPool: value ?? "none" }),
  },
  ipAllowList: {
    // An empty list reads back as null (recorded: postgres allow-list).
    read: (object) => allowListFromApi((object["ipAllowList"] ?? []) as Json),
    write: (value) => ({ ipAllowList: allowListToApi(value) }),
  },
  readReplicas: {
    read: (object) => replicasFromApi(object["readReplicas"]),
    write: (value, _spec, live) => ({ readReplicas: replicasToApi(value, live?.["readReplicas"]) }),
  },
} satisfies MappingsOf<typeof postgresFields>;

/** Fields that only the single database shows, and the list does not. */
export const parameterMappings = {
  parameterOverrides: {
    // Absent when nothing is overridden (recorded: postgres parameter overrides).
    read: (object) => (object["parameterOverrides"] ?? {}) as Json,
    write: (value) => ({ parameterOverrides: value ?? {} }),
  },
} satisfies MappingsOf<typeof postgresFields, "parameterOverrides">;

/** Fields that a creation and a change can carry. */
export const all = { ...mappings, ...parameterMappings };

/**
 * Whether a live database name came from the declared one: Render adds `_` and four characters to it and turns hyphens into
 * underscores (recorded: postgres). Example: `my-shop` becomes `my_shop_x7k2`.
 */
export function isSameDatabaseName(desired: Json, live: Json): boolean {
  if (typeof desired !== "string" || typeof live !== "string") return false;
  return [desired, desired.replaceAll("-", "_")].some(
    (base) =>
      live === base || (live.startsWith(`${base}_`) && /^[a-z0-9]{4}$/u.test(live.slice(base.length + 1))),
  );
}
