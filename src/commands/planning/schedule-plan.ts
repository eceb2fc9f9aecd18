import type { BudgetName, Millis, Window } from "../../core/model/budget.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import type { Schedule, Step, WaitStep } from "../../core/model/plan.ts";
import type { Reading } from "../../core/schedule/place-reading.ts";
import { makeSchedule } from "../../core/schedule/schedule.ts";
import { kinds } from "../../providers/kinds.ts";
import { readBudget } from "../../providers/render/budgets.ts";
import type { Connection } from "../accounts/connect.ts";
import { perRead } from "../accounts/watch-reads.ts";
import type { Deps } from "../base/deps.ts";

/** Recorded medians: POST of a service 1.9 s, PATCH 1.0 s, POST of a database 0.9 s, a deploy 0.6 s; other writes less. */
function durationOf(step: Step): number {
  if (step.step === "record") return 0;
  if (step.step === "wait") return durationOfWait(step);
  if (step.verb === "create") return 1_900;
  return step.write.method === "PATCH" ? 1_000 : 600;
}

function durationOfWait(step: WaitStep): Millis {
  const { readiness, deploys, dataExports } = kinds.get(step.kind) ?? {};
  switch (step.for) {
    case "ready":
      return readiness?.typical ?? 0;
    case "live":
      return deploys?.live.typical ?? 0;
    case "exported":
      return dataExports?.typical ?? 0;
    // A job takes as long as its program does, which nothing says beforehand; a delivery is a few reads.
    case "job":
    case "delivered":
    case "proven":
      return 0;
    default:
      return step satisfies never;
  }
}

/**
 * When the steps of a plan may start, with what is known of the limits by now. `reads`: the calls that an apply of this plan begins
 * with, since it plans again; none where this run is the one that writes.
 */
export function scheduleOf(
  steps: readonly Step[],
  deps: Deps,
  connection: Connection,
  state: DesiredState,
  reads = 0,
): Schedule {
  return scheduleIn(connection.limiter.windows(), {
    steps,
    state,
    now: deps.world.now(),
    ...(reads > 0 && { reading: { calls: reads, budget: readBudget("/services"), each: perRead } }),
  });
}

/** The same, with what the ledger knows of the limits. */
export function scheduleIn(
  windows: ReadonlyMap<BudgetName, Window>,
  plan: {
    readonly steps: readonly Step[];
    readonly state: DesiredState;
    readonly now: Millis;
    readonly reading?: Reading;
  },
): Schedule {
  return makeSchedule({
    steps: plan.steps.filter((step) => step.step !== "write" || !step.optional),
    now: plan.now,
    windows,
    reserve: plan.state.settings.reserve,
    duration: durationOf,
    concurrency: 4,
    ...(plan.reading && { reading: plan.reading }),
  });
}
