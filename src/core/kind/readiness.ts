import type { Millis } from "../model/budget.ts";
import type { Scope } from "./scope.ts";
import type { Reader } from "./reader.ts";
import type { Secret } from "../base/secret.ts";

/** Something to wait for, polled until it answers `ready`. */
export type Readiness = {
  /** In the sentence "it is not ...": `available`, `live`. */
  readonly until: string;
  readonly timeout: Millis;
  /** How long it usually takes (recorded); for the schedule. */
  readonly typical: Millis;
  check(reader: Reader, id: string): Promise<"ready" | "waiting" | { readonly failed: string }>;
  /** What it wrote, once it has failed or taken too long. */
  readonly log?: (reader: Reader, scope: Scope, id: string) => Promise<FailureLog | undefined>;
};

/** Lines as a program wrote them, oldest first, and the secrets of its environment, which they may repeat. */
export type FailureLog = { readonly lines: readonly string[]; readonly secrets: readonly Secret[] };
