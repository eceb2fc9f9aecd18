import { parseAddress, type Address } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Problem } from "../../core/base/problem.ts";
import { countKinds } from "./kind-names.ts";
import { printLine, wrapText } from "./layout.ts";
import { byNature } from "./natural.ts";
import type { Canvas, Paint } from "./screen.ts";

/** The most problems with one answer that are told one by one. Of more, the first is told and the others are counted. */
const mostSingle = 2;
/** The most of these others that are named. More are counted by kind. */
const mostNamed = 6;
/** The most sentences of one code that are told, where they stop nothing. */
const mostSentences = 3;

/** Groups of problems that have one answer: the code is the same, and so is what to do, but for the name of the resource. */
export function groupProblems(problems: readonly Problem[]): readonly (readonly Problem[])[] {
  const groups = groupBy(problems, (one) =>
    JSON.stringify([one.severity, one.code, withoutName(one.remedy, one), one.log ?? []]),
  );
  return [...groups.values()].flatMap((group) =>
    group.length > mostSingle ? [group] : group.map((one) => [one]),
  );
}

/**
 * A text about a resource with `ADDRESS` and `NAME` in place of its own, so that texts about two resources can be
 * compared: `ADDRESS would be deleted`.
 */
function withoutName(text: string, { address }: Problem): string {
  if (address === undefined) return text;
  const name = parseAddress(address)?.name;
  const general = text.replaceAll(address, "ADDRESS");
  return name === undefined
    ? general
    : general
        .split(" ")
        .map((word) => (word === name ? "NAME" : word))
        .join(" ");
}

/**
 * One problem inside a report, or several that have one answer: code and place, the sentence, the other resources
 * that it is said of, what to do. Problems of a file, which have code frames, are drawn by `problems.ts`.
 */
export function printFindingGroup(
  problems: readonly Problem[],
  canvas: Canvas,
  paint: Paint,
  indent = 2,
): readonly string[] {
  const [first] = problems;
  if (!first) return [];
  const isOne = problems.length === 1;
  const place = first.where && `${first.where.file}:${first.where.line}:${first.where.column}`;
  const head = [...(isOne ? [] : [`${problems.length} times`]), ...(place === undefined ? [] : [place])];
  const wrap = (text: string, paint?: Paint) =>
    wrapText(canvas.text(text), canvas.columns - indent - 2).map((line) =>
      printLine([[" ".repeat(indent + 2)], [line, paint]]),
    );
  return [
    printLine([
      [" ".repeat(indent)],
      [canvas.text(first.code), paint],
      ["  "],
      [canvas.text(head.join(", first at ")), canvas.ink.dim],
    ]),
    ...tellGroup(problems, canvas).flatMap((line) => wrap(line)),
    ...logLines(first.log ?? [], canvas, indent + 2),
    ...wrap(isOne ? first.remedy : withoutName(first.remedy, first), canvas.ink.cyan),
  ];
}

/** One problem inside a report. */
export function printFinding(problem: Problem, canvas: Canvas, paint: Paint, indent = 2): readonly string[] {
  return printFindingGroup([problem], canvas, paint, indent);
}

/**
 * The sentences of a group. Those that differ by a name alone are told once, with the other names; all names where
 * data ends.
 */
function tellGroup(problems: readonly Problem[], { verbose }: Canvas): readonly string[] {
  const alike = [...groupBy(problems, (one) => withoutName(one.message, one)).values()];
  const stops = problems.some(({ severity }) => severity === "refusal" || severity === "error");
  const shown = verbose || stops ? alike : alike.slice(0, mostSentences);
  const hidden = alike.slice(shown.length).flat().length;
  const lines = shown.flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ? [first.message] : [];
    const isWhole = verbose || first.code === "data-loss" || others.length <= mostNamed;
    const addresses = others.flatMap(({ address }) => address ?? []).sort(byNature);
    const named = isWhole ? addresses : countKinds(addresses.filter(isAddress));
    return [
      first.message,
      `The same of ${others.length} more${named.length === 0 ? "" : `: ${named.join(", ")}`}.`,
    ];
  });
  return hidden === 0 ? lines : [...lines, `And ${hidden} more of these; -v lists them.`];
}

function isAddress(text: string): text is Address {
  return parseAddress(text) !== undefined;
}

/**
 * Lines that a program wrote, each behind a bar. The bar shows that a line is not of trueup, and keeps it from being
 * read as a command by the runner of a CI job.
 */
function logLines(log: readonly string[], { ink, text, columns }: Canvas, indent: number): readonly string[] {
  const bar = "| ";
  return log.flatMap((line) =>
    wrapText(text(line), columns - indent - bar.length).map((part) =>
      printLine([[" ".repeat(indent)], [bar + part, ink.dim]]),
    ),
  );
}
