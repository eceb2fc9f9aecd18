import { defineTable, type Row } from "../../base/account.ts";
import type { World } from "../../base/world.ts";

const counters = defineTable<Row & { latest: number }>("rendercad numbers");

/**
 * The next number of a table, as a database gives them: never one that was used, also after a delete. Rows keep it as
 * a text.
 */
export function nextNumber(world: World, table: { readonly name: string }): string {
  const counter =
    world.account.find(counters, table.name) ??
    world.account.insert(counters, { id: table.name, latest: 100 });
  counter.latest += 1;
  return String(counter.latest);
}
