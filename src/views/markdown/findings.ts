import type { Problem, Severity } from "../../core/base/problem.ts";
import { groupProblems } from "../base/finding.ts";
import { code, fence, sentence } from "./escape-markdown.ts";

/** The most places that are named of equal problems. */
const namedPlaces = 5;

const headings: Readonly<Record<Severity, string>> = {
  error: "Errors",
  refusal: "Refused",
  warning: "Warnings",
  note: "Notes",
};

/** The problems of one severity, under a heading; no lines where there are none. */
export function findingLines(problems: readonly Problem[], severity: Severity): readonly string[] {
  const found = groupProblems(problems.filter((one) => one.severity === severity));
  if (found.length === 0) return [];
  return ["", `**${headings[severity]}**`, "", ...found.flatMap(findingItem)];
}

function findingItem([problem, ...others]: readonly Problem[]): readonly string[] {
  if (!problem) return [];
  const places = [problem, ...others].flatMap(({ where }) => (where ? [`${where.file}:${where.line}`] : []));
  const named = places
    .slice(0, namedPlaces)
    .map((place) => code(place))
    .join(", ");
  const rest = places.length > namedPlaces ? ` and ${places.length - namedPlaces} more places` : "";
  const where = named === "" ? "" : ` (${named}${rest})`;
  const times = others.length === 0 ? "" : `, ${others.length + 1} times`;
  const frame = problem.frame === undefined ? [] : [...indent(fence(problem.frame.split("\n"), "yaml")), ""];
  return [
    `- **${sentence(problem.code)}**${times}${where}: ${sentence(problem.message)}  `,
    `  ${sentence(problem.remedy)}`,
    ...(frame.length === 0 ? [] : ["", ...frame]),
  ];
}

function indent(text: string): readonly string[] {
  return text.split("\n").map((line) => `  ${line}`);
}
