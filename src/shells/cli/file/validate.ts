import type { Command } from "commander";
import { addFileOptions } from "../base/common-options.ts";
import type { Shell } from "../base/shell.ts";
import type { ValidateOptions } from "./validate-action.ts";

const help = `
Examples:
  $ trueup validate
  $ trueup validate -f render.yaml --json

Needs no account and no network. Exit code 0: the file can be used, 1: it cannot.`;

export function addValidateCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("validate")
    .summary("check the file, without a network")
    .description(
      "Checks the file: its shape, its references, and the limits that can be known without asking.",
    );
  addFileOptions(command)
    .option("--strict-values", "a value whose source is there and empty is an error", false)
    .addHelpText("after", help)
    .action(async (options: ValidateOptions) => {
      const { validate } = await import("./validate-action.ts");
      end(await validate(options, shell));
    });
}
