import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "./common-options.ts";
import { addGuardOptions, addValueOptions, type GuardOptions, type ValueOptions } from "./plan.ts";
import type { Shell } from "./shell.ts";

export type DriftOptions = CommonOptions & GuardOptions & ValueOptions;

const help = `
Examples:
  $ trueup drift
  $ trueup drift --json --exit-zero

Compares three things: the file, the account, and what was last applied. Only what somebody changed or deleted in the
account is drift; what only the file asks for is not. Reads only. Exit code 0: no drift, 5: drift, 1: error.`;

export function addDriftCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("drift")
    .summary("what was changed behind the file's back")
    .description("Shows what somebody changed or deleted in the accounts since the last apply.");
  addCommonOptions(addValueOptions(addGuardOptions(command)))
    .addHelpText("after", help)
    .action(async (options: DriftOptions) => {
      const { drift } = await import("./drift-action.ts");
      end(await drift(options, shell));
    });
}
