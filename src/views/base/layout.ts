import { columnsOf, displayWidth } from "./escape.ts";
import type { Line } from "./screen.ts";
import { trimEnd } from "../../core/base/trim-end.ts";

export function widthOf(line: Line): number {
  return line.reduce((width, [text]) => width + displayWidth(text), 0);
}

/** Paints a line; spaces at its end are dropped, so that no output has any. */
export function printLine(line: Line): string {
  const spans = [...line];
  while (spans.length > 0) {
    const [text, paint] = spans.pop() ?? [""];
    const kept = trimEnd(text, " ");
    if (kept === "") continue;
    spans.push([kept, paint]);
    break;
  }
  return spans.map(([text, paint]) => (paint && text !== "" ? paint(text) : text)).join("");
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Breaks at spaces into lines of at most `width` columns. */
export function wrapText(text: string, width: number): readonly string[] {
  return wrapWords(text.split(" "), width);
}

/**
 * Breaks between words, which may hold spaces. One that is longer than a line is broken within, since a terminal would do
 * the same with less care.
 */
export function wrapWords(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.flatMap((word) => splitWord(word, width))) {
    if (line === "") line = word;
    else if (displayWidth(line) + 1 + displayWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function splitWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = word;
  while (displayWidth(rest) > width) {
    const piece = takeStart(rest, width) || takeFirst(rest);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return rest === "" && pieces.length > 0 ? pieces : [...pieces, rest];
}

function takeFirst(text: string): string {
  for (const character of text) return character;
  return "";
}

/** Cuts the middle out of a text that is too wide: the start says what it is, the end is where versions and tags differ. */
export function truncateMiddle(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text;
  const room = Math.max(0, width - displayWidth(ellipsis));
  return takeStart(text, Math.ceil(room / 2)) + ellipsis + takeEnd(text, Math.floor(room / 2));
}

/** As many characters from the start as fit into `width` columns. */
function takeStart(text: string, width: number): string {
  return takeCharacters(Array.from(text), width).join("");
}

function takeEnd(text: string, width: number): string {
  return takeCharacters(Array.from(text).reverse(), width).reverse().join("");
}

function takeCharacters(characters: readonly string[], width: number): string[] {
  let left = width;
  const end = characters.findIndex((character) => (left -= columnsOf(character)) < 0);
  return end < 0 ? [...characters] : characters.slice(0, end);
}

/** `api, shop, worker and 12 more`: as many names as `most` lines hold. A name is never broken unless it is wider than a line. */
export function joinNames(names: readonly string[], width: number, most: number): readonly string[] {
  const linesOf = (shown: number): readonly string[] => {
    const rest = names.length - shown;
    const listed = names.slice(0, shown).map((name, index) => (index + 1 < names.length ? `${name},` : name));
    return wrapWords(rest === 0 ? listed : [...listed, `and ${rest} more`], width);
  };
  const whole = most === Infinity ? linesOf(names.length) : linesOf(Math.min(names.length, most * width));
  if (whole.length <= most) return whole;
  let [low, high] = [1, names.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (linesOf(middle).length <= most) low = middle;
    else high = middle - 1;
  }
  return linesOf(low);
}
