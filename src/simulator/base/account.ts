import { isObject } from "../../core/base/json.ts";
import { cursorKey, xidOf } from "./ids.ts";
import { IndexedRows } from "./indexed-rows.ts";

/** Rows are plain JSON, changed in place by the routes; `--save` writes them as they are. */
export type Row = { readonly id: string };

/** Names a table and carries the type of its rows. Each kind's file defines its own. */
export type Table<R extends Row> = { readonly name: string; readonly rowType?: R };

export function defineTable<R extends Row>(name: string): Table<R> {
  return { name };
}

/**
 * Finds the rows of a table by something they hold, without going through all of them: for tables of ten thousand rows.
 * `keysOf` is read when a row is inserted, and again when `Account.reindex` is told that the row holds something else.
 */
export type Index<R extends Row> = {
  readonly table: Table<R>;
  readonly name: string;
  readonly keysOf: (row: R) => readonly string[];
};

export function defineIndex<R extends Row>(
  table: Table<R>,
  name: string,
  keysOf: (row: R) => readonly string[],
): Index<R> {
  return { table, name: `${table.name} by ${name}`, keysOf };
}

/** The owner of resources. `type` is `user` for somebody's personal workspace. */
export type Workspace = Row & { name: string; email: string; type: "user" | "team" };
export const workspaces = defineTable<Workspace>("workspaces");

/** A person; one key is one user and reaches every workspace of hers, and nothing else (documented). */
export type User = Row & { name: string; email: string; key: string; workspaceIds: string[] };
export const users = defineTable<User>("users");

/** What `--save` writes and `--load` takes back. */
export type SavedAccount = {
  readonly version: 1;
  readonly tables: { readonly [table: string]: readonly Row[] };
  /** What its simulator says to be, so that the state of this account is found again. */
  readonly simulator?: string;
};

/** Reads what `--save` wrote, once it is parsed. */
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

/** Every row of every kind, by table and id, in the order they were made. */
export class Account {
  readonly #tables = new Map<string, Map<string, Row>>();
  /** By the index's name; made when it is first asked. */
  readonly #indexes = new Map<string, IndexedRows>();
  /** Of removed rows, so that a cursor of one still tells where to go on. */
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

  /** To be called when a row in the table holds other things than when it was inserted, and an index is made of them. */
  reindex<R extends Row>(table: Table<R>, row: R): void {
    for (const indexed of this.#indexes.values()) if (indexed.table === table.name) indexed.put(row);
  }

  /** The first row that fits, without a copy of the table: for tables of ten thousand rows. */
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

  /** Changes the row of this id, or makes it: for settings, which are written whole and have the id of what they belong to. */
  put<R extends Row>(table: Table<R>, row: R): R {
    const current = this.find(table, row.id);
    return current ? Object.assign(current, row) : this.insert(table, row);
  }

  remove(table: Table<Row>, id: string): void {
    this.#rows(table).delete(id);
    for (const indexed of this.#indexes.values()) if (indexed.table === table.name) indexed.remove(id);
    this.forgetLater(id);
  }

  /** For rows that live inside another row (env vars, routes): remembers the place of one that is taken out. */
  forgetLater(id: string): void {
    this.#removed.set(cursorKey(id), xidOf(id));
  }

  /** The xid that a cursor's key stood for, when its row is gone. */
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

  /** Another account with these rows: what a list shows that lags. Nothing that is done to it reaches this one. */
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
    // The table's name stands for its row type: only `defineTable` joins the two.
    return rows as Map<string, R>;
  }
}
