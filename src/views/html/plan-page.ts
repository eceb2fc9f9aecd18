import { kindOf } from "../../core/base/address.ts";
import { count } from "../../core/base/text.ts";
import { joinAnswers } from "../../core/consent/answers.ts";
import { isPending, type Plan } from "../../core/model/plan.ts";
import { graphOrder, type PlanGraph } from "../../core/planning/plan-graph.ts";
import type { Rehearsal } from "../../core/planning/rehearsal.ts";
import { describeBudget, describeEstimate } from "../base/duration.ts";
import { headline } from "../markdown/plan.ts";
import { renderRehearsal } from "../plan/rehearsal.ts";
import type { DrawnGraph } from "../picture/group-graph.ts";
import { changeRows, markOfChange } from "./changes.ts";
import { findingSections, linesOf } from "./findings.ts";
import { html, preformatted, type Markup } from "./html.ts";
import { painted } from "./painted.ts";
import { renderPage } from "./page.ts";
import { graphSection, timetableSection } from "./pictures.ts";

/** What a page of a plan has beside it. `graph` absent: the order of the work is drawn. */
type PlanExtras = { readonly graph?: PlanGraph; readonly rehearsal?: Rehearsal };

/** A plan as a page. */
export function renderPlanPage(plan: Plan, { graph, rehearsal }: PlanExtras = {}): string {
  const title = `trueup: ${headline(plan)}`;
  return renderPage({
    title,
    listed: plan.changes.map((change) => ({ kind: kindOf(change.address), mark: markOfChange(change) })),
    hidden: ["keep"],
    body: (filters) =>
      html`<h1>${title}</h1>
        ${basisLine(plan)} ${timeLine(plan)} ${answers(plan)}
        ${findingSections([...plan.refusals, ...plan.problems])}
        ${
          plan.changes.length === 0
            ? undefined
            : html`<h2>Changes</h2>
                ${filters}${changeRows(plan.changes, plan.schedule.gaps)}`
        }
        ${rehearsal && rehearsalSection(rehearsal)} ${timetableSection(plan)}
        ${graphSection(withDrift(graph ?? graphOrder(plan), plan))}
        <p class="foot">
          Plan <code>${plan.hash.slice(0, 12)}</code>, ${count(plan.reads.resources, "resource")} read in
          ${count(plan.reads.calls, "call")}
        </p>`,
  });
}

/** Whose account, and which files. */
export function basisLine({ basis }: Pick<Plan, "basis">): Markup {
  const { workspace, rendercadUser, files, label } = basis;
  const owner = workspace?.name === undefined ? workspace?.id : `${workspace.name} (${workspace.id})`;
  const parts = [
    ...(owner === undefined ? [] : [owner]),
    ...(rendercadUser === undefined ? [] : [`RENDERCAD user ${rendercadUser}`]),
    files.join(", "),
    ...(label === "default" ? [] : [`label ${label}`]),
  ];
  return html`<p class="basis">
    ${parts.map((part, index) => [index === 0 ? "" : " · ", html`<code>${part}</code>`])}
  </p>`;
}

function timeLine(plan: Plan): Markup | undefined {
  if (!isPending(plan)) return undefined;
  const { end, tightest } = plan.schedule;
  const limit = tightest === null ? "" : `, limited by ${describeBudget(tightest)}`;
  return html`<p>Applying it takes ${describeEstimate(end)}${limit}.</p>`;
}

function answers({ refusals }: Plan): Markup | undefined {
  if (refusals.length === 0) return undefined;
  const { flags, block, unanswerable } = joinAnswers(refusals);
  return html`<div class="finding refusal">
    <p class="bold">Nothing is written until this is answered.</p>
    ${unanswerable.length === 0 ? undefined : html`<p>Only an edit answers <code>${unanswerable.join(", ")}</code>.</p>`}
    ${
      block === undefined
        ? undefined
        : html`<p>In the file, at its root:</p>
            ${linesOf(block.split("\n"))}`
    }
    ${
      flags.length === 0
        ? undefined
        : html`<p>${block === undefined ? "By hand:" : "Or by hand:"}</p>
            ${linesOf([`trueup apply ${flags.join(" ")}`])}`
    }
  </div>`;
}

/** The words of the terminal, colours included. */
function rehearsalSection(rehearsal: Rehearsal): Markup | undefined {
  const text = renderRehearsal(rehearsal, { columns: 100, colour: true, unicode: true });
  if (text === "") return undefined;
  return html`<h2>Rehearsal</h2>
    ${preformatted(text.trimEnd().split("\n").map(painted))}`;
}

/** In pictures too, drift is told apart from an edit of the file. */
function withDrift(graph: PlanGraph, { changes }: Plan): DrawnGraph {
  const drifted = new Set<string>(
    changes.filter((change) => markOfChange(change) === "drift").map(({ address }) => address),
  );
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (drifted.has(node.id) ? { ...node, mark: "drift" } : node)),
  };
}
