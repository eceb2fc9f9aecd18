import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deps } from "../../commands/base/deps.ts";
import { savePlanFile } from "../../commands/run/plan-file.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { renderProblemsJson } from "../../views/json/document.ts";
import { problemsOf } from "../cli/base/failure.ts";
import { applyFor } from "./apply.ts";
import { driftFor, validateFor } from "./checks.ts";
import type { Job } from "./job.ts";
import { outputsOf } from "./outputs.ts";
import { RunFollower } from "./follow-run.ts";
import { planFor, rehearseFor } from "./plan.ts";
import type { FailureReason, Result } from "./result.ts";
import { planSettings } from "./inputs.ts";
import { tell } from "./tell.ts";
import type { Runner } from "./runner.ts";

/**
 * One job. Each stage hands its result to the next:
 *
 *   do       the command, as on the command line; a failure is a result as well
 *   keep     its documents, as files for later steps
 *   tell     comment, check run, annotations, summary: what cannot be told is a warning and changes nothing
 *   answer   outputs, and whether the job fails
 */
export async function runAction(job: Job, deps: Deps, runner: Runner): Promise<number> {
  const follower = new RunFollower(job, runner);
  const { result, pull } = await doCommand(job, follower.follow(deps), follower);
  await follower.end();
  const files = await keepFiles(result, runner);
  const comment = await tell(result, job, pull, runner);
  const told = { ...files, ...(comment !== undefined && { comment }) };
  for (const [name, value] of outputsOf(result, told)) runner.setOutput(name, value);
  return result.failure === undefined ? 0 : 1;
}

type Done = { readonly result: Result; readonly pull?: number };

async function doCommand(job: Job, deps: Deps, follower: RunFollower): Promise<Done> {
  const { inputs, event } = job;
  const input = planSettings(inputs);
  const here = event.event === "pull-request" ? { pull: event.number } : {};
  try {
    switch (inputs.command) {
      case "validate":
        return { result: await validateFor(input, deps), ...here };
      case "drift":
        return { result: await driftFor(job, input, deps), ...here };
      case "plan":
        return event.event === "pull-request" && !hasKey(job)
          ? { result: await rehearseFor(job, event.base, input, deps), ...here }
          : { result: await planFor(job, input, deps), ...here };
      case "apply":
        return { result: await applyFor(job, input, deps, follower.found), ...follower.known() };
      default:
        return inputs.command satisfies never;
    }
  } catch (error) {
    return { result: failureOf(error), ...here, ...follower.known() };
  }
}

/** On a fork there are no secrets: an empty variable is what `${{ secrets.NAME }}` is there. */
function hasKey({ environment }: Job): boolean {
  return ["RENDER_API_KEY", "RENDERCAD_API_TOKEN"].some((name) => (environment[name] ?? "") !== "");
}

function failureOf(error: unknown): Result {
  const problems = problemsOf(error);
  const codes = error instanceof ProblemError ? problems.map(({ code }) => code) : [];
  return { shows: "problems", problems, json: renderProblemsJson(problems), failure: reasonOf(codes) };
}

const reasons: { readonly [code: string]: FailureReason } = {
  "not-reviewed": "plan-changed",
  "plan-moved": "plan-changed",
  locked: "state-locked",
  "lock-lost": "state-locked",
  "rate-limited": "rate-limited",
  "wait-too-long": "rate-limited",
  "incomplete-read": "incomplete",
};

function reasonOf(codes: readonly string[]): FailureReason {
  const [found] = codes.flatMap((code) => reasons[code] ?? []);
  return found ?? "failed";
}

/** Kept where later steps find them, and an upload as artifact can take them. */
async function keepFiles(
  result: Result,
  { temporary }: Runner,
): Promise<{ readonly json: string; readonly plan?: string }> {
  const folder = await mkdtemp(join(temporary ?? tmpdir(), "trueup-"));
  const json = join(folder, "trueup.json");
  await writeFile(json, result.json, { mode: 0o600 });
  if (result.shows !== "plan") return { json };
  const plan = join(folder, "plan.json");
  await savePlanFile(plan, result.plan);
  return { json, plan };
}
