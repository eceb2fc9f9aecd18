import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "../../src/core/base/json.ts";
import { sharedFolder } from "./shared-folder.ts";

/** One answer or payload that RENDERCAD's reference shows. */
export type Example = {
  /** `auth.php?action=check`, with the state in brackets where one request has several; `payload render.completed`. */
  readonly name: string;
  readonly body: { readonly [field: string]: Json };
};

/** Every example of the reference, in its order. */
export async function readExamples(): Promise<Example[]> {
  const lines = (
    await readFile(join(sharedFolder(), "reference/seed-rendercad-api-reference.txt"), "utf8")
  ).split("\n");
  const examples: Example[] = [];
  let request = "";
  for (const [index, line] of lines.entries()) {
    request = /^curl .*\/backend\/(\w+\.php\?action=\w+)/.exec(line)?.[1] ?? request;
    const title = /^(?:Response|Error response|Error format)(?: \((\w+)\))?$/.exec(line);
    if (!title && line !== "Payload") continue;
    const body = readBlock(lines.slice(index + 1));
    const state = title?.[1] === undefined ? "" : ` (${title[1]})`;
    const name = line.startsWith("Error") ? `error after ${request}` : `${request}${state}`;
    const event = body["event_type"];
    examples.push({ name: typeof event === "string" ? `payload ${event}` : name, body });
  }
  return examples;
}

/** The object that begins on the first line and ends on the first line that is only its brace. */
function readBlock(lines: readonly string[]): Example["body"] {
  const end = lines.indexOf("}");
  return JSON.parse(lines.slice(0, end + 1).join("\n")) as Example["body"];
}

/** The shape of a value: keys in their order, types of their values; of a list, that of its first item. */
export function shapeOf(value: Json): Json {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object") return typeof value;
  return Object.entries(value).map(([key, member]) => [key, shapeOf(member)]);
}
