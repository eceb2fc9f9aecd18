import type { Command } from "commander";
import { addAccountOptions, collect } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { ExportOptions } from "./export-action.ts";

const help = `
Examples:
  $ trueup export > trueup.yaml && trueup plan
  $ trueup export --workspace Acme --out trueup.yaml --literals NODE_ENV --literals 'LOG_*'

Values of variables and secret files stay where they are: the file says sync: false, or refers to the database or service
that they come from. --literals writes those out that it names and that do not look like secrets.

Reads only. A plan with the file adopts everything and changes nothing.
${exitHelp("done", "stopped", "interrupted")}`;

export function addExportCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("export")
    .summary("write the live account as a file")
    .description("Reads everything in the workspace and writes the file that asks for exactly that.")
    .option(
      "--out <file>",
      "write there (several files, -2, -3 ..., where one would be too large), never over what is there; else to stdout",
    )
    .option("--workspace <name>", "name or id, where the key reaches several")
    .option("--literals <glob>", "write the values of these variables out (repeatable)", collect, []);
  addAccountOptions(command)
    .addHelpText("after", help)
    .action(async (options: ExportOptions) => {
      const { exportAccount } = await import("./export-action.ts");
      end(await exportAccount(options, shell));
    });
}
