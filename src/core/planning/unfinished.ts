import type { Address } from "../base/address.ts";
import type { Approval } from "./approval.ts";
import type { BudgetName, Millis } from "../model/budget.ts";
import type { Plan, Schedule, Step, StepId } from "../model/plan.ts";
import type { RunRecord, StepRecord, ToldRun } from "../run/run-record.ts";

/** What a step that is left waits for: other steps, a `budget` that has no call before `until` (since 1970), or nothing. */
type Wait =
  | { readonly for: "steps"; readonly steps: readonly StepId[] }
  | { readonly for: "budget"; readonly budget: BudgetName; readonly until: Millis }
  | { readonly for: "nothing" };

/** A step of an approved plan that is not done yet. */
export type LeftStep = {
  readonly step: StepId;
  readonly address: Address;
  readonly status: "left" | "failed" | "uncertain";
  /** The code of the problem that it failed with. */
  readonly code?: string;
  /** What keeps it from starting at once. */
  readonly wait: Wait;
};

/**
 * What an approved plan still has to do, as far as the state tells without asking the accounts. `run` is the last one that
 * worked at it. `next` and `end` (milliseconds since 1970) say when its next step and its end would be, if it is carried on
 * at once; `next` is absent where no step is left.
 */
export type Unfinished = {
  readonly approved: Pick<Approval, "run" | "at" | "by">;
  readonly run: string;
  readonly verdict: RunRecord["verdict"];
  /** Whether that run is at work right now. */
  readonly isRunning: boolean;
  /** How many steps the approved plan has, and how many of them are done. */
  readonly steps: number;
  readonly done: number;
  readonly left: readonly LeftStep[];
  readonly next?: { readonly at: Millis; readonly budget?: BudgetName };
  readonly end: Millis;
};

/** What `findUnfinished` looks at. */
export type UnfinishedInput = {
  readonly approval: Approval;
  /** Newest first. */
  readonly runs: readonly ToldRun[];
  readonly now: Millis;
  /** Says when each of the open steps could start. */
  readonly schedule: (steps: readonly Step[]) => Schedule;
};

/** Tells how far an approved plan has come, from the records of its runs. */
export function findUnfinished({ approval, runs, now, schedule }: UnfinishedInput): Unfinished {
  const { run, at, by, plan } = approval;
  const own = runs.filter((one) => one.plan === plan.hash && one.began >= at);
  const known = followSteps(plan, own);
  const open = plan.steps.filter(({ id }) => !isOver(known.get(id)));
  const timetable = schedule(open);
  const slots = new Map(timetable.slots.map((slot) => [slot.step, slot]));
  const isOpen = new Set(open.map(({ id }) => id));
  const left = open.map(({ id, address, needs }): LeftStep => {
    const { status, code } = known.get(id) ?? { status: "left" };
    const steps = needs.filter((need) => isOpen.has(need));
    const { budget, start = 0 } = slots.get(id) ?? {};
    const limited: Wait =
      budget === undefined ? { for: "nothing" } : { for: "budget", budget, until: now + start };
    return {
      step: id,
      address,
      status: status === "failed" || status === "uncertain" ? status : "left",
      ...(code !== undefined && { code }),
      wait: steps.length > 0 ? { for: "steps", steps } : limited,
    };
  });
  const [first] = timetable.slots;
  const [newest] = own;
  return {
    approved: { run, at, by },
    run: newest?.run ?? run,
    verdict: newest?.verdict ?? "unfinished",
    isRunning: newest?.isRunning ?? false,
    steps: plan.steps.length,
    done: plan.steps.length - open.length,
    left,
    ...(first && {
      next: { at: now + first.start, ...(first.budget !== undefined && { budget: first.budget }) },
    }),
    end: now + timetable.end,
  };
}

/**
 * The last known state of each step. A run that reached its end lists every step that it had to do, so what it does not list
 * was done before. A run that was killed lists only the steps that began.
 */
function followSteps(plan: Plan, runs: readonly RunRecord[]): ReadonlyMap<StepId, Omit<StepRecord, "step">> {
  const known = new Map<StepId, Omit<StepRecord, "step">>();
  for (const { verdict, steps } of runs.toReversed()) {
    const told = new Map(steps.map((one) => [one.step, one]));
    for (const { id } of plan.steps) {
      const now = told.get(id) ?? (verdict === "unfinished" ? undefined : { status: "done" as const });
      // A later run that did not come to this step tells less than an earlier one that failed there.
      const saysMore = now !== undefined && now.status !== "left" && now.status !== "blocked";
      if (saysMore && known.get(id)?.status !== "done") known.set(id, now);
    }
  }
  return known;
}

/** Whether nothing is left to do for a step: it was done, or had nothing to write. */
function isOver(known: Omit<StepRecord, "step"> | undefined): boolean {
  return known?.status === "done" || known?.status === "skipped";
}
