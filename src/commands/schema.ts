import { makeFileSchema } from "../file/shape/schema.ts";
import { fileKinds } from "../providers/file-kinds.ts";
import { makeEventSchema, makeOutputSchema } from "../views/schemas/output-schema.ts";

/** What there is a schema of: the file, the documents of `--json`, the lines of `--events`. */
export type SchemaName = "file" | "output" | "events";

/** The text of a schema, as `schemas/` holds it. Keys keep their order, which is what editors show. */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(makeSchema(name), null, 2)}\n`;
}

function makeSchema(name: SchemaName) {
  switch (name) {
    case "file":
      return makeFileSchema(fileKinds);
    case "output":
      return makeOutputSchema();
    case "events":
      return makeEventSchema();
    default:
      return name satisfies never;
  }
}
