import type { Block, What } from "./model.ts";

/** Rows by table, as the simulator saves them: JSON, read here by column names and by nothing of the program. */
export type Row = { readonly [column: string]: unknown };
export type Tables = { readonly [table: string]: readonly Row[] };

export const tableOf: { readonly [what in What]: string } = {
  service: "services",
  group: "environmentGroups",
  database: "postgres",
  keyValue: "keyValues",
  webhook: "webhooks",
  token: "rendercad tokens",
  cadWebhook: "rendercad webhooks",
};

/** Whose rows count: one workspace, and all RENDERCAD tokens but the one the program itself runs with. */
export type Reach = { readonly owner: string; readonly ownToken: string };

/** What is there of a kind; a revoked token stays in its table and is gone. */
export function reachable(tables: Tables, what: What, { owner, ownToken }: Reach): readonly Row[] {
  const rows = tables[tableOf[what]] ?? [];
  if (what === "token") return rows.filter((row) => row["isActive"] !== false && row["token"] !== ownToken);
  return what === "cadWebhook" ? rows : rows.filter((row) => row["ownerId"] === owner);
}

/** What a block is found by: its name, a RENDERCAD webhook by its URL. */
export function labelOf(block: Block): string {
  return block.what === "cadWebhook" ? block.url : block.name;
}

export function labelOfRow(what: What, row: Row): string {
  const column = what === "token" ? "tokenName" : what === "cadWebhook" ? "url" : "name";
  return String(row[column]);
}

/** Without what one has behind its name while another one takes over: `o-database-1-0123abcd`, `o-token-1.0123abcd`. */
export function stemOf(label: string): string {
  return label.replace(/^(o-[a-z]+-\d)[-.][0-9a-f]{8}$/u, "$1");
}

export function idOf(row: Row): string {
  return String(row["id"]);
}

/** Rows inside a row: variables, domains, deploys. */
export function partsOf(row: Row | undefined, column: string): readonly Row[] {
  const parts = row?.[column];
  return Array.isArray(parts) ? (parts as readonly Row[]) : [];
}

/** Variables by key. */
export function variablesOf(row: Row | undefined): ReadonlyMap<string, string> {
  return new Map(partsOf(row, "envVars").map((entry) => [String(entry["key"]), String(entry["value"])]));
}
