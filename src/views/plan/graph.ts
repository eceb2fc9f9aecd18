import type { GraphNode, NodeMark, PlanGraph } from "../../core/planning/plan-graph.ts";
import { escapeText } from "../base/escape.ts";
import { printDocument } from "../json/document.ts";

/** The look of each mark: the sign that plans use for it, and two colours that can be read on white. */
const looks: {
  readonly [Mark in NodeMark]: { readonly sign: string; readonly line: string; readonly fill: string };
} = {
  create: { sign: "+ ", line: "#1a7f37", fill: "#dafbe1" },
  update: { sign: "~ ", line: "#9a6700", fill: "#fff8c5" },
  adopt: { sign: "> ", line: "#0969da", fill: "#ddf4ff" },
  replace: { sign: "± ", line: "#bc4c00", fill: "#fff1e5" },
  delete: { sign: "- ", line: "#cf222e", fill: "#ffebe9" },
  forget: { sign: "< ", line: "#6e7781", fill: "#f6f8fa" },
  keep: { sign: "", line: "#6e7781", fill: "#ffffff" },
  outside: { sign: "? ", line: "#6e7781", fill: "#f6f8fa" },
  step: { sign: "", line: "#6e7781", fill: "#ffffff" },
};

/** The text of a node on one line, escaped. */
function labelOf({ label, mark }: GraphNode): string {
  return looks[mark].sign + escapeText(label);
}

/** The graph for Mermaid. An arrow leads from a node to what it needs. */
export function renderMermaid({ nodes, edges }: PlanGraph): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const used = [...new Set(nodes.map(({ mark }) => mark))].sort();
  return lines([
    "flowchart LR",
    ...nodes.map((node) => `  ${names.get(node.id)}["${escapeMermaid(labelOf(node))}"]:::${node.mark}`),
    ...edges.map(({ from, to }) => `  ${names.get(from)} --> ${names.get(to)}`),
    ...used.map(
      (mark) => `  classDef ${mark} stroke:${looks[mark].line},fill:${looks[mark].fill},color:#1f2328`,
    ),
  ]);
}

/** The graph for Graphviz. An arrow leads from a node to what it needs. */
export function renderDot({ nodes, edges }: PlanGraph): string {
  return lines([
    "digraph plan {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ...nodes.map(
      (node) =>
        `  ${quoteDot(node.id)} [label=${quoteDot(labelOf(node))}, color="${looks[node.mark].line}", fillcolor="${looks[node.mark].fill}"];`,
    ),
    ...edges.map(({ from, to }) => `  ${quoteDot(from)} -> ${quoteDot(to)};`),
    "}",
  ]);
}

/** The graph as the document of `--json`. */
export function renderGraphJson(graph: PlanGraph): string {
  return printDocument("graph", "done", graph);
}

/**
 * A text as a label of Mermaid, which reads Markdown and HTML in labels: what could be either stands as one of its
 * entity codes.
 */
function escapeMermaid(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ./+~>?@%:,±_-]|>/gu, (character) => `#${character.codePointAt(0)};`);
}

function quoteDot(text: string): string {
  return `"${escapeText(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
