import { canonical, isObject, type Json } from "../../src/core/base/json.ts";
import type { Inventory } from "../../src/core/model/inventory.ts";
import type { SavedAccount } from "../../src/simulator/base/account.ts";

type Row = { readonly [column: string]: Json };

/** What a run does not decide: what happened when, and rows that nobody declares. */
const leftOut = new Set([
  "id",
  "createdAt",
  "updatedAt",
  "startedAt",
  "finishedAt",
  "availableAt",
  "ips",
  "stages",
  // What the name service says of a domain: a run asks once, and no later run makes up for it.
  "verificationStatus",
  // Whoever looks at RENDERCAD leaves these behind.
  "lastUsedAt",
  "usageCount",
]);
const otherTables =
  /^(rendercad (?!tokens$|webhooks$)|users$|workspaces$|auditLogs$|events$|webhook events$|maintenanceRuns$)/u;
/** Columns that the account fills by itself, other than ids. */
const generated = ["password", "secret", "token", "databaseName", "databaseUser"] as const;
const generatedValue = /^[A-Za-z0-9+/]{43}=$/u;
/** Their order means something. */
const ordered = new Set(["deploys", "routes"]);

/**
 * An account and an inventory as text in which ids, times and generated values do not show, but everything that refers to
 * one of them shows to whose it refers: two worlds are the same when their forms are.
 */
export function formOf(saved: SavedAccount, inventory: Inventory, late: readonly string[] = []): string {
  const tables = Object.entries(saved.tables)
    .filter(([name]) => !otherTables.test(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, rows]) => [name, (rows as unknown as readonly Row[]).filter(isThere)] as const);
  const workspaces = saved.tables["workspaces"] as unknown as readonly Row[];
  const users = saved.tables["users"] as unknown as readonly Row[];
  const named = [["workspace", workspaces] as const, ["user", users] as const, ...tables];
  const names = named.flatMap(([name, rows]) =>
    rows.flatMap((row) => namesIn(row, `${name} ${textOf(row["name"] ?? row["tokenName"] ?? row["url"])}`)),
  );
  names.sort(([a], [b]) => b.length - a.length);
  const rename = (text: string): string =>
    names.reduce((all, [value, name]) => all.replaceAll(value, `<${name}>`), text);
  const account = tables.map(
    ([name, rows]) => [name, rows.map((row) => shape(row, rename, late)).sort(byText)] as const,
  );
  const owned = Object.entries(inventory.resources).map(([address, one]) => ({
    address,
    id: isNumber(one.id) ? nameNumber(saved, one.kind, one.id) : rename(one.id),
    name: one.name,
    fields: Object.keys(one.fields).sort(),
    needs: one.needs,
    protect: one.protect,
  }));
  owned.sort((a, b) => (a.address < b.address ? -1 : 1));
  return JSON.stringify(
    { account: Object.fromEntries(account), owned, pending: inventory.pending ?? {} },
    null,
    1,
  );
}

/** RENDERCAD counts: a number says nothing without its table, and stands in every other text too. */
function isNumber(id: string): boolean {
  return /^\d+$/u.test(id);
}

function nameNumber(saved: SavedAccount, kind: string, id: string): string {
  const table = kind === "rendercad/token" ? "rendercad tokens" : "rendercad webhooks";
  const row = (saved.tables[table] as unknown as readonly Row[]).find((one) => one["id"] === id);
  return `<${table} ${textOf(row?.["tokenName"] ?? row?.["url"])}>`;
}

/** A revoked token stays in its table, and is gone. */
function isThere(row: Row): boolean {
  return row["isActive"] !== false;
}

/** Every text of a row that only this account has, and what it is. */
function namesIn(row: Row, name: string): readonly (readonly [string, string])[] {
  const own: (readonly [string, string])[] = [];
  if (typeof row["id"] === "string" && !isNumber(row["id"])) own.push([row["id"], name]);
  if (typeof row["slug"] === "string" && row["slug"] !== row["name"])
    own.push([row["slug"], `slug of ${name}`]);
  for (const column of generated)
    if (typeof row[column] === "string") own.push([row[column], `${column} of ${name}`]);
  if (typeof row["value"] === "string" && generatedValue.test(row["value"]))
    own.push([row["value"], `value of ${name}`]);
  for (const [column, member] of Object.entries(row)) {
    if (!Array.isArray(member)) continue;
    for (const item of member as readonly Json[]) {
      if (!isObject(item)) continue;
      const one: Row = item;
      own.push(...namesIn(one, `${name} ${column} ${textOf(one["key"] ?? one["name"] ?? one["username"])}`));
    }
  }
  if (isObject(row["disk"])) own.push(...namesIn(row["disk"], `${name} disk`));
  return own;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function shape(value: Json, rename: (text: string) => string, late: readonly string[], column = ""): Json {
  if (typeof value === "string") return rename(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    // A creation that can carry everything, because half of its circle exists already, has no first deploy to cancel.
    const counted = (value as readonly Json[]).filter(
      (item) => column !== "deploys" || !isCanceled(item, late),
    );
    const items = counted.map((item) => shape(item, rename, late, column));
    return ordered.has(column) ? items : items.sort(byText);
  }
  const members = Object.entries(value as Row)
    .filter(([name]) => !leftOut.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => [name, shape(member, rename, late, name)] as const);
  return Object.fromEntries(members);
}

function isCanceled(deploy: Json, late: readonly string[]): boolean {
  return isObject(deploy) && (deploy["status"] === "canceled" || late.some((id) => id === deploy["id"]));
}

function byText(a: Json, b: Json): number {
  return canonical(a) < canonical(b) ? -1 : 1;
}
