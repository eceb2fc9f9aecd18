import { count } from "../../core/base/text.ts";
import { joinAnswers } from "../../core/consent/answers.ts";
import { isPending, type Plan } from "../../core/model/plan.ts";
import type { PlanGraph } from "../../core/planning/plan-graph.ts";
import { describeBudget, describeClock, describeEstimate } from "../base/duration.ts";
import { printRows } from "../base/rows.ts";
import { openCanvas } from "../base/screen.ts";
import { renderMermaid } from "../plan/graph.ts";
import { planRows } from "../plan/plan-rows.ts";
import { describeTotals } from "../plan/totals.ts";
import { code, fence, sentence } from "./escape-markdown.ts";
import { findingLines } from "./findings.ts";
import { fitSections, type Fitted, type Limits, type Section } from "./fit.ts";

/** What stands beside a plan where it is shown. Nothing of it depends on the clock, so that an unchanged plan is an unchanged text. */
export type PlanContext = {
  readonly title: string;
  readonly graph?: PlanGraph;
  /** The commit it was made for. */
  readonly commit?: string;
  /** Sentences of our own about other pull requests, escaped. */
  readonly remarks?: readonly string[];
  /** Where the whole of it is, when it is cut: the page of the job. */
  readonly whole?: string;
};

/** The most nodes of a graph. More cannot be read in the width of a comment. */
const readableNodes = 30;
/** The most lines of changes that stand open; more are folded. */
const openLines = 25;
/** The width of a comment on GitHub. */
const columns = 100;

/** A plan as Markdown, summary first, cut where it is too long. */
export function renderPlanMarkdown(plan: Plan, context: PlanContext, limits: Limits): Fitted {
  const all: readonly (Section | undefined)[] = [
    headSection(plan, context),
    refusalSection(plan),
    findingSection(plan),
    changeSection(plan),
    timetableSection(plan),
    graphSection(context.graph),
    footSection(plan, context),
  ];
  return fitSections(
    all.filter((one) => one !== undefined),
    limits,
    context.whole,
  );
}

/** The first heading says it all: `2 to create, 1 to delete`. */
export function headline(plan: Plan): string {
  if (plan.problems.some(({ severity }) => severity === "error")) return "cannot be applied";
  const refused = plan.refusals.length === 0 ? "" : `refused for ${count(plan.refusals.length, "reason")}: `;
  return refused + describeTotals(plan);
}

function headSection(plan: Plan, { title, remarks = [] }: PlanContext): Section {
  const { workspace, rendercadUser, files, label } = plan.basis;
  const owner = workspace && (workspace.name ?? workspace.id);
  const basis = [
    ...(owner === undefined ? [] : [code(owner)]),
    ...(rendercadUser === undefined ? [] : [`RENDERCAD user ${code(rendercadUser)}`]),
    listFiles(files),
    ...(label === "default" ? [] : [`label ${code(label)}`]),
  ].join(" · ");
  const { end, tightest } = plan.schedule;
  const limit = tightest === null ? "" : `, limited by ${sentence(describeBudget(tightest))}`;
  const time = isPending(plan) ? ["", `Applying it takes ${describeEstimate(end)}${limit}.`] : [];
  const head = [`### ${title}: ${headline(plan)}`, "", basis, ...time];
  return fixed(100, [...head, ...remarks.flatMap((remark) => ["", remark])]);
}

function listFiles(files: readonly string[]): string {
  const named = files.slice(0, 5).map((file) => code(file));
  return [...named, ...(files.length > 5 ? [`and ${files.length - 5} more files`] : [])].join(", ");
}

function refusalSection({ refusals }: Plan): Section | undefined {
  if (refusals.length === 0) return undefined;
  const { flags, block, unanswerable } = joinAnswers(refusals);
  const edits =
    unanswerable.length === 0
      ? []
      : ["", `Only an edit answers ${unanswerable.map((one) => code(one)).join(", ")}.`];
  const inFile =
    block === undefined ? [] : ["", "In the file, at its root:", "", fence(block.split("\n"), "yaml")];
  const byFlag =
    flags.length === 0 ? [] : ["", "Or by hand:", "", fence([`trueup apply ${flags.join(" ")}`], "sh")];
  return {
    worth: 90,
    head: ["> [!CAUTION]", "> Nothing is written until this is answered."],
    lines: findingLines(refusals, "refusal"),
    foot: [...edits, ...inFile, ...byFlag],
  };
}

function findingSection({ problems }: Plan): Section | undefined {
  const lines = [
    ...findingLines(problems, "error"),
    ...findingLines(problems, "warning"),
    ...findingLines(problems, "note"),
  ];
  if (lines.length === 0) return undefined;
  if (problems.some(({ severity }) => severity === "error")) return { worth: 85, head: [], lines, foot: [] };
  return folded(40, count(problems.length, "remark"), lines.slice(1), lines.length <= 8);
}

/** Coloured as a diff: what comes is green, what goes is red, what was changed outside stands out. */
function changeSection(plan: Plan): Section | undefined {
  if (plan.changes.length === 0) return undefined;
  const canvas = openCanvas({ columns, colour: false, unicode: true });
  const rows = printRows(planRows(plan.changes, canvas, plan), canvas.columns);
  const lines = rows.map((line) => line.replace(/^ {2}/u, ""));
  const [open = "", ...rest] = fence(lines, "diff").split("\n");
  const isOpen = lines.length <= openLines;
  const head = [`<details${isOpen ? " open" : ""}><summary>Changes</summary>`, "", open];
  return { worth: 80, head, lines: rest.slice(0, -1), foot: [rest.at(-1) ?? "", "", "</details>"] };
}

function timetableSection({ schedule }: Plan): Section | undefined {
  const { waves, gaps = [] } = schedule;
  if (waves.length < 2 && gaps.length === 0) return undefined;
  const rows = waves.map(({ start, steps, budget }, index) => {
    const why = budget === undefined ? "" : sentence(`when ${describeBudget(budget)} has calls again`);
    return `| ${index + 1} | ${describeClock(start)} | ${steps.length} | ${why} |`;
  });
  const away = gaps.map(
    ({ address, start, time }) =>
      `- ${code(address)} is away for ${describeEstimate(time)}, from ${describeClock(start)} on`,
  );
  const table = rows.length < 2 ? [] : ["| wave | starts at | steps | |", "|---|---|---|---|", ...rows];
  const lines = [...away, ...(away.length > 0 && table.length > 0 ? [""] : []), ...table];
  return folded(30, "Timetable", lines, false);
}

function graphSection(graph: PlanGraph | undefined): Section | undefined {
  if (!graph || graph.edges.length === 0 || graph.nodes.length > readableNodes) return undefined;
  const lines = ["```mermaid", ...renderMermaid(graph).trimEnd().split("\n"), "```"];
  // A graph that is cut is none.
  return fixed(20, ["<details><summary>What needs what</summary>", "", ...lines, "", "</details>"]);
}

function footSection(plan: Plan, { commit }: PlanContext): Section {
  const made = commit === undefined ? "" : ` of commit ${code(commit.slice(0, 12))}`;
  return fixed(100, [`<sub>Plan ${code(plan.hash.slice(0, 12))}${made}</sub>`]);
}

function folded(worth: number, title: string, lines: readonly string[], isOpen: boolean): Section {
  const head = [`<details${isOpen ? " open" : ""}><summary>${title}</summary>`, ""];
  return { worth, head, lines, foot: ["", "</details>"] };
}

function fixed(worth: number, head: readonly string[]): Section {
  return { worth, head, lines: [], foot: [] };
}
