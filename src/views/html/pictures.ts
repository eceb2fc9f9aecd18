import type { Plan } from "../../core/model/plan.ts";
import { describeBudget, describeClock, describeEstimate } from "../base/duration.ts";
import { drawGraph } from "../picture/graph-svg.ts";
import type { DrawnGraph } from "../picture/group-graph.ts";
import { drawTimetable } from "../picture/timetable-svg.ts";
import { drawn, html, type Markup } from "./html.ts";

/** The graph in a frame that is scrolled where it is wider than the window. Of no node: none. */
export function graphSection(graph: DrawnGraph): Markup | undefined {
  if (graph.nodes.length === 0) return undefined;
  return html`<h2>What comes before what</h2>
    <div class="picture" tabindex="0">${drawn(drawGraph(graph))}</div>`;
}

/** When each step starts: drawn, and the waves as a table, with why each of them waits. */
export function timetableSection(plan: Pick<Plan, "schedule" | "steps">): Markup | undefined {
  const picture = drawTimetable(plan);
  if (picture === undefined) return undefined;
  const { schedule } = plan;
  const why =
    schedule.tightest === null ? "no limit delays it" : `limited by ${describeBudget(schedule.tightest)}`;
  const gaps = (schedule.gaps ?? []).map(
    ({ address, start, time }) =>
      html`<p>
        <code>${address}</code> is away for ${describeEstimate(time)}, from ${describeClock(start)} on
      </p>`,
  );
  return html`<h2>Timetable</h2>
    <p>
      ${describeEstimate(schedule.end)}, ${why}. A dot is a step; grey ones are deploys, and waits for what
      was begun.
    </p>
    ${gaps}
    <div class="picture" tabindex="0">${drawn(picture)}</div>
    ${schedule.waves.length < 2 ? undefined : waveTable(schedule)}`;
}

function waveTable({ waves }: Plan["schedule"]): Markup {
  const rows = waves.map(
    ({ start, steps, budget }, index) =>
      html`<tr>
        <td>${index + 1}</td>
        <td>${describeClock(start)}</td>
        <td>${steps.length}</td>
        <td>${budget === undefined ? "" : `when ${describeBudget(budget)} has calls again`}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>wave</th>
      <th>starts at</th>
      <th>steps</th>
      <th>waits until</th>
    </tr>
    ${rows}
  </table>`;
}
