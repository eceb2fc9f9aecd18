import type { Command } from "commander";
import { addCommonOptions, addSelectionOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { ValidateOptions } from "./validate-action.ts";

const help = `
Examples:
  $ trueup validate
  $ trueup validate -f render.yaml --json

Takes what every command takes, so that one line of options serves them all: the whole file is checked, whatever --target and
--exclude say, and these have to fit an address of it. Needs no account and no network.
${exitHelp("the file can be used")}`;

export function addValidateCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("validate")
    .summary("check the file, without a network")
    .description(
      "Checks the file: its shape, its references, and the limits that can be known without asking.",
    );
  const withOwn = command.option(
    "--strict-values",
    "a value whose source is there and empty is an error",
    false,
  );
  addCommonOptions(addSelectionOptions(withOwn))
    .addHelpText("after", help)
    .action(async (options: ValidateOptions) => {
      const { validate } = await import("./validate-action.ts");
      end(await validate(options, shell));
    });
}
