import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderSvg } from "../../../src/views/picture/graph-svg.ts";
import { groupGraph, type DrawnGraph } from "../../../src/views/picture/group-graph.ts";
import { placeComponents } from "../../../src/views/picture/lay-out.ts";
import { fleetGraph } from "./fleet-graph.ts";

const graphs = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc
    .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.boolean()), { maxLength: 120 })
    .map((pairs): DrawnGraph => ({
      nodes: Array.from({ length: count }, (_, index) => ({
        id: `n${index}`,
        label: index % 3 === 0 ? `render/service/s${index}` : `render/disk/d${index}`,
        mark: index % 5 === 0 ? ("delete" as const) : ("create" as const),
      })),
      edges: pairs.map(([from, to]) => ({ from: `n${Math.max(from, to)}`, to: `n${Math.min(from, to)}` })),
    })),
);

/** What a picture says, by names: pairs of which one comes before the other. */
function toldBy(graph: DrawnGraph): ReadonlySet<string> {
  const pairs = groupGraph(graph).flatMap(({ boxes, arrows }) => {
    const byId = new Map(boxes.map((box) => [box.id, box]));
    const drawn = arrows.flatMap(({ first, next }) =>
      byId.get(first)!.names.flatMap((a) => byId.get(next)!.names.map((b) => `${a} before ${b}`)),
    );
    const named = boxes.flatMap(({ names, after }) =>
      names.flatMap((b) => after.map((a) => `${a} before ${b}`)),
    );
    return [...drawn, ...named];
  });
  return new Set(pairs);
}

function expected({ nodes, edges }: DrawnGraph): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const nameOf = (id: string): string => byId.get(id)!.label.split("/").at(-1)!;
  return new Set(
    edges
      .filter(({ from, to }) => from !== to)
      .map(({ from, to }) =>
        byId.get(from)!.mark === "delete"
          ? `${nameOf(from)} before ${nameOf(to)}`
          : `${nameOf(to)} before ${nameOf(from)}`,
      ),
  );
}

describe("boxes of what is alike", () => {
  test("say every dependency and no other, in the order of time: what is deleted goes before what it needs", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect([...toldBy(graph)].sort()).toEqual([...expected(graph)].sort());
      }),
      { numRuns: 200 },
    );
  });

  test("have every name once", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const names = groupGraph(graph).flatMap(({ boxes }) => boxes.flatMap((box) => box.names));
        expect(names.sort()).toEqual(graph.nodes.map(({ label }) => label.split("/").at(-1)!).sort());
      }),
      { numRuns: 100 },
    );
  });

  test("forty services that need one group are one box with forty names, and one arrow", () => {
    const services = Array.from({ length: 40 }, (_, index) => `render/service/s-${index}`);
    const group = "render/env-group/shared";
    const components = groupGraph({
      nodes: [group, ...services].map((id) => ({ id, label: id, mark: "create" })),
      edges: services.map((from) => ({ from, to: group })),
    });
    expect(components).toMatchObject([{ arrows: [{ first: group }], isCoarse: false }]);
    expect(components[0]!.boxes.map(({ names }) => names.length)).toEqual([1, 40]);
  });

  test("too many that are all different are put together by kind and depth, and the picture says so", () => {
    const nodes = Array.from({ length: 700 }, (_, index) => {
      const id = `render/${index < 350 ? "disk" : "service"}/n-${index}`;
      return { id, label: id, mark: "create" as const };
    });
    const edges = nodes
      .slice(350)
      .flatMap(({ id }, index) =>
        [index, (index * 11 + 1) % 350, (index * 3 + 2) % 350].map((to) => ({ from: id, to: nodes[to]!.id })),
      );
    const components = groupGraph({ nodes, edges });
    expect(components.some(({ isCoarse }) => isCoarse)).toBe(true);
    expect(components.flatMap(({ boxes }) => boxes).length).toBeLessThan(20);
    expect(renderSvg({ nodes, edges })).toContain("some of the one come before some of the other");
  });
});

describe("the drawing", () => {
  const places = (graph: DrawnGraph) => placeComponents(groupGraph(graph));

  test("puts no box over another, and is the same each time", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes } = places(graph);
        for (const [index, a] of boxes.entries())
          for (const b of boxes.slice(index + 1))
            expect(
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
            ).toBe(true);
        expect(renderSvg(graph)).toBe(renderSvg(graph));
      }),
      { numRuns: 60 },
    );
  });

  test("has every arrow lead to the right, in the direction of time", () => {
    const made = graphs.map((graph) => ({
      ...graph,
      nodes: graph.nodes.map((node) => ({ ...node, mark: "create" as const })),
    }));
    fc.assert(
      fc.property(made, (graph) => {
        for (const { points } of places(graph).arrows) expect(points[0]!.x).toBeLessThan(points.at(-1)!.x);
      }),
      { numRuns: 60 },
    );
  });

  test.each([1, 30, 200, 500])("of %i resources fits the width of a window, with every name", (size) => {
    const graph = fleetGraph(size);
    const svg = renderSvg(graph);
    expect(Number(/width="(\d+)"/u.exec(svg)?.[1])).toBeLessThan(1_500);
    const texts = [...svg.matchAll(/>([\w-]+)<\/text>/gu)].map(([, text]) => text);
    for (const { label } of graph.nodes) expect(texts).toContain(label.split("/").at(-1));
    // An arrow that crosses a screen cannot be followed: hubs have none.
    const { arrows } = places(graph);
    const steep = arrows.filter(({ points }) => Math.abs(points[0]!.y - points.at(-1)!.y) > 900);
    expect(steep).toEqual([]);
  });
});

test("names from outside stay text: no tag, no control, no class of their own", () => {
  const hostile = `a"]; </text><script>alert(1)</script> \`&quot;\` \\ \u202e \n& 'b' <![CDATA[`;
  const svg = renderSvg({
    nodes: [
      { id: "1", label: hostile, mark: "create" },
      { id: "2", label: `render/service/${encodeURIComponent(hostile)}`, mark: "keep" },
      { id: "3", label: `ren"der/ser'vice x=/${encodeURIComponent(hostile)}`, mark: "keep" },
    ],
    edges: [],
  });
  expect(svg).not.toContain("<script");
  expect(svg).not.toContain("<![");
  expect(svg).not.toMatch(/[\p{Cf}]/u);
  expect(svg).toContain("&#60;script");
  const tags = new Set([...svg.matchAll(/<(\/?[a-zA-Z!][\w-]*)/gu)].map(([, tag]) => tag!.replace("/", "")));
  expect([...tags].sort()).toEqual([
    "defs",
    "g",
    "marker",
    "path",
    "rect",
    "style",
    "svg",
    "text",
    "title",
    "tspan",
  ]);
});
