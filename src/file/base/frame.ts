import { maskSecretShapes } from "./secrecy.ts";
import { lineAt, lineText, type OpenSource, type Place } from "./source.ts";

/** Offsets of a source; `end` is the first after it. */
export type Stretch = { readonly start: number; readonly end: number };
/** Stretches of a source that must not be shown, sorted; `everything` where the file could not be parsed. */
export type Masks = readonly Stretch[] | "everything";

export const maskText = "****";
const linesBefore = 2;
const linesAfter = 1;
const widest = 160;
/** A line is cut before it is searched for secrets; well after `widest`, so that no shown piece of one goes unseen. */
const searched = 4 * widest;

/**
 * A few lines of the file around a place, with numbers and a caret. This is the only place where text of a file is
 * copied into a problem, so it is the only one that has to hide secrets.
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

/** 1-based numbers of the lines that a frame shows. */
function linesAround({ source, start }: Place): { at: number; first: number; last: number } {
  const at = lineAt(source, start);
  return {
    at,
    first: Math.max(1, at - linesBefore),
    last: Math.min(source.lineStarts.length, at + linesAfter),
  };
}

/** What the frames around places of one source show, sorted and without overlaps. */
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

/** Index of the first of sorted stretches that ends behind the offset. */
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

/** The line as it may be shown, and where in it the given offset went. */
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

/** Masks are sorted and do not overlap, so those of one line stand together. */
function masksOn(masks: readonly Stretch[], start: number, end: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let index = firstBehind(masks, start);
  for (let mask = masks[index]; mask && mask.start < end; mask = masks[(index += 1)]) found.push(mask);
  return found;
}

/** Keys whose values are never secret; without a parse, any other text could be part of one. */
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
