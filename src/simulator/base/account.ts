import { isObject } from "../../core/base/json.ts";
import { cursorKey, xidOf } from "./ids.ts";
import { IndexedRows } from "./indexed-rows.ts";

/** A row of a table: plain JSON, which routes change in place and `--save` writes as it is. */
export type Row = { readonly id: string };

/** The name of a table, with the type of its rows. Each kind defines its own table. */
export type Table<R extends Row> = { readonly name: string; readonly rowType?: R };

/** A table for rows of a type: `defineTable<Project>("projects")`. */
export function defineTable<R extends Row>(name: string): Table<R> {
  return { name };
}

/**
 * An index of a table: finds rows by something that they hold, without going through all of them, since tables can
 * have ten thousand rows. `keysOf` is read when a row is inserted, and again when `Account.reindex` is told that the
 * row holds something else.
 */
export type Index<R extends Row> = {
  readonly table: Table<R>;
  readonly name: string;
  readonly keysOf: (row: R) => readonly string[];
};

/** An index of a table: `defineIndex(services, "slug", (service) => [service.slug])`. */
export function defineIndex<R extends Row>(
  table: Table<R>,
  name: string,
  keysOf: (row: R) => readonly string[],
): Index<R> {
  return { table, name: `${table.name} by ${name}`, keysOf };
}

/** A workspace, which owns resources. `type` is `user` for the personal workspace of a user. */
export type Workspace = Row & { name: string; email: string; type: "user" | "team" };
/** The table of workspaces. */
export const workspaces = defineTable<Workspace>("workspaces");

/** A user, who has one API key. The key reaches every workspace of the user and nothing else (documented). */
export type User = Row & { name: string; email: string; key: string; workspaceIds: string[] };
/** The table of users. */
export const users = defineTable<User>("users");

/** An account as `--save` writes it and `--load` reads it. */
export type SavedAccount = {
  readonly version: 1;
  readonly tables: { readonly [table: string]: readonly Row[] };
  /** The name by which its simulator was known to clients, so that they find the state of this account again. */
  readonly simulator?: string;
};

/** Checks parsed JSON that `--save` wrote. Throws an `Error` where it is no saved account, or of another version. */
export function readSavedAccount(saved: unknown): SavedAccount {
  if (!isObject(saved) || !isObject(saved["tables"])) {
    throw new Error("this is not a saved account: it has no tables; write one with trueup sim --save");
  }
  if (saved["version"] !== 1) {
    throw new Error(
      `this account was saved in format ${String(saved["version"])}, which this version cannot read`,
    );
  }
  return { version: 1, tables: saved["tables"] as SavedAccount["tables"] };
}

/** All rows of both APIs, by table and id, in the order in which they were made. */
export class Account {
  readonly #tables = new Map<string, Map<string, Row>>();
  /** Indexes by their names; each is made when it is first asked. */
  readonly #indexes = new Map<string, IndexedRows>();
  /** By the key of a cursor, the id of a removed row, so that its cursor still tells where to go on. */
  readonly #removed = new Map<string, string>();

  list<R extends Row>(table: Table<R>): R[] {
    return [...this.#rows(table).values()];
  }

  /** The rows that fit, in the order they were made, without a copy of the whole table. */
  filter<R extends Row>(table: Table<R>, fits: (row: R) => boolean): R[] {
    const fitting: R[] = [];
    for (const row of this.#rows(table).values()) if (fits(row)) fitting.push(row);
    return fitting;
  }

  /** The rows that an index has under a key. */
  lookup<R extends Row>(index: Index<R>, key: string): R[] {
    let indexed = this.#indexes.get(index.name);
    if (!indexed) {
      // Rows of a table are of the type that its index reads: `defineIndex` joins the two.
      indexed = new IndexedRows(index.table.name, index.keysOf as (row: Row) => readonly string[]);
      this.#indexes.set(index.name, indexed);
      for (const row of this.#rows(index.table).values()) indexed.put(row);
    }
    return indexed.get(key) as R[];
  }

  /**
   * Brings indexes up to date. It is called when a row in the table holds other things than when it was inserted, and
   * an index is made of them.
   */
  reindex<R extends Row>(table: Table<R>, row: R): void {
    for (const indexed of this.#indexes.values()) if (indexed.table === table.name) indexed.put(row);
  }

  /** Finds the first row that fits, without a copy of the table: tables can have ten thousand rows. */
  search<R extends Row>(table: Table<R>, fits: (row: R) => boolean): R | undefined {
    for (const row of this.#rows(table).values()) if (fits(row)) return row;
    return undefined;
  }

  find<R extends Row>(table: Table<R>, id: string): R | undefined {
    return this.#rows(table).get(id);
  }

  count(table: Table<Row>): number {
    return this.#rows(table).size;
  }

  insert<R extends Row>(table: Table<R>, row: R): R {
    const rows = this.#rows(table);
    if (rows.has(row.id)) throw new Error(`${table.name} has a row ${row.id} already`);
    rows.set(row.id, row);
    this.reindex(table, row);
    return row;
  }

  /**
   * Changes the row of this id, or makes it. It is for settings, which are written as a whole and have the id of what
   * they belong to.
   */
  put<R extends Row>(table: Table<R>, row: R): R {
    const current = this.find(table, row.id);
    return current ? Object.assign(current, row) : this.insert(table, row);
  }

  remove(table: Table<Row>, id: string): void {
    this.#rows(table).delete(id);
    for (const indexed of this.#indexes.values()) if (indexed.table === table.name) indexed.remove(id);
    this.forgetLater(id);
  }

  /**
   * Remembers the place of a row that is taken out of another row (an env var, a route), as `remove` does for rows of
   * a table.
   */
  forgetLater(id: string): void {
    this.#removed.set(cursorKey(id), xidOf(id));
  }

  /** The xid of a removed row, by the key of its cursor. */
  removedXid(key: string): string | undefined {
    return this.#removed.get(key);
  }

  save(): SavedAccount {
    const tables = Object.fromEntries([...this.#tables].map(([name, rows]) => [name, [...rows.values()]]));
    return structuredClone({ version: 1, tables });
  }

  restore(saved: SavedAccount): void {
    this.#tables.clear();
    this.#indexes.clear();
    for (const [name, rows] of Object.entries(structuredClone(saved.tables))) {
      this.#tables.set(name, new Map(rows.map((row) => [row.id, row])));
    }
  }

  /** Another account with the saved rows, for a list that lags. Changes of it do not reach this account. */
  shownAs(saved: SavedAccount): Account {
    const shown = new Account();
    for (const [name, rows] of Object.entries(saved.tables))
      shown.#tables.set(name, new Map(rows.map((row) => [row.id, row])));
    for (const [key, xid] of this.#removed) shown.#removed.set(key, xid);
    return shown;
  }

  #rows<R extends Row>(table: Table<R>): Map<string, R> {
    const rows = this.#tables.get(table.name) ?? new Map<string, Row>();
    this.#tables.set(table.name, rows);
    // The name of a table stands for the type of its rows: `defineTable` alone joins the two.
    return rows as Map<string, R>;
  }
}
