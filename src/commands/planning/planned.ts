import type { Problem } from "../../core/base/problem.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Ground, Values } from "./find-values.ts";

/**
 * A plan with all that it was made from. It stays in memory and is never written, because it holds secrets: a run resolves
 * its values from the same sources, and signs its digests with the same key.
 */
export type Planned = Ground & {
  readonly plan: Plan;
  readonly values: Values;
  /** Errors for `apply` and for `plan --strict-values`: values whose source is not there. */
  readonly missing: readonly Problem[];
};
