import { kindOf } from "../../core/base/address.ts";
import type { Step } from "../../core/model/plan.ts";
import { graphOrder } from "../../core/planning/plan-graph.ts";
import type { RunReport, StepResult } from "../../core/run/report.ts";
import { describeClock, describeDuration } from "../base/duration.ts";
import { countResults, verdictWords } from "../markdown/run.ts";
import type { DrawnGraph } from "../picture/group-graph.ts";
import { classOf, kindClass, looks, type Mark } from "../picture/looks.ts";
import { findingSections, linesOf } from "./findings.ts";
import { html, prose, type Markup } from "./html.ts";
import { renderPage } from "./page.ts";
import { graphSection, timetableSection } from "./pictures.ts";
import { basisLine } from "./plan-page.ts";

/** The gravest end of a resource's steps is told of it. */
const gravest: readonly StepResult["status"][] = [
  "failed",
  "uncertain",
  "blocked",
  "left",
  "done",
  "skipped",
];

/** What an apply did, as a page: every step, with how it ended. */
export function renderRunPage(report: RunReport): string {
  const { verdict, results, plan, problems, took, run, ungiven = [] } = report;
  const title = `trueup apply: ${verdictWords[verdict]}`;
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const told = new Set(results.flatMap((one) => ("problem" in one && one.problem ? [one.problem] : [])));
  const starts = new Map(plan.schedule.slots.map(({ step, start }) => [step, start]));
  const sorted = [...results].sort(
    (a, b) =>
      gravest.indexOf(a.status) - gravest.indexOf(b.status) ||
      (starts.get(a.step) ?? 0) - (starts.get(b.step) ?? 0),
  );
  return renderPage({
    title,
    listed: results.map(({ step, status }) => ({ kind: steps.get(step)?.kind ?? "", mark: status })),
    body: (filters) =>
      html`<h1>${title}</h1>
        ${basisLine(plan)}
        <p>${countResults(results)} in ${describeDuration(took)}.</p>
        ${findingSections(problems.filter((one) => !told.has(one)))}
        ${
          ungiven.length === 0
            ? undefined
            : html`<h2>Still without a value</h2>
                ${ungiven.map(({ address, entries }) => html`<p><code>${address}</code> ${entries.join(", ")}</p>`)}`
        }
        ${
          results.length === 0
            ? undefined
            : html`<h2>Steps</h2>
                ${filters}${sorted.map((result) => stepRow(result, steps.get(result.step), starts.get(result.step)))}`
        }
        ${timetableSection(plan)} ${graphSection(withEnds(report))}
        <p class="foot">Run <code>${run}</code>, plan <code>${plan.hash.slice(0, 12)}</code></p>`,
  });
}

function stepRow(result: StepResult, step: Step | undefined, start: number | undefined): Markup {
  const { status } = result;
  const why = result.status === "blocked" ? `it needs ${result.by}` : "";
  const problem = "problem" in result ? result.problem : undefined;
  const time = start === undefined ? undefined : html`<span class="place">${describeClock(start)}</span>`;
  const head = html`<span class="sign">${looks[status].sign}</span><span class="name">${result.step}</span
    ><span class="why">${looks[status].word}${why === "" ? "" : `, ${why}`}</span>${time}`;
  const className = `row ${classOf(status)} ${kindClass(step ? kindOf(step.address) : "")}`;
  if (!problem) return html`<div class="${className}"><div class="head">${head}</div></div> `;
  return html`<details class="${className}" open>
    <summary>${head}</summary>
    <div class="fields">
      <span class="label">${problem.code}</span><span class="words">${prose(problem.message)}</span
      ><span class="label">what to do</span><span class="words">${prose(problem.remedy)}</span>
      <div class="log">${linesOf(problem.log)}</div>
    </div>
  </details> `;
}

/** The order of the work, each resource with how its steps ended. */
function withEnds({ plan, results }: RunReport): DrawnGraph {
  const addresses = new Map<string, string>(plan.steps.map(({ id, address }) => [id, address]));
  const ends = new Map<string, Mark>();
  for (const status of [...gravest].reverse())
    for (const one of results) {
      const address = addresses.get(one.step);
      if (one.status === status && address !== undefined) ends.set(address, status);
    }
  const graph = graphOrder(plan);
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, mark: ends.get(node.id) ?? "left" })) };
}
