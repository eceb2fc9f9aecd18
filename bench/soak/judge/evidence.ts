import type { Files } from "../model.ts";
import type { Reach, Tables } from "../rows.ts";

/**
 * All that the judge knows of one round, as data. `before`: the rows after somebody else's change and before the program
 * ran; `after`: when its last run of the round had ended.
 */
export type Evidence = Reach & {
  readonly before: Tables;
  readonly after: Tables;
  readonly files: Files;
  readonly declared: Declared;
  /** Every flag that was given in the round. */
  readonly flags: readonly string[];
  /** Ids of objects that somebody else made, and keys that somebody else set or deleted, since the last calm round. */
  readonly outside: { readonly made: ReadonlySet<string>; readonly keys: ReadonlySet<string> };
  /** Ids of what was there when the last calm round ended. */
  readonly settled: ReadonlySet<string>;
  /** Nothing was in the way, everything was agreed to, and the run said that it was done. */
  readonly calm: boolean;
  /** What a second run of a calm round wrote. */
  readonly writesAgain: number;
  /** What came out, by where it was found. */
  readonly texts: { readonly [place: string]: string };
  /** Values of the environment, by variable. */
  readonly sources: { readonly [variable: string]: string };
};

/**
 * What any version of the files declared since the last calm round, that one included: nothing else can be the program's.
 * `blocks`: `service o-service-1`, RENDERCAD webhooks by URL. `entries`: `service o-service-1 K_1`.
 */
export type Declared = {
  readonly blocks: ReadonlySet<string>;
  readonly entries: ReadonlySet<string>;
};

/** What is wrong: the number of the rule in `judge.ts`, and a sentence with ids. */
export type Wrong = { readonly rule: number; readonly said: string };
