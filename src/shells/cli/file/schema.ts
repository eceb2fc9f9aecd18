import type { Command } from "commander";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";

const help = `
Examples:
  $ trueup schema > trueup.schema.json
${exitHelp("done")}`;

export function addSchemaCommand(program: Command, shell: Shell): void {
  program
    .command("schema")
    .summary("print the JSON Schema of the file")
    .description("Prints the JSON Schema (draft 2020-12) of a trueup file, for editors and other tools.")
    .addHelpText("after", help)
    .action(async () => {
      const { fileSchemaText } = await import("../../../commands/schema.ts");
      shell.stdout.write(fileSchemaText());
    });
}
