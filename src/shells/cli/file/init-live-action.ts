import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { count } from "../../../core/base/text.ts";
import { verdictOfProblems } from "../../../core/planning/verdict.ts";
import { runExport, type Exported } from "../../../commands/export/export.ts";
import { runInit } from "../../../commands/init.ts";
import { escapeText } from "../../../views/base/escape.ts";
import { printDocument } from "../../../views/json/document.ts";
import { renderProblems } from "../../../views/base/problems.ts";
import type { AccountOptions } from "../base/common-options.ts";
import { exitCodeOf } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export async function initFromLive(
  input: { readonly file?: string },
  options: AccountOptions & { readonly literals: readonly string[] },
  shell: Shell,
): Promise<number> {
  const session = await openSession(options, shell);
  try {
    let exported: Exported | undefined;
    const { name, text } = await runInit(input, session.deps, async () => {
      session.follower.read();
      exported = await runExport({ literals: options.literals }, session.deps);
      session.follower.end();
      return exported.text;
    });
    await writeFile(resolve(session.deps.folder, name), text, { flag: "wx" });
    const { problems = [], resources = [] } = exported ?? {};
    const verdict = verdictOfProblems(problems);
    if (options.json) shell.stdout.write(printDocument("init", verdict, { file: name, resources, problems }));
    else {
      shell.stderr.write(renderProblems(problems, findScreen(shell.stderr, shell.env, options)));
      const made = `Wrote ${escapeText(name)} with ${count(resources.length, "resource")}.`;
      shell.stdout.write(`${made} See what it would adopt: trueup plan\n`);
    }
    return exitCodeOf(verdict);
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
