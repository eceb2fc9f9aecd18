import { escapeText } from "../base/escape.ts";

/**
 * Text from outside in Markdown, as GitHub and Gitea read it. Three ways, each complete for its place: as code, which is the rule for
 * names; in a fence, for many lines; in a sentence.
 */

/**
 * A name as code: nothing in it is read as Markdown, HTML, a mention or a link. `table`: within a cell, which a bar ends even inside
 * of code, so it is spelled out.
 */
export function code(outside: string, where?: "table"): string {
  const shown = escapeText(outside);
  const text = where === "table" ? shown.replaceAll("|", "\\u{7c}") : shown;
  const mark = "`".repeat(longestRun(text) + 1);
  // One space on each side is taken off again, and is needed where a backtick stands at the edge or nothing does.
  const edge = text === "" || /^[` ]|[` ]$/u.test(text) ? " " : "";
  return `${mark}${edge}${text}${edge}${mark}`;
}

/** Lines that are shown as they are. `language`: how GitHub colours them (`diff`, `yaml`). Each line is made safe by itself. */
export function fence(lines: readonly string[], language = ""): string {
  const safe = lines.map((line) => escapeText(line));
  const mark = "`".repeat(Math.max(3, ...safe.map((line) => longestRun(line) + 1)));
  return [mark + language, ...safe, mark].join("\n");
}

/** What Markdown, GFM's autolinks and tables give a meaning to. */
const marks = /[\\`*_{}[\]()#+\-!|~$=^]/gu;
/**
 * Where an empty HTML comment has to stand, because GitHub looks for mentions, issues and addresses in the finished text, where no
 * backslash is left.
 */
const broken = /(?<=@)(?=[\w-])|(?<=#)(?=\d)|(?<=\bGH-)(?=\d)|(?<=\bwww)(?=\.)|(?<=:)(?=\/\/)/giu;

/** A sentence with names of others in it, on one line. */
export function sentence(outside: string): string {
  const pieces = escapeText(outside).split(broken);
  return pieces
    .map(escapeMarks)
    .join("<!-- -->")
    .replace(/^(\s*\d+)([.)])/u, "$1\\$2");
}

function escapeMarks(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(marks, (mark) => `\\${mark}`);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
}
