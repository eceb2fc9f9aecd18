import type { Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import type { Reader } from "./reader.ts";
import type { Found } from "../model/live.ts";
import type { Secret } from "../base/secret.ts";

/**
 * Asks for one entry of a list by itself, by the field that it stands in; `undefined` when it is not there. What a list lacks
 * is gone only when this says so as well. A field is not in it whose list is all there is to ask: headers, routes.
 */
export type FindEntry = {
  readonly [field: string]: (
    reader: Reader,
    found: Found,
    entry: string,
    idOf: (address: Address) => string | undefined,
  ) => Promise<Json | Secret | undefined>;
};
