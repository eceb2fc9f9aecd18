import type { Millis } from "../model/budget.ts";
import type { StepId } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";

/** The result of a rehearsal: a plan was done to a simulated account that looks like the live one. */
export type Rehearsal = {
  readonly formatVersion: "1.0";
  /** `refused`: the plan has refusals or errors, and nothing was rehearsed. */
  readonly verdict: "converges" | "does-not-converge" | "fails" | "refused";
  /** Calls that write. */
  readonly writes: number;
  /** Calls of the run by budget, reads included. */
  readonly calls: { readonly [budget: string]: number };
  /** How long the run would take with the documented limits, if nothing else spends them. */
  readonly took: Millis;
  /** What a second plan would still do. */
  readonly left: readonly StepId[];
  /** Steps that only the real plan or only the rehearsed one has: the more of them, the less the rehearsal says. */
  readonly differs: readonly StepId[];
  readonly problems: readonly Problem[];
  readonly crashes?: CrashRehearsal;
};

/** The result of killing the rehearsed run at every point, and running again. */
export type CrashRehearsal = {
  /** How many points there were: right before and right after each write. */
  readonly points: number;
  /** Points after which another run did not come to the same end. */
  readonly wrong: readonly {
    readonly point: number;
    readonly left: readonly StepId[];
    readonly why: string;
  }[];
};
