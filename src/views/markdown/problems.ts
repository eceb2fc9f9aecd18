import { count } from "../../core/base/text.ts";
import type { Problem } from "../../core/base/problem.ts";
import { findingLines } from "./findings.ts";
import { fitSections, type Fitted, type Limits } from "./fit.ts";

/** Problems alone, as Markdown: what a command that could not begin, or a validation, has to say. */
export function renderProblemsMarkdown(
  problems: readonly Problem[],
  { title, whole }: { readonly title: string; readonly whole?: string },
  limits: Limits,
): Fitted {
  const stopping = problems.filter(({ severity }) => severity === "error" || severity === "refusal").length;
  const head = stopping === 0 ? "nothing is wrong" : `${count(stopping, "problem")} to solve`;
  const lines = (["refusal", "error", "warning", "note"] as const).flatMap((one) =>
    findingLines(problems, one),
  );
  return fitSections(
    [
      { worth: 100, head: [`### ${title}: ${head}`], lines: [], foot: [] },
      { worth: 50, head: [], lines, foot: [] },
    ],
    limits,
    whole,
  );
}
