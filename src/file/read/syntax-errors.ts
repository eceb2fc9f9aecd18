import type { YAMLParseError } from "yaml";
import type { Remark } from "../base/remark.ts";
import type { OpenSource } from "../base/source.ts";

/** By error code of the YAML library, what to say to somebody who writes a Blueprint. */
const meanings: { readonly [code: string]: { readonly message: string; readonly remedy: string } } = {
  TAB_AS_INDENT: {
    message: "A tab is used for indentation; YAML allows spaces only.",
    remedy: "Replace the tab by spaces.",
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

/** The remark for an error of the YAML library. */
export function describeSyntaxError(error: YAMLParseError, source: OpenSource): Remark {
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
