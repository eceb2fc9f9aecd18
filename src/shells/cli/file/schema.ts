import { Argument, type Command } from "commander";
import type { SchemaName } from "../../../commands/schema.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";

const names: readonly SchemaName[] = ["file", "output", "events"];

const help = `
Examples:
  $ trueup schema > trueup.schema.json
  $ trueup schema output > output.schema.json
${exitHelp("done")}`;

export function addSchemaCommand(program: Command, shell: Shell): void {
  const what = "file (for editors), output (what --json prints) or events (a line of --events)";
  program
    .command("schema")
    .summary("print the JSON Schema of the file, or of what is printed")
    .description("Prints a JSON Schema (draft 2020-12), for editors and other tools.")
    .addArgument(new Argument("[what]", what).choices(names).default("file"))
    .addHelpText("after", help)
    .action(async (name: SchemaName) => {
      const { schemaText } = await import("../../../commands/schema.ts");
      shell.stdout.write(schemaText(name));
    });
}
