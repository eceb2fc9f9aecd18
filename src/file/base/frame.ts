import { maskSecretShapes } from "./secrecy.ts";
import { lineAt, lineText, type OpenSource, type Place } from "./source.ts";

/** A stretch of a source, as offsets in UTF-16 units; `end` is the first offset after it. */
export type Stretch = { readonly start: number; readonly end: number };
/**
 * The stretches of a source that must not be shown, sorted by place. `everything`: the file could not be parsed, so
 * all of it may be secret.
 */
export type Masks = readonly Stretch[] | "everything";

/** What stands in a frame in place of a secret. */
export const maskText = "****";
const linesBefore = 2;
const linesAfter = 1;
const widest = 160;
/**
 * So many characters of a line are searched for secrets. That is well beyond `widest`, so that a secret which is only
 * partly shown is found as well.
 */
const searched = 4 * widest;

/**
 * Draws the lines of the file around a place, with numbers and a caret. No other function copies text of a file into
 * a problem, so this one alone has to hide secrets.
 */
export function drawFrame(place: Place, masks: Masks): string {
  const { at, first, last } = linesAround(place);
  const gutter = String(last).length;
  const lines: string[] = [];
  for (let line = first; line <= last; line += 1) {
    const { text, column } = maskedLine(place.source, line, masks, line === at ? place.start : undefined);
    if (line === last && line !== at && text.trim() === "") continue;
    lines.push(`${line === at ? ">" : " "} ${String(line).padStart(gutter)} | ${cut(text)}`.trimEnd());
    if (line === at && column < widest) lines.push(`  ${" ".repeat(gutter)} | ${" ".repeat(column)}^`);
  }
  return lines.join("\n");
}

/** The 1-based numbers of the lines that a frame shows. */
function linesAround({ source, start }: Place): { at: number; first: number; last: number } {
  const at = lineAt(source, start);
  return {
    at,
    first: Math.max(1, at - linesBefore),
    last: Math.min(source.lineStarts.length, at + linesAfter),
  };
}

/** The areas of one source that the frames around these places show, sorted and without overlaps. */
export function areasAround(places: readonly Place[]): readonly Stretch[] {
  const areas: { start: number; end: number }[] = [];
  for (const place of [...places].sort((a, b) => a.start - b.start)) {
    const { first, last } = linesAround(place);
    const { lineStarts, text } = place.source;
    const start = lineStarts[first - 1] ?? 0;
    const end = lineStarts[last] ?? text.length + 1;
    const before = areas.at(-1);
    if (before && start <= before.end) before.end = end;
    else areas.push({ start, end });
  }
  return areas;
}

/** The index of the first of sorted stretches that ends behind the offset. */
export function firstBehind(stretches: readonly Stretch[], offset: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cut(text: string): string {
  return text.length > widest ? `${text.slice(0, widest)}...` : text;
}

/** A line with its secrets masked, and where in it the given offset is now. */
function maskedLine(
  source: OpenSource,
  line: number,
  masks: Masks,
  offset: number | undefined,
): { text: string; column: number } {
  const start = source.lineStarts[line - 1] ?? 0;
  const raw = lineText(source, line).slice(0, searched).replaceAll("\t", " ");
  if (masks === "everything") {
    return { text: maskUnparsed(raw), column: Math.min((offset ?? start) - start, raw.length) };
  }
  let text = "";
  let done = 0;
  let column = (offset ?? start) - start;
  for (const mask of masksOn(masks, start, start + raw.length)) {
    const from = Math.max(mask.start - start, done);
    const to = Math.min(mask.end - start, raw.length);
    if (to <= from) continue;
    text += raw.slice(done, from) + maskText;
    if (offset !== undefined && offset - start >= to) column += maskText.length - (to - from);
    done = to;
  }
  return { text: maskSecretShapes(text + raw.slice(done), maskText), column: Math.max(0, column) };
}

/** The masks of one line. Masks are sorted and do not overlap, so those of a line are neighbours. */
function masksOn(masks: readonly Stretch[], start: number, end: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let index = firstBehind(masks, start);
  for (let mask = masks[index]; mask && mask.start < end; mask = masks[(index += 1)]) found.push(mask);
  return found;
}

/**
 * Keys whose values are never secret. They are shown where the file cannot be parsed, and any other text could be
 * part of a secret.
 */
const plainKeys = new Set(
  [
    "name",
    "type",
    "key",
    "runtime",
    "env",
    "plan",
    "region",
    "branch",
    "property",
    "schedule",
    "fromGroup",
    "version",
  ].concat([
    "services",
    "databases",
    "envVars",
    "envVarGroups",
    "projects",
    "environments",
    "disk",
    "sizeGB",
    "sync",
  ]),
);

function maskUnparsed(raw: string): string {
  const match = /^(\s*(?:- +)*)(["']?[\w.-]+["']?\s*:)?(\s*)(.*)$/.exec(raw);
  if (!match) return maskText;
  const [, indent = "", key = "", space = "", rest = ""] = match;
  const name = key.replaceAll(/["':\s]/g, "");
  if (rest === "" || plainKeys.has(name)) return `${indent}${key}${space}${maskSecretShapes(rest, maskText)}`;
  return `${indent}${key}${space}${maskText}`;
}
