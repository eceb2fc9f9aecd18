import type { Json } from "../../core/base/json.ts";
import type { Row } from "./account.ts";
import { parseTime, type Microseconds } from "./clock.ts";
import { cursorKey, decodeCursor, encodeCursor, xidOf } from "./ids.ts";
import { answer, fail, type Answer, type Call } from "./route.ts";
import type { World } from "./world.ts";

/** A list to answer with. */
export type Listing<R extends Row> = {
  /** The rows, in the order in which they are shown. */
  readonly rows: readonly R[];
  /**
   * The member that each item stands in: `{ <thing>: {...}, cursor }`. Absent: the answer is a plain array without
   * cursors.
   */
  readonly thing?: string;
  /** The table that cursors belong to, by default `thing`. Env vars and secret files share one (recorded). */
  readonly cursorTable?: string;
  readonly view: (row: R) => Json;
  /** The row's part of its cursor, at most 16 characters; by default that of its id. */
  readonly key?: (row: R) => string;
  /** The row of that key, for tables so large that looking at each id is what a page costs. */
  readonly find?: (key: string) => R | undefined;
  /** When a row was made, for the fault that shows a list as it was half a minute ago. */
  readonly createdAt?: (row: R) => Microseconds;
  readonly maximum?: number;
};

/**
 * Answers one page of a list, by `?cursor=` (empty means from the start, recorded) and `?limit=` (1 to 100, by
 * default 20).
 */
export function answerList<R extends Row>(call: Call, world: World, listing: Listing<R>): Answer {
  const limit = readLimit(call, listing.maximum ?? 100);
  const rows = call.fault === "stale-list" ? settledRows(world, listing) : listing.rows;
  const page = rows.slice(startOf(call, world, listing, rows)).slice(0, pageSize(call, limit));
  const { thing } = listing;
  if (thing === undefined)
    return answer(
      200,
      page.map((row) => listing.view(row)),
    );
  const first = page[0];
  return answer(
    200,
    page.map((row) => ({
      [thing]: listing.view(row),
      cursor: cursorOf(listing, call.fault === "repeated-cursor" && first ? first : row),
    })),
  );
}

function cursorOf<R extends Row>(listing: Listing<R>, row: R): string {
  return encodeCursor(listing.cursorTable ?? listing.thing ?? "", keyOf(listing, row));
}

function keyOf<R extends Row>(listing: Listing<R>, row: R): string {
  return listing.key?.(row) ?? cursorKey(row.id);
}

/**
 * The index of the first row of the page. Where the row of the cursor is gone, the page begins where it was, in lists
 * that have the newest first.
 */
function startOf<R extends Row>(call: Call, world: World, listing: Listing<R>, rows: readonly R[]): number {
  const cursor = call.query.get("cursor") ?? "";
  if (cursor === "") return 0;
  const key = decodeCursor(listing.cursorTable ?? listing.thing ?? "", cursor);
  if (key === undefined) fail(400, "invalid cursor");
  const known = listing.find?.(key);
  const index = known ? rows.indexOf(known) : rows.findLastIndex((row) => keyOf(listing, row) === key);
  if (index !== -1) return index + 1;
  const gone = world.account.removedXid(key);
  if (gone === undefined) fail(400, "invalid cursor");
  const next = rows.findIndex((row) => xidOf(row.id) < gone);
  return next === -1 ? rows.length : next;
}

function readLimit(call: Call, maximum: number): number {
  const text = call.query.get("limit");
  if (text === null || text === "") return 20;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > maximum)
    fail(400, `limit must be between 1 and ${maximum}`);
  return limit;
}

function pageSize(call: Call, limit: number): number {
  return call.fault === "short-page" ? Math.max(1, Math.floor(limit / 2)) : limit;
}

const staleness = 30_000_000;

function settledRows<R extends Row>(world: World, listing: Listing<R>): readonly R[] {
  const { createdAt } = listing;
  if (!createdAt) return listing.rows;
  return listing.rows.filter((row) => createdAt(row) < world.now() - staleness);
}

/**
 * The values of a query parameter that may have several: both `?name=a,b` and `?name=a&name=b`, since the
 * descriptions use both.
 */
export function queryValues(call: Call, name: string): readonly string[] | undefined {
  const values = call.query.getAll(name).flatMap((text) => text.split(","));
  const given = values.filter((value) => value !== "");
  return given.length > 0 ? given : undefined;
}

/** Keeps the rows whose texts are among those that the query asks for. A parameter that is absent keeps all rows. */
export function filterByValues<R>(
  call: Call,
  rows: readonly R[],
  filters: { readonly [parameter: string]: (row: R) => string | undefined },
): readonly R[] {
  const active = Object.entries(filters).flatMap(([parameter, read]) => {
    const wanted = queryValues(call, parameter);
    return wanted ? [{ wanted: new Set(wanted), read }] : [];
  });
  if (active.length === 0) return rows;
  return rows.filter((row) => active.every(({ wanted, read }) => wanted.has(read(row) ?? "")));
}

/**
 * Keeps the rows whose times fit the query (`createdBefore`, `createdAfter` and the like): `filterByTimes(call, rows,
 * { created: (row) => row.createdAt })`.
 */
export function filterByTimes<R>(
  call: Call,
  rows: readonly R[],
  filters: { readonly [prefix: string]: (row: R) => Microseconds | undefined },
): readonly R[] {
  const active = Object.entries(filters).flatMap(([prefix, read]) => {
    const [before, after] = [readQueryTime(call, `${prefix}Before`), readQueryTime(call, `${prefix}After`)];
    return before === undefined && after === undefined ? [] : [{ before, after, read }];
  });
  if (active.length === 0) return rows;
  return rows.filter((row) =>
    active.every(({ before, after, read }) => {
      const time = read(row);
      return time !== undefined && time < (before ?? Infinity) && time > (after ?? -Infinity);
    }),
  );
}

/** The same for rows that have the times `createdAt` and `updatedAt`. */
export function filterByRowTimes<
  R extends { readonly createdAt: Microseconds; readonly updatedAt: Microseconds },
>(call: Call, rows: readonly R[]): readonly R[] {
  return filterByTimes(call, rows, { created: (row) => row.createdAt, updated: (row) => row.updatedAt });
}

/** A time as RFC 3339 or, as one of Render's tools sends it, in seconds since 1970 (both described). */
export function readQueryTime(call: Call, name: string): Microseconds | undefined {
  const text = call.query.get(name);
  if (text === null || text === "") return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1_000_000;
  return (
    parseTime(text) ?? fail(400, `${name} is not a time: use RFC 3339, for example 2026-01-02T03:04:05Z`)
  );
}
