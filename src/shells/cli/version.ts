import type { Command } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import { exitHelp } from "./base/exit-help.ts";
import type { Shell } from "./base/shell.ts";

const help = `
Examples:
  $ trueup version
  $ trueup --version
${exitHelp("done")}`;

export function addVersionCommand(program: Command, shell: Shell): void {
  program
    .command("version")
    .summary("print the version")
    .description("Prints the version, as -V and --version do.")
    .addHelpText("after", help)
    .action(() => void shell.stdout.write(`${manifest.version}\n`));
}
