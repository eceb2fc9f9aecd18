import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { runExport, type Exported } from "../../../commands/export/export.ts";
import { runInit } from "../../../commands/init.ts";
import { escapeText } from "../../../views/base/escape.ts";
import { renderProblems } from "../../../views/base/problems.ts";
import type { AccountOptions } from "../base/common-options.ts";
import { exitCodeOfProblems } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export async function initFromLive(
  input: { readonly file?: string },
  { literals, ...given }: Omit<AccountOptions, "json" | "color"> & { readonly literals: readonly string[] },
  shell: Shell,
): Promise<number> {
  const options: AccountOptions = { ...given, json: false, color: true };
  const session = await openSession(options, shell);
  try {
    let exported: Exported | undefined;
    const { name, text } = await runInit(input, session.deps, async () => {
      session.follower.read();
      exported = await runExport({ literals }, session.deps);
      session.follower.end();
      return exported.text;
    });
    await writeFile(resolve(session.deps.folder, name), text, { flag: "wx" });
    const problems = exported?.problems ?? [];
    shell.stderr.write(renderProblems(problems, findScreen(shell.stderr, shell.env, { color: true })));
    const many = exported?.resources.length ?? 0;
    shell.stdout.write(
      `Wrote ${escapeText(name)} with ${many} resources. See what it would adopt: trueup plan\n`,
    );
    return exitCodeOfProblems(problems);
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
