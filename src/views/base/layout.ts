import { columnsOf, displayWidth } from "./escape.ts";
import type { Line } from "./screen.ts";
import { trimEnd } from "../../core/base/text.ts";

/** The columns that a line takes on a terminal. */
export function widthOf(line: Line): number {
  return line.reduce((width, [text]) => width + displayWidth(text), 0);
}

/** A line with its colours. Spaces at its end are dropped, so that no output ends with any. */
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

/** A text with spaces behind it up to a width in columns; a wider text stays as it is. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Breaks a text at its spaces into lines of at most `width` columns. */
export function wrapText(text: string, width: number): readonly string[] {
  return wrapWords(text.split(" "), width);
}

/**
 * Puts words, which may hold spaces, into lines of at most `width` columns. A word that is longer than a line is cut,
 * since a terminal would cut it anyway, and not always between two characters.
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

/** A text without its middle where it is too wide. Its start says what it is; at its end, versions and tags differ. */
export function truncateMiddle(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text;
  const room = Math.max(0, width - displayWidth(ellipsis));
  return takeStart(text, Math.ceil(room / 2)) + ellipsis + takeEnd(text, Math.floor(room / 2));
}

/** As many characters from the start of a text as fit into `width` columns. */
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
