import type { Command } from "commander";
import { addCommonOptions, parseCount, parseDuration, type CommonOptions } from "./common-options.ts";
import type { Shell } from "./shell.ts";

export type DestroyOptions = CommonOptions & {
  readonly yes: boolean;
  readonly allowDeletes?: number;
  readonly lockTimeout?: number;
};

const help = `
Examples:
  $ trueup destroy
  $ trueup destroy render/service/old render/disk/old
  $ trueup destroy --yes --allow-deletes 12

Deletes what the state owns, in reverse order; nothing else is touched. Without a terminal, --yes and the right number are
needed. Exit code 0: done, 1: error, 3: refused (a protected resource, a wrong number), 130: interrupted.`;

export function addDestroyCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("destroy")
    .summary("delete what was made from the file")
    .description("Deletes what the state owns: everything, or the addresses given.")
    .argument("[addresses...]", "only these")
    .option("--yes", "do not ask", false)
    .option("--allow-deletes <n>", "with --yes: how many addresses are deleted", parseCount)
    .option("--lock-timeout <time>", "how long to wait for another run to give the lock back", parseDuration);
  addCommonOptions(command)
    .addHelpText("after", help)
    .action(async (addresses: readonly string[], options: DestroyOptions) => {
      const { destroy } = await import("./destroy-action.ts");
      end(await destroy(addresses, options, shell));
    });
}
