import type { Millis } from "../model/budget.ts";
import type { Scope } from "./scope.ts";
import type { Reader } from "./reader.ts";
import type { Secret } from "../base/secret.ts";

/** How to wait for something: `check` is asked again and again until it answers `ready`. */
export type Readiness = {
  /** The word for being ready, as in "it is not available": `available`, `live`. */
  readonly until: string;
  /** How long a run waits at most. */
  readonly timeout: Millis;
  /** How long it usually takes (recorded); for the schedule. */
  readonly typical: Millis;
  /** How the object of that id is now; `failed` says in words why it will never be ready. */
  check(reader: Reader, id: string): Promise<"ready" | "waiting" | { readonly failed: string }>;
  /** The last lines that the program wrote, for when it has failed or taken too long; `undefined` where there are none. */
  readonly log?: (reader: Reader, scope: Scope, id: string) => Promise<FailureLog | undefined>;
};

/** Lines as a program wrote them, oldest first, and the secrets of its environment, which they may repeat. */
export type FailureLog = { readonly lines: readonly string[]; readonly secrets: readonly Secret[] };
