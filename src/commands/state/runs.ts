import { problem, ProblemError } from "../../core/base/problem.ts";
import type { ToldRun } from "../../core/run/run-record.ts";
import type { Store } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import { openStateAlone, type FileInput } from "../files/load.ts";

/** The runs of a state. `place`: where that lies, for people. */
export type ToldRuns = { readonly place: string; readonly runs: readonly ToldRun[] };

/** `runs list`: who ran what, newest first; runs of the last 90 days, killed ones too. */
export async function listRuns(input: FileInput, deps: Deps): Promise<ToldRuns> {
  const { store } = await openStateAlone(input, deps);
  return { place: store.place, runs: await tellRuns(store, deps) };
}

/** All records of a state, newest first. One that holds the lock at this moment is `isRunning`. */
export async function tellRuns(store: Store, deps: Deps): Promise<readonly ToldRun[]> {
  const [runs, lease] = await Promise.all([store.runs(), store.lease()]);
  const running = lease && lease.expires > deps.world.now() ? lease.holder.run : undefined;
  return runs.map((run) => ({ ...run, isRunning: run.verdict === "unfinished" && run.run === running }));
}

/** `runs show RUN`: by its whole name or a beginning that no other run has. */
export async function showRun(name: string, input: FileInput, deps: Deps): Promise<ToldRun> {
  const { runs } = await listRuns(input, deps);
  const exact = runs.find((one) => one.run === name);
  const [first, ...others] = runs.filter((one) => one.run.startsWith(name));
  const found = exact ?? (others.length === 0 ? first : undefined);
  if (found) return found;
  const message = first
    ? `${name} is the beginning of ${others.length + 1} runs.`
    : `There is no run ${name} in the state.`;
  throw new ProblemError([
    problem("error", "run-unknown", message, "trueup runs list names those of the last 90 days."),
  ]);
}
