import type { Millis } from "../model/budget.ts";
import type { StepId } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";

/** What became of a plan that was done to a simulated account which looks like the live one. */
export type Rehearsal = {
  readonly formatVersion: "1.0";
  /** `refused`: the plan has refusals or errors, and nothing was rehearsed. */
  readonly verdict: "converges" | "does-not-converge" | "fails" | "refused";
  readonly writes: number;
  /** Calls of the run by budget, reads included. */
  readonly calls: { readonly [budget: string]: number };
  /** How long it would take with the documented limits and nobody else spending them. */
  readonly took: Millis;
  /** What a second plan would still do. */
  readonly left: readonly StepId[];
  /** Steps that only one of the two plans has, the real one and the rehearsed one: the rehearsal then says less. */
  readonly differs: readonly StepId[];
  readonly problems: readonly Problem[];
  readonly crashes?: CrashRehearsal;
};

export type CrashRehearsal = {
  /** Right before and right after each write. */
  readonly points: number;
  /** Points after which another run did not come to the same end. */
  readonly wrong: readonly {
    readonly point: number;
    readonly left: readonly StepId[];
    readonly why: string;
  }[];
};
