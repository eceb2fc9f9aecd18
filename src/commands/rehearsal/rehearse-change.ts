import { resolve } from "node:path";
import { ProblemError } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { hasWork, type Plan } from "../../core/model/plan.ts";
import type { Rehearsal } from "../../core/planning/rehearsal.ts";
import type { Sources } from "../../engine/memory/resolve.ts";
import type { Deps } from "../base/deps.ts";
import { pathFrom } from "../base/file-path.ts";
import { readFiles } from "../files/read-files.ts";
import type { PlanInput } from "../planning/plan-input.ts";
import { openRehearsalPlace, writeNow, type RehearsalPlace } from "./rehearsal-place.ts";
import type { Seed } from "./rehearsal-seed.ts";

/** What changing a file does, found out without any account. */
export type RehearsedChange = {
  readonly plan: Plan;
  readonly verdict: Rehearsal["verdict"];
  /** Whether the file of before could be read: without it everything counts as new. */
  readonly knowsBefore: boolean;
};

/**
 * Says what a change of the file does where no key is at hand, as on a fork: the file of the base commit is applied to a simulated
 * account that is empty, and then the file as it is now is planned and applied there. No value of this machine comes along. Throws a
 * `ProblemError` for a file that has errors now.
 */
export async function rehearseChange(input: PlanInput, base: string, deps: Deps): Promise<RehearsedChange> {
  const { state: now, problems } = await readFiles(input, deps);
  if (!now) throw new ProblemError(problems);
  const before = await readBefore(input, base, deps);
  const empty = { ...now, resources: [], targets: [] };
  const first = await openRehearsalPlace({ seed: seedOf(before ?? empty), account: [empty] }, deps);
  try {
    if (before) await applyAll(first, input);
    const { memory } = first;
    const at = first.deps.world.now();
    const second = await openRehearsalPlace({ seed: seedOf(now), account: first.save(), memory, at }, deps);
    try {
      return { ...(await planAndApply(second, input)), knowsBefore: before !== undefined };
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

/** A file that had errors, or was not there, was not applied either. */
async function readBefore(input: PlanInput, base: string, deps: Deps): Promise<DesiredState | undefined> {
  const checkout = await deps.checkouts.openCheckout(deps.folder);
  if (!checkout || "unreadable" in checkout || !(await checkout.hasCommit(base))) return undefined;
  const root = await deps.checkouts.realPath(checkout.root);
  const folder = await deps.checkouts.realPath(deps.folder);
  const readFile = async (path: string): Promise<Uint8Array | undefined> => {
    const text = await checkout.readAt(base, pathFrom(root, resolve(folder, path)));
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
  const { state } = await readFiles(input, { ...deps, folder, readFile }).catch((error: unknown) => {
    if (error instanceof ProblemError) return { state: undefined };
    throw error;
  });
  return state;
}

/** The workspace that the file names is none of the simulator's. */
function seedOf(state: DesiredState): Seed {
  const { workspace: _theirs, state: _place, ...settings } = state.settings;
  const desired: DesiredState = { ...state, settings };
  return {
    live: { ...desired, resources: [], targets: [] },
    desired,
    sources: standIns,
    unchanged: () => true,
  };
}

/** Equal sources have equal values, and that is all that counts here. */
const standIns: Sources = {
  environment: (variable) => new Secret(`value of ${variable}`),
  file: (path) => new Secret(`content of ${path}`),
  asked: () => undefined,
  replaceAsked: false,
};

/** Whatever the file of before says was agreed to when it was merged. */
async function applyAll(place: RehearsalPlace, input: PlanInput): Promise<void> {
  const { plan, ...planned } = await place.plan({ ...input, adopt: true });
  if (hasWork(plan)) await writeNow({ ...planned, plan }, place.deps);
}

async function planAndApply(
  place: RehearsalPlace,
  input: PlanInput,
): Promise<Omit<RehearsedChange, "knowsBefore">> {
  const planned = await place.plan(input);
  const { plan, missing } = planned;
  const errors = [...plan.problems, ...missing].filter(({ severity }) => severity === "error");
  if (errors.length > 0 || plan.refusals.length > 0) return { plan, verdict: "refused" };
  if (!hasWork(plan)) return { plan, verdict: "converges" };
  const { verdict } = await writeNow(planned, place.deps);
  if (verdict !== "done") return { plan, verdict: "fails" };
  const again = await place.plan(input);
  return { plan, verdict: hasWork(again.plan) ? "does-not-converge" : "converges" };
}
