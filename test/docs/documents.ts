import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Document = { readonly path: string; readonly text: string };

const folders = ["docs", "examples", "src", "state", ".github"];

/** Every Markdown file that a reader is led to, by its path in the project. */
export function readDocuments(): readonly Document[] {
  const top = readdirSync(".").filter((name) => name.endsWith(".md"));
  const below = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  );
  return [...top, ...below].sort().map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

/** The text without blocks and code, in which brackets mean something else. */
export function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gmu, "").replaceAll(/`[^`\n]*`/gu, "``");
}
