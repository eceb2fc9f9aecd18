import { lineText, type OpenSource } from "../base/source.ts";

/** A line whose indentation fits none of the blocks that are open there. `spaces`: how many it probably should have. */
export type Slip = { readonly line: number; readonly spaces: number };

type Level = { readonly spaces: number; readonly holds: "keys" | "items" };
type Line = { readonly spaces: number; readonly text: string };

/**
 * The first line near `near` that does not line up with what stands above it. A parser tells such a line by what it makes of it:
 * a key over several lines, a missing character, a mapping that starts in a value.
 *
 *     - type: web            - key: A             name: api
 *         name: api            value: b          runtime: docker      each second or third line
 *                              - key: C
 */
export function findSlip(source: OpenSource, near: number): Slip | undefined {
  let levels: readonly Level[] = [];
  let above: Line | undefined;
  const last = Math.min(near + 1, source.lineStarts.length);
  for (let line = 1; line <= last; line += 1) {
    const read = readLine(lineText(source, line));
    // Comments, empty lines and the text of a block scalar say nothing of the blocks around them.
    if (!read || (above && opensText(above.text) && read.spaces > above.spaces)) continue;
    const expected = above && misfit(read, levels, above);
    if (expected !== undefined && line >= near - 1) return { line, spaces: expected };
    levels = openLevels(levels, read);
    above = read;
  }
  return undefined;
}

function readLine(text: string): Line | undefined {
  const content = text.trimStart();
  return content === "" || content.startsWith("#")
    ? undefined
    : { spaces: text.length - content.length, text: content.trimEnd() };
}

/** `|`, `>-` and the like at the end of a line: what stands deeper below it is text. */
function opensText(text: string): boolean {
  return /(?:^|\s)[|>][-+\d]*$/u.test(text);
}

function isItem({ text }: Line): boolean {
  return text === "-" || text.startsWith("- ");
}

/** How many spaces the line should have; `undefined`: it fits. */
function misfit(line: Line, levels: readonly Level[], above: Line): number | undefined {
  const holds = isItem(line) ? "items" : "keys";
  const opens = /(?::|^-)$/u.test(above.text) || /[:-] (?:&\S+)$/u.test(above.text);
  const top = levels.at(-1)?.spaces ?? 0;
  if (opens && (line.spaces > top || (holds === "items" && line.spaces === top))) return undefined;
  const alike = levels.filter((level) => level.holds === holds);
  if (alike.length === 0 || alike.some(({ spaces }) => spaces === line.spaces)) return undefined;
  const distance = ({ spaces }: Level): number => Math.abs(spaces - line.spaces);
  return alike.reduce((best, level) => (distance(level) <= distance(best) ? level : best)).spaces;
}

function openLevels(levels: readonly Level[], line: Line): readonly Level[] {
  const open = levels.filter(({ spaces }) => spaces < line.spaces);
  const holds = isItem(line) ? "items" : "keys";
  const beside = levels.filter((level) => level.spaces === line.spaces && level.holds !== holds);
  // Items may stand at the column of the key that they belong to.
  const own: readonly Level[] = [...(holds === "items" ? beside : []), { spaces: line.spaces, holds }];
  const dashes = /^(?:- +)+/u.exec(line.text)?.[0] ?? "";
  const inner: readonly Level[] =
    dashes === "" ? [] : [{ spaces: line.spaces + dashes.length, holds: "keys" }];
  return [...open, ...own, ...inner];
}
