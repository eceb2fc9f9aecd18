import { createHash } from "node:crypto";
import { groupBy } from "../../src/core/base/group.ts";
import { nameOf } from "./list-files.ts";
import { editsAt, type Edit } from "./operators.ts";
import { isNode, parse, walk, type Node } from "./syntax.ts";

/**
 * A deliberate fault in one file. `id` stays the same while its line does, wherever in the file that moves to and wherever the file
 * does (`nameOf`), so that what is known of a mutant outlives other changes.
 */
export type Mutant = Edit & {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** What stood there, shortened for people. */
  readonly before: string;
  /** Name of the function that it is in; empty outside of all. */
  readonly function: string;
  /** Of a named fault: the test file that notices it. */
  readonly heldBy?: string;
};

/** Every mutant of a file, in the order of the text. */
export function findMutants(file: string, text: string): readonly Mutant[] {
  const found: Mutant[] = [];
  const seen = new Map<string, number>();
  walk(parse(text), (node, place) => {
    for (const edit of editsAt(node, place, text)) {
      const mutant = describe(file, text, edit, place.function, seen);
      if (!isIdle(mutant, text)) found.push(mutant);
    }
  });
  return found;
}

function describe(
  file: string,
  text: string,
  edit: Edit,
  inFunction: string,
  seen: Map<string, number>,
): Mutant {
  const line = text.slice(0, edit.start).split("\n").length;
  const before = text.slice(edit.start, edit.end);
  const words = [nameOf(file), textOfLine(text, line), edit.operator, before, edit.text].join("\u0000");
  const count = seen.get(words) ?? 0;
  seen.set(words, count + 1);
  const id = createHash("sha256").update(`${words}\u0000${count}`).digest("hex").slice(0, 12);
  return { ...edit, id, file, line, before: shorten(before), function: inFunction };
}

/** The types say that nothing comes to `x satisfies never`; and what a comparison answers counts by its sign alone. */
function isIdle({ line, operator }: Mutant, text: string): boolean {
  const around = textOfLine(text, line);
  return around.includes("satisfies never") || (operator === "number" && around.includes("? -1 : 1"));
}

function textOfLine(text: string, line: number): string {
  return (text.split("\n")[line - 1] ?? "").trim();
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}

export function applyMutant(text: string, { start, end, text: by }: Edit): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** The text with a word of every function that begins: `mark("file#name")`. Lines stay where they are. */
export function markFunctions(file: string, text: string): string {
  const marks: { at: number; text: string }[] = [];
  const call = (name: string): string =>
    `globalThis.markCovered?.(${JSON.stringify(`${nameOf(file)}#${name}`)})`;
  walk(parse(text), (node, place) => {
    const { body } = node;
    if (!isFunction(node) || !isNode(body)) return;
    if (body.type === "BlockStatement") marks.push({ at: body.start + 1, text: `${call(place.function)};` });
    else marks.push({ at: body.start, text: `(${call(place.function)}, ` }, { at: body.end, text: ")" });
  });
  // From the end, so that places stay true; a closing bracket of an inner function comes before that of an outer one.
  const ordered = marks.map((mark, index) => ({ ...mark, index }));
  ordered.sort((a, b) => b.at - a.at || a.index - b.index);
  const marked = ordered.reduce((all, mark) => all.slice(0, mark.at) + mark.text + all.slice(mark.at), text);
  return `${call("")};${marked}`;
}

function isFunction({ type }: Node): boolean {
  return /^(?:ArrowFunctionExpression|FunctionDeclaration|FunctionExpression)$/u.test(type);
}

/**
 * `count` of them, the same ones for a seed. `least`: of every file so many at least, as long as it has them; a mutant's rank does
 * not depend on the others, so a larger count has the smaller one's mutants too.
 */
export function drawMutants(
  all: readonly Mutant[],
  { count, seed, least }: { readonly count: number; readonly seed: number; readonly least: number },
): readonly Mutant[] {
  const rank = new Map(
    all.map((one) => [one, createHash("sha256").update(`${seed} ${one.id}`).digest("hex")]),
  );
  const ranked = all.toSorted((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1));
  const first = [...groupBy(ranked, (one) => one.file).values()].flatMap((ofFile) => ofFile.slice(0, least));
  const drawn = [...new Set([...first, ...ranked])].slice(0, Math.max(count, first.length));
  return drawn.toSorted((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
}
