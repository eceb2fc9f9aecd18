import type { Deps } from "../../../commands/base/deps.ts";
import type { FileInput } from "../../../commands/files/load.ts";
import type { Screen } from "../../../views/base/screen.ts";
import type { CommonOptions } from "./common-options.ts";
import { exitCodes } from "./exit-code.ts";
import { reportFailure } from "./failure.ts";
import { openSession } from "./session.ts";
import { findScreen, type Shell } from "./shell.ts";

/** A command that looks something up and prints it: 0, or what was in the way. */
export async function look(
  options: CommonOptions,
  shell: Shell,
  find: (input: FileInput, deps: Deps, screen: Screen) => Promise<string>,
): Promise<number> {
  const session = await openSession(options, shell);
  try {
    const { file: files, overlay: overlays, label } = options;
    const input = { files, overlays, ...(label !== undefined && { label }) };
    shell.stdout.write(await find(input, session.deps, findScreen(shell.stdout, shell.env, options)));
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
