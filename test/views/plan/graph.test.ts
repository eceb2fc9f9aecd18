import { describe, expect, test } from "vitest";
import type { PlanGraph } from "../../../src/core/planning/plan-graph.ts";
import { renderDot, renderGraphJson, renderMermaid } from "../../../src/views/plan/graph.ts";

const shop: PlanGraph = {
  nodes: [
    { id: "render/postgres/main", label: "render/postgres/main", mark: "keep" },
    { id: "render/service/api", label: "render/service/api", mark: "create" },
    { id: "render/service/old", label: "render/service/old", mark: "delete" },
  ],
  edges: [{ from: "render/service/api", to: "render/postgres/main" }],
};

test("Mermaid: a node per resource, an arrow to what it needs, a class per mark", () => {
  expect(renderMermaid(shop)).toBe(`flowchart LR
  n0["render/postgres/main"]:::keep
  n1["+ render/service/api"]:::create
  n2["- render/service/old"]:::delete
  n1 --> n0
  classDef create stroke:#1a7f37,fill:#dafbe1,color:#1f2328
  classDef delete stroke:#cf222e,fill:#ffebe9,color:#1f2328
  classDef keep stroke:#6e7781,fill:#ffffff,color:#1f2328
`);
});

test("DOT", () => {
  expect(renderDot(shop)).toBe(`digraph plan {
  rankdir=LR;
  node [shape=box, style="rounded,filled", fontname="sans-serif"];
  "render/postgres/main" [label="render/postgres/main", color="#6e7781", fillcolor="#ffffff"];
  "render/service/api" [label="+ render/service/api", color="#1a7f37", fillcolor="#dafbe1"];
  "render/service/old" [label="- render/service/old", color="#cf222e", fillcolor="#ffebe9"];
  "render/service/api" -> "render/postgres/main";
}
`);
});

test("JSON carries the graph as it is", () => {
  expect(JSON.parse(renderGraphJson(shop))).toEqual({
    formatVersion: "1.0",
    kind: "graph",
    verdict: "done",
    ...shop,
  });
});

describe("names from outside stay text", () => {
  const hostile = `a"]; click n0 "javascript:x" <script>alert(1)</script> \`#quot;\` \\ \u202e \n& 'b'`;
  const graph: PlanGraph = { nodes: [{ id: hostile, label: hostile, mark: "create" }], edges: [] };

  test("in Mermaid: no quote, bracket, tag, entity or line of their own", () => {
    const [, node = ""] = renderMermaid(graph).split("\n");
    const label = /^ {2}n0\["(.*)"\]:::create$/.exec(node)?.[1] ?? "";
    expect(label).not.toBe("");
    expect(label).not.toMatch(/["'<>`\\[\]()&\n\u202e]/u);
    expect(label.replaceAll(/#\d+;/gu, "")).not.toContain("#");
  });

  test("in DOT: one quoted text", () => {
    const [, , , node = ""] = renderDot(graph).split("\n");
    expect(node).toMatch(
      /^ {2}"(?:[^"\\]|\\.)*" \[label="(?:[^"\\]|\\.)*", color="#1a7f37", fillcolor="#dafbe1"\];$/u,
    );
  });
});
