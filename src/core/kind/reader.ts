import type { Provider, Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import type { Found } from "../model/live.ts";
import type { Secret } from "../base/secret.ts";

/** Query parameters of a call. The items of an array are joined by commas, as Render documents. */
export type Query = { readonly [name: string]: string | readonly string[] };

/**
 * All that planning, drift and export may do with an API: read. There is no method that writes, and the object behind it
 * has none either. Every method answers completely or throws a `ProblemError`, so a failed read never looks like an absence.
 */
export interface Reader {
  /** The parsed body of an answer. A 404 is `undefined`, every other failure throws. */
  get(path: string, query?: Query): Promise<unknown>;
  /**
   * Every item of a list, from all pages; a page that is not full is the last. `envelope` is the member that an item is
   * wrapped in: `"service"` for `[{ "service": { ... }, "cursor": "..." }]`.
   */
  list(path: string, query: Query, envelope: string | null): Promise<readonly unknown[]>;
  /**
   * Reads a list as `list` does, but only an empty page is the last. It costs a call more, and is for lists that are
   * written back as a whole.
   */
  listToEnd(path: string, query: Query, envelope: string | null): Promise<readonly unknown[]>;
}

/** The account of each provider. One that the run does not need has a reader that refuses. */
export type Readers = { readonly [provider in Provider]: Reader };

/**
 * By field, the call that asks for one entry of a list by itself; it answers `undefined` when the entry is not there. Lists of
 * an API can lag, so an entry that a list lacks is gone only when this call says so as well. Fields whose entries can only
 * be listed are not in it: headers, routes.
 */
export type FindEntry = {
  readonly [field: string]: (
    reader: Reader,
    found: Found,
    entry: string,
    idOf: (address: Address) => string | undefined,
  ) => Promise<Json | Secret | undefined>;
};
