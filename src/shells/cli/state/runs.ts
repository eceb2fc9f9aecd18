import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";

const help = `
Examples:
  $ trueup runs list
  $ trueup runs show 20261122T090010-a1b2c3

Every apply and destroy of the last 90 days, with those that were killed.
${exitHelp("done", "interrupted")}`;

export function addRunsCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const runs = program
    .command("runs")
    .summary("who ran what, and how it ended: list, show")
    .description("Shows the runs that the state remembers.")
    .addHelpText("after", help);
  const list = runs
    .command("list")
    .summary("every run, newest first")
    .description("Lists the runs, newest first.");
  addCommonOptions(list)
    .addHelpText("after", help)
    .action(async (options: CommonOptions) => {
      const { showRuns } = await import("./runs-action.ts");
      end(await showRuns(options, shell));
    });
  const show = runs
    .command("show")
    .summary("one run, step by step")
    .description("Shows one run: who, commit, plan hash, steps and outcome.")
    .argument("<run>", "its name, or the beginning of it");
  addCommonOptions(show)
    .addHelpText("after", help)
    .action(async (run: string, options: CommonOptions) => {
      const { showOneRun } = await import("./runs-action.ts");
      end(await showOneRun(run, options, shell));
    });
}
