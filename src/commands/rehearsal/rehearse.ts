import type { Millis } from "../../core/model/budget.ts";
import { type Plan, type StepId, hasWork } from "../../core/model/plan.ts";
import type { Rehearsal } from "../../core/planning/rehearsal.ts";
import type { Deps } from "../base/deps.ts";
import { planRun } from "../plan.ts";
import type { PlanInput } from "../planning/plan-input.ts";
import { momentOf, rehearseCrashes, type Moment } from "./rehearse-crashes.ts";
import { makeSeed } from "./rehearsal-seed.ts";
import { giveState } from "./rehearsal-state.ts";
import { openRehearsalPlace, writeNow, type RehearsalPlace } from "./rehearsal-place.ts";

/**
 * `plan --simulate`: what apply would do, done to a simulated account that looks like the live one. Reads the real
 * account, writes nothing to it, and keeps nothing; `crash` kills the rehearsed run at each of its writes as well.
 */
export async function rehearse(
  input: PlanInput,
  deps: Deps,
  { crash }: { readonly crash: boolean },
): Promise<{ readonly plan: Plan; readonly rehearsal: Rehearsal }> {
  const planned = await planRun(input, deps);
  const { plan } = planned;
  const errors = [...plan.problems, ...planned.missing].filter(({ severity }) => severity === "error");
  const stops = [...plan.refusals, ...errors];
  if (stops.length > 0) return { plan, rehearsal: { ...nothing, verdict: "refused", problems: stops } };
  const seed = makeSeed(planned);
  // The real plan's guards have been asked; here everything that it may do is agreed to.
  const agreed = { ...input, adopt: true };
  const moments: Moment[] = [];
  const place: RehearsalPlace = await openRehearsalPlace(
    {
      seed,
      account: [seed.live],
      latency: usualLatency,
      ...(crash && { onWrite: () => void moments.push(momentOf(place)) }),
    },
    deps,
  );
  try {
    await giveState(place, planned, seed);
    const rehearsal = await run(place, plan, agreed);
    const end = place.save();
    if (!crash || rehearsal.verdict !== "converges") return { plan, rehearsal };
    const crashes = await rehearseCrashes({ moments, end, seed, input: agreed, deps });
    return { plan, rehearsal: { ...rehearsal, crashes } };
  } finally {
    await place.close();
  }
}

/** Recorded median of all calls. */
const usualLatency: Millis = 600;
const nothing = { formatVersion: "1.0", writes: 0, calls: {}, took: 0, left: [], differs: [] } as const;

async function run(place: RehearsalPlace, real: Plan, input: PlanInput): Promise<Rehearsal> {
  const { deps } = place;
  const before = new Map(place.calls);
  const planned = await place.plan(input);
  const began = deps.world.now();
  const report = hasWork(planned.plan) ? await writeNow(planned, deps) : undefined;
  const took = deps.world.now() - began;
  const counted = [...place.calls].map(
    ([budget, calls]) => [budget, calls - (before.get(budget) ?? 0)] as const,
  );
  const again = await place.plan(input);
  const left = again.plan.steps.filter((step) => step.step !== "write" || !step.optional).map(({ id }) => id);
  const failed = report !== undefined && report.verdict !== "done";
  return {
    formatVersion: "1.0",
    verdict: failed ? "fails" : left.length > 0 ? "does-not-converge" : "converges",
    writes: planned.plan.steps.filter(({ step }) => step === "write").length,
    calls: Object.fromEntries(counted.sort(([a], [b]) => (a < b ? -1 : 1))),
    took,
    left,
    differs: differenceOf(real, planned.plan),
    problems: report?.problems ?? [],
  };
}

function differenceOf(real: Plan, rehearsed: Plan): readonly StepId[] {
  const writes = (plan: Plan): readonly StepId[] =>
    plan.steps.filter(({ step }) => step === "write").map(({ id }) => id);
  const [one, other] = [new Set(writes(real)), new Set(writes(rehearsed))];
  return [...[...one].filter((id) => !other.has(id)), ...[...other].filter((id) => !one.has(id))].sort();
}
