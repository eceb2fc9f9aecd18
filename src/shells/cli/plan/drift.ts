import type { Command } from "commander";
import { addCommonOptions } from "../base/common-options.ts";
import { addGuardOptions, addValueOptions, agreement } from "./guard-options.ts";
import { addFormatOption } from "./documents.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { DriftOptions } from "./drift-action.ts";

const help = `
Examples:
  $ trueup drift
  $ trueup drift --json --exit-zero
  $ trueup drift --format html > drift.html
  $ trueup drift --accept render/service/api/envVars.STRIPE_KEY

Compares three things: the file, the account, and what was last applied. Only what somebody changed or deleted in the
account is drift; what only the file asks for is not. Reads only; --accept changes the
state, and neither the account nor the file.
${exitHelp("no drift", "drift", "refused", "stopped", "locked", "interrupted")}`;

export function addDriftCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("drift")
    .summary("what was changed behind the file's back")
    .description("Shows what somebody changed or deleted in the accounts since the last apply.");
  command.option(
    "--accept [address...]",
    "agree to a changed or deleted sync: false value: ADDRESS/envVars.KEY; * stands for any text",
  );
  addGuardOptions(command);
  // They are taken, as by plan; nothing is written here that could be agreed to.
  for (const option of command.options) option.hideHelp(option.helpGroupHeading === agreement);
  addFormatOption(addCommonOptions(addValueOptions(command), { exitZero: true }))
    .addHelpText("after", help)
    .action(async (options: DriftOptions) => {
      const { drift } = await import("./drift-action.ts");
      end(await drift(options, shell));
    });
}
