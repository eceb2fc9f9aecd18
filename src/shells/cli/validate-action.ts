import { runValidate } from "../../commands/validate.ts";
import { renderValidation, renderValidationJson } from "../../views/problems.ts";
import type { FileOptions } from "./common-options.ts";
import { exitCodeOfProblems } from "./exit-code.ts";
import { reportFailure } from "./failure.ts";
import { readBytes } from "./read-bytes.ts";
import { findScreen, type Shell } from "./shell.ts";

export async function validate(options: FileOptions, shell: Shell): Promise<number> {
  try {
    const deps = { folder: process.cwd(), readFile: readBytes, world: { now: Date.now } };
    const validation = await runValidate({ files: options.file, overlays: options.overlay }, deps);
    const screen = findScreen(shell.stdout, shell.env, options.color);
    shell.stdout.write(
      options.json ? renderValidationJson(validation) : renderValidation(validation, screen),
    );
    return exitCodeOfProblems(validation.problems);
  } catch (error) {
    return reportFailure(error, options, shell);
  }
}
