import type { Command } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import { everywhere } from "./base/common-options.ts";
import { exitHelp } from "./base/exit-help.ts";
import type { Shell } from "./base/shell.ts";

const help = `
Examples:
  $ trueup version
  $ trueup --version
  $ trueup version --json
${exitHelp("done")}`;

export function addVersionCommand(program: Command, shell: Shell): void {
  program
    .command("version")
    .summary("print the version")
    .description("Prints the version, as -V and --version do.")
    .addHelpText("after", help)
    .optionsGroup(everywhere)
    .option("--json", "one JSON document on stdout", false)
    .action(async ({ json }: { readonly json: boolean }) => {
      if (!json) {
        shell.stdout.write(`${manifest.version}\n`);
        return;
      }
      const { printDocument } = await import("../../views/json/document.ts");
      const { version: node, platform } = process;
      shell.stdout.write(printDocument("version", "done", { version: manifest.version, node, platform }));
    });
}
