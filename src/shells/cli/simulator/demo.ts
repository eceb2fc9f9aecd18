import type { Command } from "commander";
import { exitHelp } from "../base/exit-help.ts";
import { everywhere } from "../base/common-options.ts";
import type { Shell } from "../base/shell.ts";
import type { DemoOptions } from "./demo-action.ts";

const help = `
Examples:
  $ trueup demo
  $ trueup demo --keep
${exitHelp("done", "interrupted")}`;

export function addDemoCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  program
    .command("demo")
    .summary("see it work, on the simulator, in under a minute")
    .description(
      "Runs the real program against the simulator, in a folder of its own. Needs no account and changes nothing else.",
    )
    .option("--keep", "leave the folder behind", false)
    .optionsGroup(everywhere)
    .option("--no-color", "no colours (also: NO_COLOR)")
    .addHelpText("after", help)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import("./demo-action.ts");
      end(await runDemo(options, shell));
    });
}
