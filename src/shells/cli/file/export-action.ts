import { lstat, writeFile } from "node:fs/promises";
import { join, parse, resolve } from "node:path";
import { runExport, type Exported } from "../../../commands/export/export.ts";
import type { ExportSize } from "../../../commands/export/export-size.ts";
import { problem, ProblemError } from "../../../core/base/problem.ts";
import { verdictOfProblems } from "../../../core/planning/verdict.ts";
import { mostBytes } from "../../../file/write/write-parts.ts";
import { describeEstimate } from "../../../views/base/duration.ts";
import { printDocument } from "../../../views/json/document.ts";
import { renderProblems } from "../../../views/base/problems.ts";
import { quote } from "../base/command-line.ts";
import { exitCodeOf } from "../base/exit-code.ts";

import { reportFailure } from "../base/failure.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { AccountOptions } from "../base/common-options.ts";

export type ExportOptions = AccountOptions & {
  readonly out?: string;
  readonly workspace?: string;
  readonly literals: readonly string[];
};

export async function exportAccount(options: ExportOptions, shell: Shell): Promise<number> {
  const session = await openSession(options, shell);
  try {
    const target = options.out === undefined ? undefined : resolve(session.deps.folder, options.out);
    if (target !== undefined) await refuseTaken(target, options.out!);
    session.follower.read();
    const { workspace, literals } = options;
    const announce = (size: ExportSize): void => {
      if (size.bytes > mostBytes && target === undefined && !options.json) throw tooLarge(size);
      if (size.calls > 400 && !options.quiet) session.follower.say(describeSize(size));
    };
    const exported = await runExport(
      { literals, announce, ...(workspace !== undefined && { workspace }) },
      session.deps,
    );
    session.follower.end();
    if (target !== undefined) await writeAll(target, exported);
    const verdict = verdictOfProblems(exported.problems);
    if (options.json) shell.stdout.write(printDocument("export", verdict, describeExport(exported)));
    else if (options.out === undefined) shell.stdout.write(exported.text);
    if (!options.json && !options.quiet) shell.stderr.write(suggestLiterals(exported.public));
    if (!options.json)
      shell.stderr.write(renderProblems(exported.problems, findScreen(shell.stderr, shell.env, options)));
    return exitCodeOf(verdict);
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}

/** An export as the document of `--json`: of the accounts, whose they are. */
function describeExport({ accounts: { workspace, rendercadUser }, ...exported }: Exported) {
  return { ...exported, accounts: { workspace, rendercadUser } };
}

/** Before anything is read, since the reads of a large account take minutes. */
async function refuseTaken(target: string, name: string): Promise<void> {
  const isFree = await lstat(target).then(
    () => false,
    () => true,
  );
  if (isFree) return;
  const message = `${name} is there already, and an export is never written over what is there.`;
  throw new ProblemError([
    problem(
      "error",
      "file-exists",
      message,
      "Give another name with --out, or move that away. Nothing was read.",
    ),
  ]);
}

/** `trueup.yaml`, `trueup-2.yaml` and so on: an account that is too large for one file. */
async function writeAll(target: string, { text, others }: Exported): Promise<void> {
  const { dir, name, ext } = parse(target);
  for (const [index, part] of [text, ...others].entries())
    await writeFile(index === 0 ? target : join(dir, `${name}-${index + 1}${ext}`), part, { flag: "wx" });
}

function describeSize({ objects, calls, time, bytes }: ExportSize): string {
  const files = Math.ceil(bytes / mostBytes);
  const inFiles = files > 1 ? `, in ${files} files or so` : "";
  return `${objects} objects: up to ${calls} more calls, ${describeEstimate(time)}; about ${Math.ceil(bytes / 100_000) / 10} MB${inFiles}\n`;
}

function tooLarge(size: ExportSize): ProblemError {
  const message = `The account has ${size.objects} objects, which are too much for one file: about ${Math.ceil(size.bytes / 1_000_000)} MB, and a file may have 10.`;
  const remedy =
    "Give --out FILE, which writes several files, and plan with -f for each. Only the lists were read.";
  return new ProblemError([problem("error", "export-too-large", message, remedy)]);
}

const mostShown = 6;

/** A line for people who know their variables as literals, from Terraform for example. Only keys, and never a value. */
function suggestLiterals(keys: readonly string[]): string {
  if (keys.length === 0) return "";
  const shown = keys.slice(0, mostShown).map((key) => `--literals ${quote(key)}`);
  const more = keys.length > mostShown ? ` ... or --literals '*' for all ${keys.length}` : "";
  return `Values that look public are sync: false; to write them out: ${shown.join(" ")}${more}\n`;
}
