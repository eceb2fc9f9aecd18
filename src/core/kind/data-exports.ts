import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { Found } from "../model/live.ts";
import type { Reader } from "./reader.ts";
import type { Secret } from "../base/secret.ts";
import type { WriteDraft } from "../model/write.ts";

/** `url`: absent until it can be fetched. Whoever has it has the data. */
export type DataExport = { readonly id: string; readonly url?: Secret };

/** How a copy of what an object holds is made and found. */
export type DataExports = {
  /** The call that begins one. */
  begin(address: Address): WriteDraft;
  /** All of an object, also those that are not ready; throws when it is gone. */
  list(reader: Reader, id: string): Promise<readonly DataExport[]>;
  /** Why there can be none now, in words; `undefined` where nothing speaks against it. `today` is an ISO date. */
  hindrance(found: Found, today: string): string | undefined;
  /** How long one usually takes; for the schedule. */
  readonly typical: Millis;
  /** How long is waited for one at most. */
  readonly timeout: Millis;
};
