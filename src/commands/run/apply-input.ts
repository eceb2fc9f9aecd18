import type { PlanRecord } from "../../core/run/plan-record.ts";
import type { PlanInput } from "../planning/plan-input.ts";

/** A pull request, and the full id of the commit at its head when it was merged. */
export type Reviewed = Pick<PlanRecord, "pullRequest" | "head">;

/** What `apply`, `destroy` and `rotate` are given besides what the plan is made from. */
export type ApplyInput = PlanInput & {
  /** A plan saved with `plan --out`: applied only if planning again gives the same work. */
  readonly planFile?: string;
  /** The pull request whose plan was reviewed: applied only if planning again gives a plan that was recorded for that commit of it. */
  readonly reviewed?: Reviewed;
  /** The pull request that this is applied for, kept with the approval, so that whoever carries it on tells it there. */
  readonly pullRequest?: number;
  readonly yes: boolean;
  /** Carries on with the approved plan of a run that ended early, and does nothing else. */
  readonly resume?: boolean;
  /** Milliseconds to wait for another run to give the lock back; default 0. */
  readonly lockTimeout?: number;
};
