import type { DesiredState } from "../../core/model/desired.ts";
import type { Problem, Severity } from "../../core/base/problem.ts";
import { groupProblems } from "./finding.ts";
import { printLine, wrapText } from "./layout.ts";
import { openCanvas, type Canvas, type Paint, type Screen } from "./screen.ts";

/** What `validate` found: every problem of all files, and what they declare. */
export type Validation = {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** What the files declare; absent when there is an error. */
  readonly state?: DesiredState;
};

const severities: readonly Severity[] = ["error", "refusal", "warning", "note"];

/** Problems with their code frames, in the order of the files, and a line that counts them. */
export function renderProblems(problems: readonly Problem[], screen: Screen): string {
  const canvas = openCanvas(screen);
  const blocks = foldProblems(problems, canvas).map(
    ([first, others]) => `${[...printProblem(first, canvas), ...tellOthers(others, canvas)].join("\n")}\n`,
  );
  return blocks.length === 0 ? "" : `${blocks.join("\n")}\n${countProblems(problems)}\n`;
}

/** What `validate` found, for people: the problems, and what the files declare. */
export function renderValidation(validation: Validation, screen: Screen): string {
  const canvas = openCanvas(screen);
  const files = validation.files.map((file) => canvas.text(file)).join(", ");
  const problems = renderProblems(validation.problems, screen);
  const { state } = validation;
  if (!state) return `${problems}${files} cannot be used as it is.\n`;
  const waiting = state.notManaged.map(
    ({ address, reason }) => `  ${canvas.text(address)}: ${canvas.text(reason)}\n`,
  );
  const declared = `${state.resources.length} ${state.resources.length === 1 ? "resource" : "resources"}`;
  const later = waiting.length === 0 ? "" : `\nUnderstood, and not acted on yet:\n${waiting.join("")}`;
  const verb = validation.files.length === 1 ? "declares" : "declare";
  return `${problems}${problems && "\n"}${files} ${verb} ${declared}.\n${later}`;
}

/** The most problems with one code and one remedy that are shown with their frames. Of the others, the places are told. */
const mostFrames: Readonly<Record<Severity, number>> = { error: 3, refusal: 3, warning: 1, note: 1 };

/** Each problem that is shown, and those that stand below the last one shown of their sort. */
function foldProblems(
  problems: readonly Problem[],
  { verbose }: Canvas,
): readonly (readonly [first: Problem, others: readonly Problem[]])[] {
  if (verbose) return problems.map((one) => [one, []] as const);
  const others = new Map<Problem, readonly Problem[]>();
  const hidden = new Set<Problem>();
  for (const group of groupProblems(problems)) {
    const most = mostFrames[group[0]?.severity ?? "note"];
    const last = group[most - 1];
    if (!last || group.length <= most + 1) continue;
    others.set(last, group.slice(most));
    for (const one of group.slice(most)) hidden.add(one);
  }
  return problems.filter((one) => !hidden.has(one)).map((one) => [one, others.get(one) ?? []] as const);
}

/** The most places that are named. The others are counted. */
const mostPlaces = 12;

/** `And 86 more like it: trueup.yaml:1301, 1306 ...` */
function tellOthers(others: readonly Problem[], canvas: Canvas): readonly string[] {
  if (others.length === 0) return [];
  const places = others.flatMap(({ where, address }) =>
    where ? `${where.file}:${where.line}` : (address ?? []),
  );
  const shown = places.slice(0, mostPlaces);
  const more = places.length - shown.length;
  const named = shown.length === 0 ? "" : `: ${shown.join(", ")}`;
  const text = `And ${others.length} more like it${named}${more > 0 ? ` and ${more} more` : ""}; -v shows them.`;
  return wrapText(canvas.text(text), canvas.columns - 2).map((line) =>
    printLine([["  "], [line, canvas.ink.dim]]),
  );
}

function printProblem(problem: Problem, canvas: Canvas): readonly string[] {
  const { where } = problem;
  const place = where ? `${canvas.text(where.file)}:${where.line}:${where.column}` : "";
  const wrap = (text: string, paint?: Paint) =>
    wrapText(canvas.text(text), canvas.columns - 2).map((line) => printLine([["  "], [line, paint]]));
  return [
    printLine([
      [problem.severity, paintOf(problem.severity, canvas)],
      ["  "],
      [canvas.text(problem.code)],
      ["  "],
      [place, canvas.ink.dim],
    ]),
    ...wrap(problem.message),
    ...frameLines(problem.frame, canvas),
    ...wrap(problem.remedy, canvas.ink.cyan),
  ];
}

/**
 * The lines of a code frame. It holds text of a file, so each line is escaped by itself; the line ends between them
 * are trueup's own.
 */
function frameLines(frame: string | undefined, canvas: Canvas): readonly string[] {
  if (frame === undefined) return [];
  return frame.split("\n").map((line) => {
    const paint = line.startsWith(">") || line.trimEnd().endsWith("^") ? undefined : canvas.ink.dim;
    return printLine([["  "], [canvas.text(line), paint]]);
  });
}

function paintOf(severity: Severity, canvas: Canvas): Paint {
  switch (severity) {
    case "error":
    case "refusal":
      return canvas.ink.red;
    case "warning":
      return canvas.ink.yellow;
    case "note":
      return canvas.ink.cyan;
    default:
      return severity satisfies never;
  }
}

function countProblems(problems: readonly Problem[]): string {
  const counts = severities.map((severity) => {
    const count = problems.filter((problem) => problem.severity === severity).length;
    return count === 0 ? "" : `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counts.filter((count) => count !== "").join(", ");
}
