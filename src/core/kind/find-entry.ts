import type { Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import type { Reader } from "./reader.ts";
import type { Found } from "../model/live.ts";
import type { Secret } from "../base/secret.ts";

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
