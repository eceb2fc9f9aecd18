import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { Found } from "../model/live.ts";
import type { Reader } from "./reader.ts";
import type { Secret } from "../base/secret.ts";
import type { WriteDraft } from "../model/write.ts";

/** A copy of an object's data, made by the API. `url` is absent until the copy can be fetched; who has it can read the data. */
export type DataExport = { readonly id: string; readonly url?: Secret };

/** How a copy of an object's data is made by the API, and found again. */
export type DataExports = {
  /** The call that begins a copy. */
  begin(address: Address): WriteDraft;
  /** All copies of an object, also those that are not ready; throws when the object is gone. */
  list(reader: Reader, id: string): Promise<readonly DataExport[]>;
  /** Why no copy can be made of this object now, in words; `undefined` where one can. `today` is an ISO date. */
  hindrance(found: Found, today: string): string | undefined;
  /** How long a copy usually takes, for the schedule. */
  readonly typical: Millis;
  /** How long a run waits for a copy at most. */
  readonly timeout: Millis;
};
