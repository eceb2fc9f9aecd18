type Row = { readonly id: string };

/** What an index knows: which rows stand under which key. A row may stand under several, or under none. */
export class IndexedRows {
  /** The table that the rows are of. */
  readonly table: string;
  readonly #keysOf: (row: Row) => readonly string[];
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #keys = new Map<string, readonly string[]>();

  constructor(table: string, keysOf: (row: Row) => readonly string[]) {
    this.table = table;
    this.#keysOf = keysOf;
  }

  get(key: string): Row[] {
    return [...(this.#rows.get(key)?.values() ?? [])];
  }

  /** Enters the row under its keys of now, and under no others. */
  put(row: Row): void {
    this.remove(row.id);
    // A copy: the list may be the row's own, and change with it.
    const keys = [...this.#keysOf(row)];
    this.#keys.set(row.id, keys);
    for (const key of keys) {
      const rows = this.#rows.get(key) ?? new Map<string, Row>();
      this.#rows.set(key, rows.set(row.id, row));
    }
  }

  remove(id: string): void {
    for (const key of this.#keys.get(id) ?? []) this.#rows.get(key)?.delete(id);
    this.#keys.delete(id);
  }
}
