import { makeFileSchema } from "../file/shape/schema.ts";
import { fileKinds } from "../providers/file-kinds.ts";

/** The text of `schemas/trueup.schema.json`. Keys keep the order of the kinds, which is what editors show. */
export function fileSchemaText(): string {
  return `${JSON.stringify(makeFileSchema(fileKinds), null, 2)}\n`;
}
