import type { Command } from "commander";
import type { Shell } from "./shell.ts";

export function addInitCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  program
    .command("init")
    .summary("start a file")
    .description("Writes an empty file whose comments teach. Never over one that is there.")
    .option("--file <file>", "its name", "trueup.yaml")
    .action(async (options: { readonly file: string }, command: Command) => {
      const { init } = await import("./init-action.ts");
      // The name that goes without saying must not stand beside a render.yaml; one that was asked for may.
      const isNamed = command.getOptionValueSource("file") === "cli";
      end(await init(isNamed ? { file: options.file } : {}, shell));
    });
}
