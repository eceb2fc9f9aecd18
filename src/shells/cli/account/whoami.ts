import type { Command } from "commander";
import { addAccountOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { WhoamiOptions } from "./whoami-action.ts";

const help = `
Examples:
  $ trueup whoami
  $ trueup whoami --workspace Acme --json
${exitHelp("done", "interrupted")}`;

export function addWhoamiCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("whoami")
    .summary("whose credentials these are, and what they reach")
    .description(
      "Shows the user behind Render's API key, the workspaces it reaches and which one commands work on, and the user, plan, credits and token of RENDERCAD.",
    )
    .option("--workspace <name>", "name or id, as workspace: in a file");
  addAccountOptions(command)
    .addHelpText("after", help)
    .action(async (options: WhoamiOptions) => {
      const { whoami } = await import("./whoami-action.ts");
      end(await whoami(options, shell));
    });
}
