import { kindOf } from "../../core/base/address.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Plan } from "../../core/model/plan.ts";
import { describeEstimate } from "../base/duration.ts";
import { printLine } from "../base/layout.ts";
import { byNature } from "../base/natural.ts";
import type { Row } from "../base/rows.ts";
import { classOf, kindClass, looks, type Mark } from "../picture/looks.ts";
import { describeChange, mannerOf } from "../plan/change-words.ts";
import { fieldRows } from "../plan/plan-fields.ts";
import { noteRows } from "../plan/plan-notes.ts";
import { html, type Markup } from "./html.ts";
import { pageCanvas, painted } from "./painted.ts";

/** What takes away comes first, what stays as it is last. */
const order: readonly Mark[] = ["delete", "replace", "drift", "update", "adopt", "create", "forget", "keep"];
/** Of more changes with fields, all stand folded. */
const mostOpen = 24;
/** A value is not cut before this many characters. */
const widest = 600;

/** The mark of a change on a page: drift is told apart from an edit of the file. */
export function markOfChange(change: ResourceChange): Mark {
  return mannerOf(change);
}

/** A line for each change, with its fields below it. `why`: other words than the plan's. */
export function changeRows(
  changes: readonly ResourceChange[],
  gaps: Plan["schedule"]["gaps"] = [],
  told: {
    readonly markOf: (change: ResourceChange) => Mark;
    readonly why: (change: ResourceChange) => string;
  } = {
    markOf: markOfChange,
    why: (change) => describeChange(change),
  },
): readonly Markup[] {
  const away = new Map(gaps.map(({ address, time }) => [address, describeEstimate(time)]));
  const sorted = [...changes].sort(
    (a, b) =>
      order.indexOf(markOfChange(a)) - order.indexOf(markOfChange(b)) || byNature(a.address, b.address),
  );
  const withDetails = sorted.map((change) => ({ change, rows: detailsOf(change) }));
  const isOpen =
    withDetails.filter(({ rows, change }) => rows.length > 0 && change.action !== "keep").length <= mostOpen;
  return withDetails.map(({ change, rows }) => {
    const { address, where, losesData, action } = change;
    const mark = told.markOf(change);
    const time = away.get(address);
    const place = where && html`<span class="place">${where.file}:${where.line}</span>`;
    const loss = losesData ? html` <span class="red bold">DATA IS LOST</span>` : undefined;
    const head = html`<span class="sign">${looks[mark].sign}</span><span class="name">${address}</span
      ><span class="why">${told.why(change)}${time === undefined ? "" : `, away for ${time}`}${loss}</span
      >${place}`;
    const className = `row ${classOf(mark)} ${kindClass(kindOf(address))}`;
    if (rows.length === 0) return html`<div class="${className}"><div class="head">${head}</div></div> `;
    const open = isOpen && action !== "keep" ? html` open` : undefined;
    return html`<details class="${className}" ${open}>
      <summary>${head}</summary>
      <div class="fields">${rows.map(fieldOf)}</div>
    </details> `;
  });
}

function detailsOf(change: ResourceChange): readonly Row[] {
  return [...fieldRows(change, pageCanvas, Infinity), ...noteRows(change.notes, pageCanvas)];
}

function fieldOf({ label, words }: Row): Markup {
  const lines = words(widest).map((line) => painted(printLine(line)));
  return html`<span class="label">${label}</span
    ><span class="words"
      >${lines.map((line, index) => [index === 0 ? undefined : html`<br />`, line])}</span
    >`;
}
