import type { Command } from "commander";
import { addCommonOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";

const help = `
Examples:
  $ trueup cost
  $ trueup cost -f render.yaml --json | jq .total

By a dated price list in the program: no API tells a price. Ranges are where autoscaling, use or the workspace's plan decides.
Needs no account and no network.
${exitHelp("done")}`;

export function addCostCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("cost")
    .summary("what the file costs a month, without a network")
    .description("Adds up what the resources of the file cost a month, by resource and in sum.");
  addCommonOptions(command)
    .addHelpText("after", help)
    .action(async (options: CommonOptions) => {
      const { cost } = await import("./cost-action.ts");
      end(await cost(options, shell));
    });
}
