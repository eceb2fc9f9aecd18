import type { CommanderError } from "commander";
import { asStart } from "../../core/base/text.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { renderProblemsJson } from "../../views/json/document.ts";
import { renderProblems } from "../../views/base/problems.ts";
import { findScreen, type Shell } from "./base/shell.ts";
import { findHabit } from "./habits.ts";

/** Tells what is wrong with a command line, as every other problem is told: with what to do, and as JSON where that was asked for. */
export function reportUsage(error: CommanderError, args: readonly string[], shell: Shell): void {
  const problems = [describeUsage(error, args)];
  if (args.includes("--json")) shell.stdout.write(renderProblemsJson(problems));
  else {
    const screen = findScreen(shell.stderr, shell.env, { color: !args.includes("--no-color") });
    shell.stderr.write(renderProblems(problems, screen));
  }
}

/** The parser's sentence, `error: unknown option '--shedule'\n(Did you mean --schedule?)`, as a problem. */
function describeUsage({ message }: CommanderError, args: readonly string[]): Problem {
  const [said = "", suggestion] = message.split("\n");
  const sentence = asStart(said.replace(/^error: /u, "")).replace(/\.$/u, "");
  const command = args.find((word) => !word.startsWith("-"));
  const explain = `${["trueup", ...(command === undefined ? [] : [command])].join(" ")} --help explains what there is.`;
  const remedy = findHabit(args) ?? suggestion?.replace(/^\((.*)\)$/u, "$1") ?? explain;
  return problem("error", "usage", `${sentence}.`, remedy);
}
