import type { YAMLParseError } from "yaml";
import type { Remark } from "../base/remark.ts";
import { count } from "../../core/base/text.ts";
import { lineAt, lineText, type OpenSource } from "../base/source.ts";
import { findSlip } from "./find-slip.ts";

/** By error code of the YAML library, what to say to somebody who writes a Blueprint. */
const meanings: { readonly [code: string]: { readonly message: string; readonly remedy: string } } = {
  TAB_AS_INDENT: {
    message: "A tab is used for indentation; YAML allows spaces only.",
    remedy: "Replace the tab by spaces, here and in the lines below.",
  },
  BAD_INDENT: {
    message: "The indentation does not fit the lines above.",
    remedy: "Line this up with the other keys or items of the same block.",
  },
  MISSING_CHAR: {
    message:
      "A character is missing here, often a closing quote or bracket, or a space after a colon or dash.",
    remedy: "Close what was opened, and put a space after each colon and dash.",
  },
  MULTIPLE_DOCS: {
    message: "The file holds several YAML documents.",
    remedy: "Split it at the `---` and pass each file with -f.",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "A key runs over several lines, which usually means that a colon or an indentation is wrong.",
    remedy: "Check the colon and the indentation of this line and the one before it.",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "A mapping starts where a value was expected: two colons in one line, or a wrong indentation.",
    remedy: "Quote the value if it holds a colon followed by a space.",
  },
  UNEXPECTED_TOKEN: {
    message: "This cannot stand here in YAML.",
    remedy: "Quote the text if it is a value; otherwise check the line before it.",
  },
  BAD_SCALAR_START: {
    message: "A value cannot start with this character unless it is quoted.",
    remedy: "Put the value in quotes.",
  },
  BAD_DQ_ESCAPE: {
    message: "A backslash in double quotes starts an escape that YAML does not have.",
    remedy: "Write the backslash twice, or use single quotes.",
  },
};

const tab = "TAB_AS_INDENT";

/** Codes that one line at the wrong column makes the parser tell several of. */
const followUps: ReadonlySet<string> = new Set([
  "BAD_INDENT",
  "MISSING_CHAR",
  "MULTILINE_IMPLICIT_KEY",
  "BLOCK_AS_IMPLICIT_KEY",
  "UNEXPECTED_TOKEN",
]);
/** A fault shows in lines so near to the last one that it made wrong. */
const reach = 2;

/** What is wrong with the text of a file, each fault once: of what one wrong line makes the parser say, the first. */
export function describeSyntaxErrors(
  errors: readonly YAMLParseError[],
  source: OpenSource,
): readonly Remark[] {
  let lastLine = -Infinity;
  const told = errors.filter((error) => {
    // Who indents with tabs does so in every line.
    if (error.code === tab) return error === errors.find(({ code }) => code === tab);
    if (!followUps.has(error.code)) return true;
    const line = lineAt(source, error.pos[0]);
    const follows = line - lastLine <= reach;
    lastLine = line;
    return !follows;
  });
  return told.map((error) => describeSlip(error, source) ?? describeSyntaxError(error, source));
}

/** A line that does not line up is told as that, and not by what the parser took it for. */
function describeSlip(error: YAMLParseError, source: OpenSource): Remark | undefined {
  const slip = followUps.has(error.code) ? findSlip(source, lineAt(source, error.pos[0])) : undefined;
  if (!slip) return undefined;
  const text = lineText(source, slip.line);
  const spaces = text.length - text.trimStart().length;
  const start = (source.lineStarts[slip.line - 1] ?? 0) + spaces;
  return {
    code: "yaml-syntax",
    severity: "error",
    message: `The indentation does not fit the lines above: this line has ${count(spaces, "space")} before it.`,
    remedy: `Give it ${count(slip.spaces, "space")}, so that it lines up with the others of its block.`,
    place: { source, start, end: start },
  };
}

/** The remark for an error of the YAML library. */
function describeSyntaxError(error: YAMLParseError, source: OpenSource): Remark {
  const meaning = meanings[error.code];
  const start = Math.min(error.pos[0], source.text.length);
  return {
    code: "yaml-syntax",
    severity: "error",
    message: meaning?.message ?? `This is not valid YAML (${error.code.toLowerCase().replaceAll("_", " ")}).`,
    remedy: meaning?.remedy ?? "Correct the line, or quote the value.",
    place: { source, start, end: start },
  };
}
