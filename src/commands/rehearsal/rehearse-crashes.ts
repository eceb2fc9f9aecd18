import type { Millis } from "../../core/model/budget.ts";
import { canonical } from "../../core/base/json.ts";
import { hasWork, type Plan, type StepId } from "../../core/model/plan.ts";
import type { CrashRehearsal } from "../../core/planning/rehearsal.ts";
import type { RunReport } from "../../core/run/report.ts";
import type { SavedAccount } from "../../simulator/base/account.ts";
import { makeMemory, type Memory } from "../../store/partition/memory-store.ts";
import type { Deps } from "../base/deps.ts";
import type { PlanInput } from "../planning/plan-input.ts";
import type { Seed } from "./rehearsal-seed.ts";
import { openRehearsalPlace, writeNow, type RehearsalPlace } from "./rehearsal-place.ts";

/** Account and state at one moment: what a run that is killed there leaves behind. */
export type Moment = { readonly account: SavedAccount; readonly memory: Memory; readonly at: Millis };

/** A rehearsed run that came to its end: `end` is the account then, `moments` are those that it could have been killed at. */
export type CrashInput = {
  readonly moments: readonly Moment[];
  readonly end: SavedAccount;
  readonly seed: Seed;
  readonly input: PlanInput;
  readonly deps: Deps;
};

/** The account and the state of a place as they are now. */
export function momentOf({ save, memory, deps }: RehearsalPlace): Moment {
  return { account: save(), memory: makeMemory(memory), at: deps.world.now() };
}

/** `--simulate=crash`: takes up the rehearsed run from every moment it could have been killed at. */
export async function rehearseCrashes(input: CrashInput): Promise<CrashRehearsal> {
  const wrong: CrashRehearsal["wrong"][number][] = [];
  const expected = portraitOf(input.end);
  for (const [point, moment] of input.moments.entries()) {
    const { left, why } = await takeUp(moment, input, expected);
    if (why !== undefined) wrong.push({ point, left, why });
  }
  return { points: input.moments.length, wrong };
}

async function takeUp(
  { account, memory, at }: Moment,
  { seed, input, deps }: CrashInput,
  expected: string,
): Promise<{ readonly left: readonly StepId[]; readonly why?: string }> {
  const place = await openRehearsalPlace({ seed, account, memory, at }, deps);
  try {
    let report = await carryOn(place, input);
    let again = await place.plan(input);
    const from = sentAgainFrom(again.plan);
    if (from !== undefined) {
      const { now, sleep } = place.deps.world;
      await sleep(Math.max(0, from - now()));
      report = await carryOn(place, input);
      again = await place.plan(input);
    }
    const left = again.plan.steps
      .filter((step) => step.step !== "write" || !step.optional)
      .map(({ id }) => id);
    if (report && report.verdict !== "done")
      return { left, why: report.problems[0]?.message ?? report.verdict };
    if (left.length > 0) return { left, why: "there was still something to do" };
    return portraitOf(place.save()) === expected ? { left } : { left, why: "other objects were there" };
  } finally {
    await place.close();
  }
}

async function carryOn(place: RehearsalPlace, input: PlanInput): Promise<RunReport | undefined> {
  const planned = await place.plan(input);
  return hasWork(planned.plan) ? writeNow(planned, place.deps) : undefined;
}

/**
 * When a later run may send a creation again whose answer was lost. Until then it is left, because a list may still show the
 * object. `undefined`: there is no such creation.
 */
function sentAgainFrom({ changes }: Plan): Millis | undefined {
  const times = changes
    .flatMap(({ notes }) => notes)
    .flatMap((note) => (note.note === "uncertain" && note.from !== undefined ? [note.from] : []));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Tables that tell what happened, and when: two ways to the same objects differ in them. */
const logs = ["auditLogs", "events", "webhook events"];

/** Which objects there are, by table and name, each as often as it is there; ids, times, logs and what was revoked aside. */
function portraitOf({ tables }: SavedAccount): string {
  const named = Object.entries(tables)
    .filter(([table]) => !logs.includes(table))
    .map(([table, rows]) => {
      const there = rows.filter((row) => !("isActive" in row) || row.isActive === true);
      return [table, there.map(nameOf).sort()] as const;
    });
  return canonical(Object.fromEntries(named));
}

function nameOf(row: object): string {
  if ("name" in row) return String(row.name);
  if ("tokenName" in row) return String(row.tokenName);
  return "url" in row ? String(row.url) : "";
}
