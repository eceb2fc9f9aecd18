import { writeCheck, type Annotation, type Check } from "../../github/checks.ts";
import { keepComment } from "../../github/keep-comment.ts";
import { keepRollup, type RollupLine } from "../../github/keep-rollup.ts";
import { isObject } from "../../core/base/json.ts";
import { escapeText } from "../../views/base/escape.ts";
import { renderRollupMarkdown } from "../../views/markdown/rollup.ts";
import { problemsOf } from "../cli/base/failure.ts";
import { annotationsOf } from "./annotate.ts";
import type { Job } from "./job.ts";
import type { Result } from "./result.ts";
import { annotationsShown, type Runner } from "./runner.ts";
import { commentMarker, commitOf, writeTexts, type Texts } from "./texts.ts";

/**
 * Tells a result wherever a job can: annotations and summary always, a check run and a comment where there is a pull request and a
 * token that may write. Answers with the address of the comment.
 */
export async function tell(
  result: Result,
  job: Job,
  pull: number | undefined,
  runner: Runner,
): Promise<string | undefined> {
  const texts = writeTexts(result, job);
  const annotations = annotationsOf(result, job);
  for (const one of firstOfEach(annotations)) runner.annotate(one);
  await attempt(runner, () => runner.summarize(texts.summary));
  await attempt(runner, () => check(result, job, { texts, annotations }));
  return attempt(runner, () => comment(result, job, { texts, pull }));
}

/** What cannot be told is said in the log with what to do, and fails nothing: the work is done by then. */
async function attempt<T>(runner: Runner, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    for (const { message, remedy, frame } of problemsOf(error))
      runner.warn(escapeText([message, remedy, ...(frame === undefined ? [] : [frame])].join(" ")));
    return undefined;
  }
}

function firstOfEach(annotations: readonly Annotation[]): readonly Annotation[] {
  const levels = ["failure", "warning", "notice"] as const;
  return levels.flatMap((level) =>
    annotations.filter((one) => one.level === level).slice(0, annotationsShown),
  );
}

const conclusions = { true: "failure", false: "success" } as const;

async function check(
  result: Result,
  job: Job,
  { texts, annotations }: { readonly texts: Texts; readonly annotations: readonly Annotation[] },
): Promise<void> {
  const { github, event, inputs, page } = job;
  const commit = commitOf(job);
  if (!github || commit === undefined || (event.event === "pull-request" && event.isFork)) return;
  const one: Check = {
    name: checkName(inputs.label),
    commit,
    conclusion: conclusions[`${result.failure !== undefined}`],
    title: texts.line,
    summary: texts.comment.text,
    // Read again for the roll-up: the line of this label.
    text: JSON.stringify({ label: inputs.label ?? "default", line: texts.line }),
    ...(page !== undefined && { url: page }),
    annotations,
  };
  await writeCheck(github, one);
}

async function comment(
  result: Result,
  job: Job,
  { texts, pull }: { readonly texts: Texts; readonly pull: number | undefined },
): Promise<string | undefined> {
  const { github, inputs, event } = job;
  if (!github || pull === undefined || inputs.comment === "false") return undefined;
  if (event.event === "pull-request" && event.isFork) return undefined;
  const commit = commitOf(job);
  if (inputs.comment === "rollup")
    return commit === undefined
      ? undefined
      : keepRollup(github, pull, { commit, lineOf: readLine, render: renderRollupMarkdown });
  const { text, isTruncated } = texts.comment;
  const marker = commentMarker(job, {
    ...(result.shows === "plan" && { hash: result.plan.hash }),
    ...(isTruncated && { truncated: true as const }),
  });
  return keepComment(github, pull, { marker, body: text, hasChanges: texts.hasChanges }, inputs.comment);
}

function checkName(label: string | undefined): string {
  return label === undefined ? "trueup" : `trueup ${label}`;
}

/** A check run of another program, or one that somebody wrote by hand under our name, has no line. */
function readLine({ name, text }: { readonly name: string; readonly text: string }): RollupLine | undefined {
  if (!name.startsWith("trueup")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value["label"] !== "string" || typeof value["line"] !== "string")
      return undefined;
    return { label: value["label"], text: value["line"] };
  } catch {
    return undefined;
  }
}
