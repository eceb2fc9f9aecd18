import type { Millis } from "../../core/model/budget.ts";
import { isObject } from "../../core/base/json.ts";
import type { Account, Row, SavedAccount } from "./account.ts";

/**
 * How far a list lags, in milliseconds. A list that lags shows what the account held some time ago, while an object
 * that is asked for by its id is there at once. Nothing in Render's description forbids that, and a list behind a
 * cache or a replica behaves so.
 *
 * `created`: for so long a list does not show what was made. `deleted`: for so long it still shows what is gone.
 * Example: with `created` 5000, a database that was made at 09:00:00 is in `GET /postgres`, and in `GET
 * /postgres?name=main`, from 09:00:05 on.
 */
export type Lag = { readonly created: Millis; readonly deleted: Millis };

/** The account as it was until `until`, kept before each call that may change it. */
type Past = { readonly until: Millis; readonly saved: SavedAccount };

/** Keeps past states of an account, for as long as a list may lag. */
export class AccountHistory {
  readonly #account: Account;
  #pasts: readonly Past[] = [];

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Keeps the state of the account. It is called before each call that may change something; `longest` is the longest
   * time that a list lags.
   */
  keep(now: Millis, longest: Millis): void {
    const younger = this.#pasts.filter(({ until }) => until >= now - longest);
    this.#pasts = [...younger, { until: now, saved: this.#account.save() }];
  }

  /**
   * The account as a list that lags shows it. `asked`: ids in the path of the call, which are found at any age, so
   * that only what is inside of them lags.
   */
  view(now: Millis, lag: Lag, asked: ReadonlySet<string>): Account {
    const recent = this.#pasts.filter(({ until }) => until > now - lag.deleted);
    const whole = recent.reduceRight((shown, { saved }) => showGone(shown, saved), this.#account.save());
    // Without such a state nothing was made since, so nothing has to be hidden.
    const before = this.#pasts.find(({ until }) => until > now - lag.created)?.saved;
    return this.#account.shownAs(before ? hideYoung(whole, before, asked) : whole);
  }
}

type Rows = readonly Row[];
type Column = readonly [name: string, value: unknown];

/** The rows of `now` without those that were not there before, and without what was put into a row since. */
function hideYoung(now: SavedAccount, before: SavedAccount, asked: ReadonlySet<string>): SavedAccount {
  const tables = Object.entries(now.tables).map(([name, rows]) => {
    const known = byId(before.tables[name] ?? []);
    const old = rows.filter(({ id }) => known.has(id) || asked.has(id));
    return [name, old.map((row) => hideYoungParts(row, known.get(row.id)))] as const;
  });
  return { version: 1, tables: Object.fromEntries(tables) };
}

/**
 * A row without those of its parts (a disk, domains, deploys) that it did not have before. A row that is asked for by
 * its id, and was not there before, shows none.
 */
function hideYoungParts(row: Row, before: Row | undefined): Row {
  const parts = Object.entries(row).flatMap(([column, value]: Column): readonly Column[] => {
    const past: unknown = before && Object.entries(before).find(([name]) => name === column)?.[1];
    if (isRow(value)) return isRow(past) && past.id === value.id ? [[column, value]] : [];
    if (!isRows(value)) return [[column, value]];
    const known = byId(isRows(past) ? past : []);
    return [[column, value.filter(({ id }) => known.has(id))]];
  });
  return Object.fromEntries(parts) as Row;
}

/**
 * The rows of `now` with those that were there before and are gone, at their old places; likewise for the parts of a
 * row.
 */
function showGone(now: SavedAccount, before: SavedAccount): SavedAccount {
  const tables = Object.entries(before.tables).map(([name, rows]) => {
    const there = byId(now.tables[name] ?? []);
    const known = byId(rows);
    const old = rows.map((row) => {
      const still = there.get(row.id);
      return still ? showGoneParts(still, row) : row;
    });
    return [name, [...old, ...(now.tables[name] ?? []).filter(({ id }) => !known.has(id))]] as const;
  });
  return { version: 1, tables: { ...now.tables, ...Object.fromEntries(tables) } };
}

function showGoneParts(row: Row, before: Row): Row {
  const gone = Object.entries(before).flatMap(([column, past]: Column): readonly Column[] => {
    const value: unknown = Object.entries(row).find(([name]) => name === column)?.[1];
    if (isRow(past)) return isRow(value) ? [] : [[column, past]];
    if (!isRows(past)) return [];
    const there = byId(isRows(value) ? value : []);
    const lost = past.filter(({ id }) => !there.has(id));
    return lost.length === 0 ? [] : [[column, [...lost, ...there.values()]]];
  });
  // An object that is not removed but ended, as a revoked token, is shown as it was before.
  const revived = "isActive" in before && before.isActive === true ? { isActive: true } : {};
  return { ...row, ...Object.fromEntries(gone), ...revived };
}

function byId(rows: Rows): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

function isRow(value: unknown): value is Row {
  return isObject(value) && typeof value["id"] === "string";
}

/** Whether a column is a list of rows. An empty list counts as one: nothing in it has to be hidden or shown. */
function isRows(value: unknown): value is Rows {
  return Array.isArray(value) && value.every(isRow);
}
