import { escapeText } from "../base/escape.ts";

/**
 * Texts from outside in Markdown, as GitHub and Gitea read it. There are three ways to write one, each safe in its
 * own place: as code, which is the rule for names; in a fence, for many lines; in a sentence.
 */

/**
 * A name as code: nothing in it is read as Markdown, HTML, a mention or a link. `table`: within a cell, which a bar ends even inside
 * of code, so it is spelled out.
 */
export function code(outside: string, where?: "table"): string {
  const shown = escapeText(outside);
  const text = where === "table" ? shown.replaceAll("|", "\\u{7c}") : shown;
  const mark = "`".repeat(longestRun(text) + 1);
  // Markdown takes one space off each side of code. It is needed where a backtick stands at an edge, or where the
  // text is empty.
  const edge = text === "" || /^[` ]|[` ]$/u.test(text) ? " " : "";
  return `${mark}${edge}${text}${edge}${mark}`;
}

/** Lines that are shown as they are. `language`: how GitHub colours them (`diff`, `yaml`). Each line is made safe by itself. */
export function fence(lines: readonly string[], language = ""): string {
  const safe = lines.map((line) => escapeText(line));
  const mark = "`".repeat(Math.max(3, ...safe.map((line) => longestRun(line) + 1)));
  return [mark + language, ...safe, mark].join("\n");
}

/** Characters that have a meaning in Markdown, in GFM's autolinks or in tables. */
const marks = /[\\`*_{}[\]()#+\-!|~$=^]/gu;
/**
 * Places that get an empty HTML comment. GitHub looks for mentions, issues and addresses in the finished text, in
 * which a backslash is gone.
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
