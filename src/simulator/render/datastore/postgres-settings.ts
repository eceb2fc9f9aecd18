import { isObject } from "../../../core/base/json.ts";
import { readBoolean, readChoice, readObjects, readText, requireText, type Body } from "../../base/body.ts";
import { fail } from "../../base/route.ts";
import type { Switches } from "../../base/switches.ts";
import { readIpAllowList } from "./ip-allow-list.ts";
import { requireHighAvailabilityFits } from "./postgres-plan.ts";
import type { Overrides, Postgres, Replica } from "./postgres-row.ts";

/** The settings of a database that a body gives. */
export type PostgresSettings = Partial<
  Pick<
    Postgres,
    | "highAvailabilityEnabled"
    | "diskAutoscalingEnabled"
    | "connectionPool"
    | "ipAllowList"
    | "parameterOverrides"
    | "datadogApiKey"
    | "readReplicas"
  >
>;

/**
 * Reads the settings that a creation and a PATCH have in common. Absent and `null` keep the current value; a list or
 * a map replaces the old one as a whole (recorded). `current` is the database, with the plan that it is going to
 * have.
 */
export function readPostgresSettings(
  body: Body,
  current: Pick<Postgres, "id" | "plan" | "version" | "readReplicas">,
  switches: Switches,
): PostgresSettings {
  const highAvailabilityEnabled = readBoolean(body, "enableHighAvailability");
  if (highAvailabilityEnabled === true) requireHighAvailabilityFits(current.plan, current.version);
  return present({
    highAvailabilityEnabled,
    diskAutoscalingEnabled: readBoolean(body, "enableDiskAutoscaling"),
    connectionPool: readChoice(body, "connectionPool", ["none", "pgbouncer"]),
    ipAllowList: readIpAllowList(body),
    parameterOverrides: readOverrides(body),
    datadogApiKey: readText(body, "datadogAPIKey"),
    readReplicas: readReplicas(body, current, switches),
  });
}

function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}

/** The parameters in a body; `undefined` where it has none. */
export function readOverrides(body: Body): Overrides | undefined {
  const value = body["parameterOverrides"];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return fail(400, "parameterOverrides must be an object");
  const settings = Object.entries(value).map(([parameter, setting]): [string, string] =>
    typeof setting === "string"
      ? [parameter, setting]
      : fail(400, `parameterOverrides.${parameter} must be a string`),
  );
  return Object.fromEntries(settings);
}

/**
 * Reads the replicas in a body. `null` keeps existing ones (issue 97 of Render's Terraform provider, which sends it and then
 * finds the replica still there), and makes none where there are none (recorded).
 */
function readReplicas(
  body: Body,
  current: Pick<Postgres, "id" | "readReplicas">,
  switches: Switches,
): Replica[] | undefined {
  const value = body["readReplicas"];
  return value === undefined || value === null
    ? undefined
    : arrangeReplicas(current, readObjects(value, "readReplicas"), switches);
}

/**
 * The replicas of a database after a change. They are known by name: one that is named again keeps its id, one that
 * is not named any more is deleted (described).
 */
function arrangeReplicas(
  current: Pick<Postgres, "id" | "readReplicas">,
  wanted: readonly Body[],
  switches: Switches,
): Replica[] {
  if (wanted.length > 5) fail(400, "a database can have at most 5 read replicas");
  if (new Set(wanted.map((block) => block["name"])).size < wanted.length)
    fail(400, "names of read replicas must be unique");
  const letters = "bcdefghijk".split("");
  const taken = new Set(current.readReplicas.map((replica) => replica.id.slice(-1)));
  const free = letters.filter((letter) => !taken.has(letter));
  return wanted.map((block) => {
    const name = requireText(block, "name");
    const known = current.readReplicas.find((replica) => replica.name === name);
    const kept = switches.replicaOverrides === "keep" ? known?.parameterOverrides : undefined;
    const parameterOverrides = readOverrides(block) ?? kept ?? {};
    // A new replica has an id at once: that of the primary with another letter (recorded).
    return known
      ? { ...known, parameterOverrides }
      : { id: `${current.id.slice(0, -1)}${free.shift() ?? "n"}`, name, parameterOverrides };
  });
}
