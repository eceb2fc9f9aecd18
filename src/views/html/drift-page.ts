import { kindOf } from "../../core/base/address.ts";
import { count } from "../../core/base/text.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import { hasDrift, type DriftReport, type DriftVerdict } from "../../core/planning/drift.ts";
import type { PlanGraph } from "../../core/planning/plan-graph.ts";
import { describeDrift, driftWords } from "../plan/drift.ts";
import type { Mark } from "../picture/looks.ts";
import { changeRows } from "./changes.ts";
import { findingSections } from "./findings.ts";
import { html, type Markup } from "./html.ts";
import { renderPage } from "./page.ts";
import { graphSection } from "./pictures.ts";
import { basisLine } from "./plan-page.ts";

/** How a verdict looks: what is gone is red, as what a plan deletes. */
const marks: Readonly<Record<DriftVerdict, Mark>> = {
  changed: "changed",
  conflict: "conflict",
  gone: "gone",
  converged: "converged",
  pending: "update",
};

/** The report of `drift` as a page. `graph`: what drifted, and what it is joined to. */
export function renderDriftPage(report: DriftReport, graph?: PlanGraph): string {
  const title = `trueup drift: ${describeDrift(report)}`;
  const verdicts = new Map<string, DriftVerdict>(
    report.drifted.map(({ address, verdict }) => [address, verdict]),
  );
  const verdictOf = (address: string): DriftVerdict => verdicts.get(address) ?? "pending";
  const markOf = ({ address }: ResourceChange): Mark => marks[verdictOf(address)];
  const changes = report.drifted.map(({ change }) => change);
  return renderPage({
    title,
    listed: changes.map((change) => ({ kind: kindOf(change.address), mark: markOf(change) })),
    body: (filters) =>
      html`<h1>${title}</h1>
        ${basisLine(report)}
        ${hasDrift(report) ? html`<p><code>trueup apply</code> makes the accounts what the file says; or write what is right into the file.</p>` : undefined}
        ${(report.accepted ?? []).map((name) => html`<p>Accepted <code>${name}</code></p>`)}
        ${findingSections(report.problems)}
        ${
          changes.length === 0
            ? undefined
            : html`<h2>Changed outside the file</h2>
                ${filters}${changeRows(changes, [], { markOf, why: ({ address }) => driftWords[verdictOf(address)] })}`
        }
        ${addressSection("Changed in the file only", report.pending)}
        ${addressSection("Another value than last applied", report.renewed)}
        ${graph && graphSection({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, mark: verdicts.has(node.id) ? marks[verdictOf(node.id)] : "keep" })) })}
        <p class="foot">
          ${count(report.reads.resources, "resource")} read in ${count(report.reads.calls, "call")}
        </p>`,
  });
}

/** The addresses under a heading; nothing where there are none. */
function addressSection(title: string, addresses: readonly string[]): Markup | undefined {
  if (addresses.length === 0) return undefined;
  return html`<h2>${title}</h2>
    <p>${addresses.map((address) => html`<code>${address}</code> `)}</p>`;
}
