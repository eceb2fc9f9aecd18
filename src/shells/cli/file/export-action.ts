import { lstat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { runExport } from "../../../commands/export/export.ts";
import { problem, ProblemError } from "../../../core/base/problem.ts";
import { printJson } from "../../../views/base/json.ts";
import { renderProblems } from "../../../views/base/problems.ts";
import { exitCodeOfProblems } from "../base/exit-code.ts";

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
    const exported = await runExport(
      { literals, ...(workspace !== undefined && { workspace }) },
      session.deps,
    );
    session.follower.end();
    if (target !== undefined) await writeFile(target, exported.text, { flag: "wx" });
    if (options.json) shell.stdout.write(printJson({ formatVersion: "1.0", ...exported }));
    else if (options.out === undefined) shell.stdout.write(exported.text);
    if (!options.json)
      shell.stderr.write(renderProblems(exported.problems, findScreen(shell.stderr, shell.env, options)));
    return exitCodeOfProblems(exported.problems);
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
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
