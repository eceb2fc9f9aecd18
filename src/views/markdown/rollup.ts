import { code, sentence } from "./escape-markdown.ts";

/** One comment for the labels of a matrix: a line for each. */
export function renderRollupMarkdown(
  lines: readonly { readonly label: string; readonly text: string }[],
): string {
  const rows = lines.map(({ label, text }) => `| ${code(label, "table")} | ${sentence(text)} |`);
  const head = lines.length === 1 ? "1 label" : `${lines.length} labels`;
  return [`### trueup: ${head}`, "", "| label | plan |", "|---|---|", ...rows, ""].join("\n");
}
