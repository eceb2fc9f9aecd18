import type { Desired } from "../model/desired.ts";
import type { Found } from "../model/live.ts";
import type { WriteDraft, Write } from "../model/write.ts";
import type { Scope } from "./scope.ts";
import type { Reader } from "./reader.ts";
import type { Millis } from "../model/budget.ts";

/**
 * Values that an API shows once, in the answer of the call that makes the object, and how such an object is replaced by a new
 * one: a token, whose text no later answer has.
 *
 *     shownOnce         ["token"]: these outputs are in the answer of the creation, and nowhere later
 *     needsDestination  without the value it is of no use: it is not made where nothing takes the value
 *     rotation          how a new one is made beside the old one, proven, and when it is due
 */
export type Rotating = {
  /** Outputs that the API shows once, in the answer of the call that makes the object. */
  readonly shownOnce?: readonly string[];
  /** The object is of no use without its value, so it is not made where nothing in the file takes the value. */
  readonly needsDestination?: true;
  /** How a new object takes the place of an old one. A kind that has `shownOnce` needs this too. */
  readonly rotation?: {
    /** Two objects of one name could not be told apart, so the new one has a name of its own until the old one is deleted. */
    readonly named: boolean;
    /** The call that makes the new object beside the old one; where it needs a name of its own, that is a hole. */
    create(desired: Desired, scope: Scope): WriteDraft;
    /** Why the live object is due to be rotated, in words: "91 days old"; `undefined`: it is not. `today` is an ISO date. */
    due?(desired: Desired, found: Found, today: string): string | undefined;
    /** Tries the new value; answers with the reason when it does not work. */
    prove?(proof: Proof, desired: Desired): Promise<"works" | { readonly failed: string }>;
  };
};

/** The calls with which a kind tries a value that is shown once. All of them are signed in with that value. */
export type Proof = {
  readonly reader: Reader;
  /** Sends a write and gives back its answer. As every write, it is noted in the journal before it is sent. */
  send(write: Write): Promise<unknown>;
  /** Uploads bytes to an address that an answer named, without credentials; answers whether they were taken. */
  upload(url: string, contentType: string, bytes: Uint8Array): Promise<boolean>;
  /** Waits for so many milliseconds; throws when the run was told to stop. */
  sleep(pause: Millis): Promise<void>;
};
