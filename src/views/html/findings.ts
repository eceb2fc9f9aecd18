import type { Problem, Severity } from "../../core/base/problem.ts";
import { groupProblems } from "../base/finding.ts";
import { html, preformatted, prose, type Markup } from "./html.ts";

const order: readonly Severity[] = ["refusal", "error", "warning", "note"];
const headings: Readonly<Record<Severity, string>> = {
  error: "Errors",
  refusal: "Refused",
  warning: "Warnings",
  note: "Notes",
};

/** Problems, the gravest first; those that have one answer are told once, with all places and names. */
export function findingSections(problems: readonly Problem[]): readonly Markup[] {
  return order.flatMap((severity) => {
    const found = groupProblems(problems.filter((one) => one.severity === severity));
    return found.length === 0
      ? []
      : [
          html`<h2>${headings[severity]}</h2>
            ${found.map(findingOf)}`,
        ];
  });
}

function findingOf([first, ...others]: readonly Problem[]): Markup {
  if (!first) return html``;
  const messages = [...new Set([first, ...others].map(({ message }) => message))];
  const places = [
    ...new Set(
      [first, ...others].flatMap(({ where }) =>
        where ? [`${where.file}:${where.line}:${where.column}`] : [],
      ),
    ),
  ];
  return html`<div class="finding ${first.severity}">
    <p><code>${first.code}</code> <span class="place">${places.join(", ")}</span></p>
    ${messages.map((message) => html`<p>${prose(message)}</p>`)}
    ${linesOf(first.frame?.split("\n"))}${linesOf(first.log)}
    <p class="cyan">${prose(first.remedy)}</p>
  </div>`;
}

/** Lines as they are, in a block of their own; none where there are none. */
export function linesOf(lines: readonly string[] | undefined): Markup | undefined {
  if (!lines || lines.length === 0) return undefined;
  return preformatted(lines);
}
