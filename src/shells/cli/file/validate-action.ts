import { runValidate } from "../../../commands/validate.ts";
import { renderValidation } from "../../../views/base/problems.ts";
import { renderValidationJson } from "../../../views/json/validation-json.ts";
import { exitCodeOfProblems } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { readBytes } from "../base/read-bytes.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";

export type ValidateOptions = CommonOptions & {
  readonly strictValues: boolean;
  readonly target: readonly string[];
  readonly exclude: readonly string[];
};

export async function validate(options: ValidateOptions, shell: Shell): Promise<number> {
  try {
    const deps = {
      folder: process.cwd(),
      readFile: readBytes,
      environment: shell.env,
      world: { now: Date.now },
    };
    const { file: files, overlay: overlays, strictValues, label } = options;
    const selection = { "--target": options.target, "--exclude": options.exclude };
    const input = { files, overlays, strictValues, selection, ...(label !== undefined && { label }) };
    const validation = await runValidate(input, deps);
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(
      options.json ? renderValidationJson(validation) : renderValidation(validation, screen),
    );
    return exitCodeOfProblems(validation.problems);
  } catch (error) {
    return reportFailure(error, options, shell);
  }
}
