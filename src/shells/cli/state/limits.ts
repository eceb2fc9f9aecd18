import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";

const help = `
Examples:
  $ trueup limits
  $ trueup limits --json

Costs one read.
${exitHelp("done", "interrupted")}`;

export function addLimitsCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const limits = program
    .command("limits")
    .summary("every rate limit: size, used, resets when")
    .description("Shows every budget of calls: its size, how much is used, and when it starts anew.")
    .addHelpText("after", help);
  addCommonOptions(limits).action(async (options: CommonOptions) => {
    const { showLimits } = await import("./limits-action.ts");
    end(await showLimits(options, shell));
  });
}
