import { isObject, type Json } from "../../src/core/base/json.ts";
import type { Row } from "../observe.ts";

/** Tables with what a file can make, and which row of one a text is about. */
const tables = [
  "projects",
  "environments",
  "environmentGroups",
  "keyValues",
  "postgres",
  "services",
  "registryCredentials",
  "webhooks",
  "notificationSettings",
  "notificationOverrides",
  "logStreams",
  "logStreamOverrides",
  "metricsStreams",
  "dedicatedIps",
  "rendercad tokens",
  "rendercad webhooks",
] as const;

export type Rows = (table: string) => readonly Row[];

/** What follows from when and how something was made, not from what it is. */
const leftOut = new Set([
  "id",
  "createdAt",
  "updatedAt",
  "availableAt",
  "deploys",
  "jobs",
  "runs",
  "exports",
  "generated",
  "ips",
  "environmentsChanged",
  "lastUsedAt",
  "usageCount",
]);

/**
 * A workspace's rows without what no two accounts have in common: ids, times, deploys, passwords, generated values and the
 * characters that Render adds to names stand as what they are of, entries are sorted. Two workspaces that are the same for
 * everybody but Render have equal portraits.
 */
export function portray(rows: Rows): { readonly [table: string]: readonly Json[] } {
  const names = collectNames(rows);
  return Object.fromEntries(
    tables.map((table) => [table, sorted(rows(table).map((row) => portrayValue(row, names)))]),
  );
}

/** Longest first, so that a name inside another one does not hide it. */
type Names = readonly (readonly [text: string, stands: string])[];

function collectNames(rows: Rows): Names {
  const names = new Map<string, string>();
  for (const table of tables) {
    for (const row of rows(table)) {
      const own = `${table} ${(row["name"] ?? row["tokenName"] ?? row["url"]) as string}`;
      if (row["name"] !== undefined) names.set(row["id"] as string, `<id of ${own}>`);
      if (row["ownerId"] !== undefined) names.set(row["ownerId"] as string, "<workspace>");
      for (const column of ["password", "databaseName", "secret", "token"]) {
        if (typeof row[column] === "string") names.set(row[column], `<${column} of ${own}>`);
      }
      if (row["slug"] !== row["name"] && typeof row["slug"] === "string")
        names.set(row["slug"], `<slug of ${own}>`);
      for (const replica of (row["readReplicas"] ?? []) as readonly Row[])
        names.set(replica["id"] as string, `<id of ${own} ${replica["name"] as string}>`);
      for (const user of (row["users"] ?? []) as readonly Row[])
        names.set(user["password"] as string, `<password of ${own} ${user["username"] as string}>`);
    }
  }
  return [...names].sort(([a], [b]) => b.length - a.length);
}

/** 32 random bytes in base64 (recorded). */
const generated = /^[A-Za-z0-9+/]{43}=$/;

function portrayValue(value: Json, names: Names): Json {
  if (typeof value === "string") {
    const named = names.reduce((text, [from, to]) => text.replaceAll(from, to), value);
    return generated.test(named) ? "<generated>" : named;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => portrayValue(item, names));
    // Routes alone have an order.
    return items.some((item) => isObject(item) && "destination" in item) ? items : sorted(items);
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value);
  // A row without a name is about another one, and has that one's id.
  const isAbout = ([member, id]: readonly [string, Json]): boolean =>
    member === "id" && value["name"] === undefined && names.some(([text]) => text === id);
  // The percentage of a target that is off means nothing, and some number has to be sent (recorded: autoscaling).
  const isOff = (member: string): boolean => member === "percentage" && value["enabled"] === false;
  const kept = members
    .filter((entry) => isAbout(entry) || !(leftOut.has(entry[0]) || isOff(entry[0])))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(kept.map(([member, inner]) => [member, portrayValue(inner, names)]));
}

function sorted(items: readonly Json[]): readonly Json[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
