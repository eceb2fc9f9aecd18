import type { Command } from "commander";
import { addAccountOptions, collect, type AccountOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";

type InitOptions = AccountOptions & {
  readonly file: string;
  readonly fromLive: boolean;
  readonly literals: readonly string[];
};

const help = `
Examples:
  $ trueup init
  $ trueup init --from-live --literals NODE_ENV && trueup plan

With --from-live the file describes the whole workspace, as trueup export writes it; the plan after it adopts everything.
${exitHelp("done", "stopped", "interrupted")}`;

export function addInitCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("init")
    .summary("start a file")
    .description(
      "Writes an empty file whose comments teach, or the live account. Never over one that is there.",
    )
    .option("--file <file>", "its name", "trueup.yaml")
    .option("--from-live", "what is there already, in place of an empty file", false)
    .option(
      "--literals <glob>",
      "with --from-live: write the values of these variables out (repeatable)",
      collect,
      [],
    );
  addAccountOptions(command)
    .addHelpText("after", help)
    .action(async (options: InitOptions, command: Command) => {
      // The name that goes without saying must not stand beside a render.yaml; one that was asked for may.
      const isNamed = command.getOptionValueSource("file") === "cli";
      const input = isNamed ? { file: options.file } : {};
      if (options.fromLive) {
        const { initFromLive } = await import("./init-live-action.ts");
        return end(await initFromLive(input, options, shell));
      }
      const { init } = await import("./init-action.ts");
      end(await init(input, options, shell));
    });
}
