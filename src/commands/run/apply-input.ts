import type { PlanInput } from "../planning/plan-input.ts";

/** What `apply`, `destroy` and `rotate` are given besides what the plan is made from. */
export type ApplyInput = PlanInput & {
  /** A plan saved with `plan --out`: applied only if planning again gives the same work. */
  readonly planFile?: string;
  readonly yes: boolean;
  /** Carries on with the approved plan of a run that ended early, and does nothing else. */
  readonly resume?: boolean;
  /** Milliseconds to wait for another run to give the lock back; default 0. */
  readonly lockTimeout?: number;
};
