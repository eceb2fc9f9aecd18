import type { Provider } from "../base/address.ts";

/** Query parameters; an array is comma-joined, as Render documents. */
export type Query = { readonly [name: string]: string | readonly string[] };

/**
 * All that planning, drift and export may do with an API. There is no method that writes, and the object behind it has
 * none either. Every method answers completely or throws a `ProblemError`.
 */
export interface Reader {
  /** The parsed body; a 404 is `undefined`, every other failure throws. */
  get(path: string, query?: Query): Promise<unknown>;
  /** Every item of a list, `envelope` taken off, all pages; a page that is not full is the last. */
  list(path: string, query: Query, envelope: string | null): Promise<readonly unknown[]>;
  /** The same, and only an empty page is the last: a call more, for what is written back as a whole. */
  listToEnd(path: string, query: Query, envelope: string | null): Promise<readonly unknown[]>;
}

/** The account of each provider. One that the run does not need has a reader that refuses. */
export type Readers = { readonly [provider in Provider]: Reader };
