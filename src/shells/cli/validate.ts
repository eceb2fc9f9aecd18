import type { Command } from "commander";
import { addFileOptions, type FileOptions } from "./common-options.ts";
import type { Shell } from "./shell.ts";

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
    .addHelpText("after", help)
    .action(async (options: FileOptions) => {
      const { validate } = await import("./validate-action.ts");
      end(await validate(options, shell));
    });
}
