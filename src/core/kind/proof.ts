import type { Millis } from "../model/budget.ts";
import type { Reader } from "./reader.ts";
import type { Write } from "../model/write.ts";

/** What may be done to try a value that is shown once. Reads and writes are signed in with that value. */
export type Proof = {
  readonly reader: Reader;
  /** Noted in the journal before it is sent, as every write. */
  send(write: Write): Promise<unknown>;
  /** Puts a file where an answer says, without credentials; whether it was taken. */
  upload(url: string, contentType: string, bytes: Uint8Array): Promise<boolean>;
  sleep(pause: Millis): Promise<void>;
};
