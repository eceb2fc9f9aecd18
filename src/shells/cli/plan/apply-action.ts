import { runApply } from "../../../commands/apply.ts";
import { verdictOfRun } from "../../../core/planning/verdict.ts";
import type { RunReport } from "../../../core/run/report.ts";
import { renderRunJson } from "../../../views/json/plan-json.ts";
import { renderRun, renderUngiven } from "../../../views/run/run.ts";
import type { Deps } from "../../../commands/base/deps.ts";

import { quote } from "../base/command-line.ts";
import { writeGuarded } from "./guarded-command.ts";
import type { CommonOptions } from "../base/common-options.ts";
import { exitCodeOf } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { documentFormat, writeRunDocument } from "./documents.ts";
import { planInput } from "./plan-action.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { GuardOptions, ValueOptions } from "./guard-options.ts";

export type ApplyOptions = CommonOptions &
  GuardOptions &
  ValueOptions & {
    readonly yes: boolean;
    readonly resume: boolean;
    readonly maxDuration?: number;
    readonly lockTimeout?: number;
  };

export async function apply(
  planFile: string | undefined,
  options: ApplyOptions,
  shell: Shell,
): Promise<number> {
  const words = ["trueup apply", ...(planFile === undefined ? [] : [quote(planFile)])];
  const switches = [...(options.yes ? ["--yes"] : []), ...(options.resume ? ["--resume"] : [])];
  const answer = (flags: readonly string[]): string =>
    writeGuarded([...words, ...switches].join(" "), options, flags);
  return applyOnce({ options, shell, answer }, (deps) => {
    const input = {
      ...planInput(options, options.adopt),
      yes: options.yes,
      resume: options.resume,
      ...(options.maxDuration !== undefined && { maxDuration: options.maxDuration }),
      ...(options.lockTimeout !== undefined && { lockTimeout: options.lockTimeout }),
      ...(planFile !== undefined && { planFile }),
    };
    return runApply(input, deps);
  });
}

/** What apply and destroy have in common: progress while it goes on, then the report, then the exit code. */
export async function applyOnce(
  {
    options,
    shell,
    answer,
  }: {
    readonly options: CommonOptions;
    readonly shell: Shell;
    /** The command line again, with flags that answer what was refused. */
    readonly answer: (flags: readonly string[]) => string;
  },
  run: (deps: Deps) => Promise<RunReport>,
): Promise<number> {
  const session = await openSession(options, shell, answer);
  try {
    session.follower.read();
    const report = await run(session.deps);
    session.follower.end();
    // Ctrl-C at the question is no answer to it.
    const isStopped = report.verdict === "declined" && session.deps.world.stop.aborted;
    const verdict = isStopped ? "interrupted" : verdictOfRun(report);
    const format = documentFormat(options);
    if (options.json) shell.stdout.write(renderRunJson(report, verdict));
    else if (format) shell.stdout.write(await writeRunDocument(format, report));
    else showReport(report, options, shell);
    return exitCodeOf(verdict);
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}

/** The plan stands on the screen already; of a run that found nothing to do, or was refused, it has said all but what is still without a value. */
function showReport(report: RunReport, options: CommonOptions, shell: Shell): void {
  const isTold = report.verdict === "refused" || (report.verdict === "done" && report.results.length === 0);
  const screen = findScreen(shell.stdout, shell.env, options);
  const text = isTold ? renderUngiven(report, screen) : renderRun(report, screen);
  if (text !== "") shell.stdout.write(`\n${text}`);
}
