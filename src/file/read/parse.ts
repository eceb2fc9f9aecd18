import { composeSource } from "./compose.ts";
import type { Node } from "../base/node.ts";
import { readDocument } from "./read-block.ts";
import { RemarkCollector, type Remark, type Tell } from "../base/remark.ts";
import type { OpenSource } from "../base/source.ts";
import { hasMoreTokens, TokenStream, type Stop } from "./tokens.ts";
import { tooDeep, Tree } from "../base/tree.ts";
import { withArticle } from "../../core/base/text.ts";

/** The largest file, in characters. Render refuses larger Blueprints (documented). */
const maxLength = 10 * 1024 * 1024;
/**
 * The largest text that the library composes, which takes a quarter of a second. For a megabyte it takes a second,
 * and four seconds and gigabytes of memory where every second character is a token. The largest of 150 real files has
 * a twentieth of this.
 */
const maxComposed = { length: 256 * 1024, tokens: 100_000 };

/** Parses a file: YAML 1.2 core, one document. `undefined`: it has a syntax error or holds nothing, and that was told. */
export function parseSource(source: OpenSource, tell: Tell): Node | undefined {
  if (source.text.length > maxLength) {
    tell({
      code: "file-too-large",
      severity: "error",
      message: `${source.name} is larger than 10 MB.`,
      remedy: "Split it into several files and pass each with -f.",
      place: { source, start: 0, end: 0 },
    });
    return undefined;
  }
  const remarks = new RemarkCollector();
  const root = readNode(source, remarks.tell);
  const template = findTemplate(source.text);
  if (template && (!root || template.certain)) {
    tell({
      code: "template-file",
      severity: "error",
      message: `${source.name} is ${withArticle(template.language)} template, not a finished YAML file.`,
      remedy: "Render the template first and point trueup at the result.",
      place: { source, start: template.start, end: template.start },
    });
    return undefined;
  }
  for (const remark of remarks.kept()) tell(remark);
  return root;
}

/**
 * Reads a plain file in one pass over its tokens. Any other file is read by the parser of the library, which also
 * explains what is wrong.
 */
function readNode(source: OpenSource, tell: Tell): Node | undefined {
  const remarks = new RemarkCollector();
  const tokens = new TokenStream(source.text);
  const tree = new Tree(source, remarks.tell);
  const root = readDocument({ tokens, tree });
  if (tokens.stopped && canCompose(source)) return composeSource(source, tell);
  if (tokens.stopped) tell(describeStop(tokens.stopped, source, tree.mostValues));
  else for (const remark of remarks.kept()) tell(remark);
  return root;
}

function canCompose({ text }: OpenSource): boolean {
  return text.length <= maxComposed.length && !hasMoreTokens(text, maxComposed.tokens);
}

function describeStop({ at, why }: Stop, source: OpenSource, mostValues: number): Remark {
  const place = { source, start: at, end: at };
  if (why === "too-deep") return { severity: "error", ...tooDeep(place) };
  if (why === "too-much") {
    return {
      code: "file-too-large",
      severity: "error",
      message: `${source.name} holds more than ${mostValues} values, which no file of its size needs.`,
      remedy: "Split it into several files and pass each with -f.",
      place,
    };
  }
  return {
    code: "yaml-syntax",
    severity: "error",
    message: "This is not valid YAML, or not of the plain kind that a file of this size has to be.",
    remedy:
      "Check the line and the one before it. Such a file cannot have tags, keys that start with `?`, lines that start with `%`, or several documents.",
    place,
  };
}

const languages: readonly { readonly name: string; readonly pattern: RegExp; readonly certain: boolean }[] = [
  { name: "cookiecutter", pattern: /\{\{-?[ \t]{0,20}cookiecutter\./, certain: true },
  { name: "Jinja", pattern: /^[ \t]*\{%-?\s/m, certain: true },
  { name: "ERB", pattern: /^[ \t]*<%/m, certain: true },
  { name: "mustache", pattern: /\{\{[^{}\n]*\}\}/, certain: false },
  { name: "ERB", pattern: /<%[=-]?[^%\n]*%>/, certain: false },
];

/**
 * Finds signs that a text is made for a template engine. `certain`: nothing else looks like this. Any other sign
 * counts only where the text is not valid YAML, because `"{{ x }}"` in quotes is an ordinary text.
 */
function findTemplate(text: string): { language: string; start: number; certain: boolean } | undefined {
  for (const { name, pattern, certain } of languages) {
    const match = pattern.exec(text);
    if (match) return { language: name, start: match.index + match[0].search(/\S/), certain };
  }
  return undefined;
}
