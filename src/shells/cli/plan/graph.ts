import { Option, type Command } from "commander";
import { addCommonOptions } from "../base/common-options.ts";
import { addGuardOptions, addValueOptions } from "./guard-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { GraphOptions } from "./graph-action.ts";

const formats: readonly GraphOptions["format"][] = ["mermaid", "dot", "svg", "json"];

const help = `
Examples:
  $ trueup graph                          text for Mermaid, which GitHub draws in Markdown
  $ trueup graph --format svg > plan.svg
  $ trueup graph --steps --format dot | dot -Tpng > plan.png

An arrow leads from what needs to what is needed. Reads only.
${exitHelp("done", "stopped", "interrupted")}`;

export function addGraphCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("graph")
    .summary("what depends on what in the plan")
    .description("Draws the dependencies of the plan, with what would be done to each resource.")
    .addOption(new Option("--format <format>", "how it is drawn").choices(formats).default("mermaid"))
    .option("--steps", "steps in place of resources", false);
  addCommonOptions(addValueOptions(addGuardOptions(command)))
    .addHelpText("after", help)
    .action(async (options: GraphOptions) => {
      const { graph } = await import("./graph-action.ts");
      end(await graph(options, shell));
    });
}
