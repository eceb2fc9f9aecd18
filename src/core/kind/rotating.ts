import type { Desired } from "../model/desired.ts";
import type { Found } from "../model/live.ts";
import type { WriteDraft, Write } from "../model/write.ts";
import type { Scope } from "./scope.ts";
import type { Reader } from "./reader.ts";
import type { Millis } from "../model/budget.ts";

/**
 * Values that an API shows once, in the answer of the call that makes the object, and how such an object is followed by a
 * new one: a token whose text nobody sees again.
 *
 *     shownOnce         ["token"]: these outputs are in the answer of the creation, and nowhere later
 *     needsDestination  without the value it is of no use: it is not made where nothing takes the value
 *     rotation          how a new one is made beside the old one, proven, and when it is due
 */
export type Rotating = {
  /** Outputs that the API shows once, in the answer of the call that makes the object. */
  readonly shownOnce?: readonly string[];
  /** Without its value it is of no use to anybody: it is not made where nothing takes that. */
  readonly needsDestination?: true;
  /** How another one takes the place of one whose value is shown once. */
  readonly rotation?: {
    /** Two of one name cannot be told apart: the new one has a name of its own until the old one is gone. */
    readonly named: boolean;
    /** The call that makes it beside the old one; its name, where it needs one, is a hole. */
    create(desired: Desired, scope: Scope): WriteDraft;
    /** Whether the live object is due for it, in words: "91 days old". `today` is an ISO date. */
    due?(desired: Desired, found: Found, today: string): string | undefined;
    /** Tries its value; answers with the reason when it does not work. */
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
  sleep(pause: Millis): Promise<void>;
};
