import { runApply } from "../../commands/apply.ts";
import type { Deps } from "../../commands/base/deps.ts";
import type { PlanInput } from "../../commands/planning/plan-input.ts";
import type { ApplyInput, Reviewed } from "../../commands/run/apply-input.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { RunReport } from "../../core/run/report.ts";
import { findMergedPull, type Pull } from "../../github/pulls.ts";
import { renderProblemsJson } from "../../views/json/document.ts";
import { renderRunJson } from "../../views/json/plan-json.ts";
import type { Job } from "./job.ts";
import type { FailureReason, Result } from "./result.ts";

/**
 * `apply`. After a merge only what the pull request showed is applied: its plan is made again and has to be one that was recorded
 * for its head. By a clock or by hand, what is left of an approved plan is carried on. Never in a merge queue or a pull request.
 */
export async function applyFor(
  job: Job,
  input: PlanInput,
  deps: Deps,
  /** Told the pull request as soon as it is known: a run that is refused is told there too. */
  found: (pullRequest: number) => void,
): Promise<Result> {
  const { event, inputs } = job;
  if (event.event === "pull-request" || event.event === "merge-group") throw neverHere(event.event);
  const { maxDuration, onStale } = inputs;
  const base: ApplyInput = { ...input, yes: true, ...(maxDuration !== undefined && { maxDuration }) };
  if (event.event === "other") return carryOn(base, deps);
  const pull = await findMerged(job, event.commit);
  if (pull) found(pull.number);
  const reviewed: Reviewed | undefined = pull && { pullRequest: pull.number, head: pull.head };
  if (!reviewed && onStale === "stop") throw noPull(event.commit);
  const given = {
    ...base,
    ...(pull && { pullRequest: pull.number }),
    ...(onStale === "stop" && reviewed && { reviewed }),
  };
  return resultOf(await runApply(given, deps));
}

/** Most of the time nothing is left to carry on: that is no failure of a job that a clock starts. */
async function carryOn(input: ApplyInput, deps: Deps): Promise<Result> {
  try {
    return resultOf(await runApply({ ...input, resume: true }, deps));
  } catch (error) {
    const problems = error instanceof ProblemError ? error.problems : [];
    if (problems.length !== 1 || problems[0]?.code !== "nothing-to-resume") throw error;
    const told = problems.map((one) => ({ ...one, severity: "note" as const }));
    return { shows: "problems", problems: told, json: renderProblemsJson(told) };
  }
}

async function findMerged({ github }: Job, commit: string): Promise<Pull | undefined> {
  return github ? findMergedPull(github, commit) : undefined;
}

function resultOf(report: RunReport): Result {
  const failure = failureOfRun(report);
  return {
    shows: "run",
    report,
    problems: report.problems,
    json: renderRunJson(report),
    ...(failure && { failure }),
  };
}

/** A run that was stopped by its time is no failure: the next job carries it on. */
function failureOfRun({ verdict }: RunReport): FailureReason | undefined {
  if (verdict === "done" || verdict === "stopped") return undefined;
  return verdict === "refused" || verdict === "declined" ? "guard-tripped" : "apply-failed";
}

function neverHere(event: "pull-request" | "merge-group"): ProblemError {
  const where = event === "pull-request" ? "a pull request" : "a merge queue";
  const message = `Nothing is applied in ${where}: its commit is not on the branch yet.`;
  return new ProblemError([
    problem(
      "error",
      "action-event",
      message,
      "Use command: plan here, and command: apply on push to the branch.",
    ),
  ]);
}

function noPull(commit: string): ProblemError {
  const message = `No merged pull request is known for commit ${commit.slice(0, 12)}, so no plan of it was reviewed.`;
  const remedy =
    "Merge by a pull request, and give the job the input github-token with `pull-requests: read`; or say on-stale: replan, which applies what is planned now.";
  return new ProblemError([problem("error", "not-reviewed", message, remedy)]);
}
