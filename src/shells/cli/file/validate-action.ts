import { runValidate } from "../../../commands/validate.ts";
import { renderValidation, renderValidationJson } from "../../../views/base/problems.ts";
import { exitCodeOfProblems } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { readBytes } from "../base/read-bytes.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { FileOptions } from "../base/common-options.ts";

export type ValidateOptions = FileOptions & { readonly strictValues: boolean };

export async function validate(options: ValidateOptions, shell: Shell): Promise<number> {
  try {
    const deps = {
      folder: process.cwd(),
      readFile: readBytes,
      environment: shell.env,
      world: { now: Date.now },
    };
    const { file: files, overlay: overlays, strictValues } = options;
    const validation = await runValidate({ files, overlays, strictValues }, deps);
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(
      options.json ? renderValidationJson(validation) : renderValidation(validation, screen),
    );
    return exitCodeOfProblems(validation.problems);
  } catch (error) {
    return reportFailure(error, options, shell);
  }
}
