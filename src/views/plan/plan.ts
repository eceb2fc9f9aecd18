import { joinAnswers } from "../../core/consent/answers.ts";
import { count } from "../../core/base/text.ts";
import { isPending, type Plan } from "../../core/model/plan.ts";
import type { Problem, Severity } from "../../core/base/problem.ts";
import { describeBudget, describeEstimate } from "../base/duration.ts";
import { groupProblems, printFindingGroup } from "../base/finding.ts";
import { wrapText, wrapWords } from "../base/layout.ts";
import { isFolded } from "./plan-groups.ts";
import { printJointRemarks } from "./plan-notes.ts";
import { planRows } from "./plan-rows.ts";
import { describeTotals } from "./totals.ts";
import { labelled, printRows } from "../base/rows.ts";
import { openCanvas, withGlyphs, type Canvas, type Paint, type Screen } from "../base/screen.ts";

/**
 * Command lines to go on with after a plan. `next`: the one that applies it, shown where nothing stands in the way.
 * `answer`: the one that applies it with the flags that answer its refusals.
 */
export type PlanCommands = {
  readonly next?: string;
  readonly answer?: (flags: readonly string[]) => string;
};

/**
 * A plan for people. Every resource that changes has a row of its own, names are never cut, and what is taken away is
 * never folded into a count.
 */
export function renderPlan(plan: Plan, screen: Screen, commands: PlanCommands = {}): string {
  const canvas = openCanvas(screen);
  const rows = printRows(planRows(plan.changes, canvas, plan), canvas.columns);
  const blocks = [
    [printHeader(plan, canvas)],
    rows,
    ...printFindings([...plan.problems, ...plan.refusals], canvas, printJointRemarks(plan.changes, canvas)),
    printSummary(plan, canvas),
    printNext(plan, canvas, commands),
    printBlock(plan, canvas),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** The head of a plan: the workspace, the files, and how many calls reading took. */
export function printHeader({ basis, reads }: Pick<Plan, "basis" | "reads">, canvas: Canvas): string {
  const { workspace, rendercadUser } = basis;
  const owner = workspace?.name === undefined ? workspace?.id : `${workspace.name} (${workspace.id})`;
  const parts = [
    ...(owner === undefined ? [] : [owner]),
    ...(rendercadUser === undefined ? [] : [`RENDERCAD user ${rendercadUser}`]),
    basis.files.join(", "),
    ...(basis.label === "default" ? [] : [`label ${basis.label}`]),
    `${count(reads.resources, "resource")} read in ${count(reads.calls, "call")}`,
  ];
  const pieces = parts.map((part, index) => (index + 1 < parts.length ? `${part} ·` : part));
  const lines = wrapWords(
    pieces.map((piece) => canvas.text(withGlyphs(canvas, piece))),
    canvas.columns,
  );
  return lines.map((line) => canvas.ink.bold(line)).join("\n");
}

const headings: Readonly<Record<Severity, string>> = {
  error: "Errors",
  refusal: "Refused",
  warning: "Warnings",
  note: "Notes",
};

/** Problems of a plan, a block for each severity, the gravest last, where a reader of a terminal looks. */
export function printFindings(
  problems: readonly Problem[],
  canvas: Canvas,
  notes: readonly string[] = [],
): readonly (readonly string[])[] {
  const severities: readonly Severity[] = ["note", "warning", "error", "refusal"];
  return severities.flatMap((severity) => {
    const found = problems.filter((problem) => problem.severity === severity);
    const paint = paintOf(severity, canvas);
    const before = severity === "note" ? notes : [];
    return found.length + before.length === 0
      ? []
      : [
          [
            paint(headings[severity]),
            ...before,
            ...groupProblems(found).flatMap((group) => printFindingGroup(group, canvas, paint)),
          ],
        ];
  });
}

function paintOf(severity: Severity, { ink }: Canvas): Paint {
  const paints: Record<Severity, Paint> = {
    error: ink.red,
    refusal: ink.red,
    warning: ink.yellow,
    note: ink.dim,
  };
  return (text) => ink.bold(paints[severity](text));
}

function printSummary(plan: Plan, canvas: Canvas): readonly string[] {
  const { ink } = canvas;
  const lines = wrapWords(describeTotals(plan).split(/(?<=,) /), canvas.columns - 7);
  const totals = lines.map((line, index) => (index === 0 ? ink.bold("Plan   ") : "       ") + line);
  if (!isPending(plan)) return totals;
  const { end, tightest } = plan.schedule;
  const reason = tightest === null ? "" : `, limited by ${describeBudget(tightest)}`;
  const adopted = plan.changes.some(({ action }) => action === "adopt") ? [aboutAdopting] : [];
  return [
    ...totals,
    `${ink.bold("Time   ")}${canvas.text(describeEstimate(end) + reason)}`,
    ...adopted.flatMap((text) => labelled("Adopt", text, canvas)),
    ...(isFolded(plan.changes, canvas) ? labelled("More", aboutFolding, canvas) : []),
  ];
}

const aboutAdopting =
  "what exists already belongs to the file from then on: taking it out of the file deletes it";
const aboutFolding = "-v lists every resource with all its fields";

function printNext(plan: Plan, canvas: Canvas, { next, answer }: PlanCommands): readonly string[] {
  const { ink } = canvas;
  if (plan.problems.some((problem) => problem.severity === "error"))
    return [ink.red("This plan has errors and cannot be applied.")];
  if (plan.refusals.length > 0) {
    const { flags, unanswerable } = joinAnswers(plan.refusals);
    const reasons = groupProblems(plan.refusals).length;
    const edits = `; only an edit answers ${unanswerable.join(", ")}`;
    const refused = `Refused for ${count(reasons, "reason")}; nothing is written until ${reasons === 1 ? "it is" : "they are"} answered${unanswerable.length > 0 ? edits : ""}.`;
    const line = answer && flags.length > 0 ? [`${ink.bold("Answer ")}${canvas.text(answer(flags))}`] : [];
    return [...wrapText(refused, canvas.columns).map(ink.red), ...line];
  }
  return next === undefined || !isPending(plan) ? [] : [`${ink.bold("Next   ")}${canvas.text(next)}`];
}

/** The lines for the root of the file that answer the refusals, as an alternative to the flags. */
function printBlock(plan: Plan, canvas: Canvas): readonly string[] {
  const { block } = joinAnswers(plan.refusals);
  if (block === undefined) return [];
  const lines = block.split("\n").map((line) => canvas.text(line));
  return [canvas.ink.bold("Or in the file, at its root"), ...lines];
}
