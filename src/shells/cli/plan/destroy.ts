import type { Command } from "commander";
import { addCommonOptions, collect, parseCount, parseDuration } from "../base/common-options.ts";
import { addFormatOption } from "./documents.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { DestroyOptions } from "./destroy-action.ts";

const help = `
Examples:
  $ trueup destroy
  $ trueup destroy render/service/old render/disk/old
  $ trueup destroy --yes --allow-deletes 12 --allow-data-loss 'render/postgres/*'

Deletes what the state owns, in reverse order; nothing else is touched. Databases are exported first. Without a terminal, --yes
and the right number are needed, and a word for everything that holds data. After a kill the same words go on.
${exitHelp("done", "refused", "stopped", "locked", "interrupted")}`;

export function addDestroyCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("destroy")
    .summary("delete what was made from the file")
    .description("Deletes what the state owns: everything, or the addresses given.")
    .argument("[addresses...]", "only these")
    .option("--yes", "do not ask", false)
    .option("--allow-deletes <n>", "with --yes: how many addresses are deleted", parseCount)
    .option(
      "--allow-data-loss <address>",
      "let the data of this end; * stands for any text (repeatable)",
      collect,
      [],
    )
    .option("--no-export", "let databases go without a copy of their data")
    .option("--export-to <folder>", "where that copy is kept (default: exports/ beside the file)")
    .option("--allow-older", "apply an older commit over a newer one", false)
    .option("--lock-timeout <time>", "how long to wait for another run to give the lock back", parseDuration);
  addFormatOption(addCommonOptions(command))
    .addHelpText("after", help)
    .action(async (addresses: readonly string[], options: DestroyOptions) => {
      const { destroy } = await import("./destroy-action.ts");
      end(await destroy(addresses, options, shell));
    });
}
