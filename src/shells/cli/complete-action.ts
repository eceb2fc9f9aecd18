import type { Command } from "commander";
import { byNature } from "../../views/base/natural.ts";
import { escapeText } from "../../views/base/escape.ts";
import { spellOutFiles } from "./base/file-words.ts";
import { readBytes } from "./base/read-bytes.ts";
import type { Shell } from "./base/shell.ts";
import { findOffers } from "./complete.ts";

/** Prints what can stand in place of `current`, a line a word. Loads the reader of files only where an address is asked for. */
export async function answerCompletion(
  program: Command,
  before: readonly string[],
  current: string,
  shell: Shell,
): Promise<void> {
  const { words, files } = await findOffers(program, before, current, async (given) => {
    const { listAddresses } = await import("../../commands/files/complete-addresses.ts");
    const label = given.get("--label")?.at(-1);
    const input = {
      files: (given.get("--file") ?? []).flatMap(spellOutFiles),
      overlays: given.get("--overlay") ?? [],
      ...(label !== undefined && { label }),
    };
    const deps = { folder: process.cwd(), readFile: readBytes, world: { now: Date.now } };
    return [...(await listAddresses(input, deps))].sort(byNature);
  });
  const fitting = words.filter(([word]) => word.startsWith(current));
  const lines = fitting.map(([word, says]) => `${escapeText(word)}\t${escapeText(says)}`);
  shell.stdout.write([...lines, ...(files ? [":files"] : [])].map((line) => `${line}\n`).join(""));
}
