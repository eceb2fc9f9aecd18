import { byText } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import type { GraphNode, PlanGraph } from "../../core/planning/plan-graph.ts";
import { displayWidth } from "../base/escape.ts";
import { labelOf, looks } from "./graph.ts";

/** The width in pixels of one character; those of the font are at most as wide. */
const character = 7.5;
const box = { height: 28, padding: 12 } as const;
const gap = { across: 80, down: 12 } as const;
const margin = 16;
const sweeps = 4;

type Spot = { readonly x: number; readonly y: number; readonly width: number };

/**
 * The graph as one SVG document. A node stands left of the nodes that it needs: its column is the length of the
 * longest way from it to a node without needs. Within a column, nodes stand near those that they are joined to.
 */
export function renderSvg(graph: PlanGraph): string {
  const columns = orderColumns(graph, makeColumns(graph));
  const spots = placeNodes(columns);
  const width = Math.max(0, ...[...spots.values()].map(({ x, width }) => x + width)) + margin;
  const height = Math.max(0, ...[...spots.values()].map(({ y }) => y + box.height)) + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>What needs what in the plan</title>",
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#6e7781"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    '<g fill="none" stroke="#6e7781">',
    ...graph.edges.map(({ from, to }) => drawEdge(spots.get(from)!, spots.get(to)!)),
    "</g>",
    '<g font-family="ui-monospace, monospace" font-size="12">',
    ...graph.nodes.map((node) => drawNode(node, spots.get(node.id)!)),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

/**
 * By node, the length of the longest way from it to a node without needs. An arrow that closes a circle is left out
 * of the count.
 */
function makeColumns({ nodes, edges }: PlanGraph): ReadonlyMap<string, number> {
  const needs = groupBy(edges, ({ from }) => from);
  const depth = new Map<string, number>();
  const open = new Set<string>();
  for (const { id: root } of nodes) {
    const work = [root];
    while (work.length > 0) {
      const id = work.at(-1)!;
      const targets = (needs.get(id) ?? []).map(({ to }) => to);
      const waiting = open.has(id) ? [] : targets.filter((to) => !depth.has(to) && !open.has(to));
      open.add(id);
      if (waiting.length > 0) work.push(...waiting);
      else {
        work.pop();
        open.delete(id);
        if (!depth.has(id)) depth.set(id, 1 + Math.max(-1, ...targets.map((to) => depth.get(to) ?? -1)));
      }
    }
  }
  return depth;
}

/**
 * The nodes of each column, from left to right. Each sweep moves a node to the mean place of its neighbours in the
 * columns before, so that fewer arrows cross.
 */
function orderColumns(
  { nodes, edges }: PlanGraph,
  depth: ReadonlyMap<string, number>,
): readonly (readonly GraphNode[])[] {
  const deepest = Math.max(0, ...depth.values());
  let columns = Array.from({ length: deepest + 1 }, (_, index) =>
    nodes.filter(({ id }) => depth.get(id) === deepest - index),
  );
  const joined = groupBy(
    [...edges, ...edges.map(({ from, to }) => ({ from: to, to: from }))],
    ({ from }) => from,
  );
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const places = new Map(
      columns.flatMap((column) =>
        column.map(({ id }, index) => [id, index / Math.max(1, column.length - 1)] as const),
      ),
    );
    const pull = (id: string): number => {
      const others = (joined.get(id) ?? []).map(({ to }) => places.get(to) ?? 0);
      return others.length === 0
        ? (places.get(id) ?? 0)
        : others.reduce((sum, place) => sum + place, 0) / others.length;
    };
    columns = columns.map((column) =>
      [...column].sort((a, b) => pull(a.id) - pull(b.id) || byText(a.id, b.id)),
    );
  }
  return columns;
}

function placeNodes(columns: readonly (readonly GraphNode[])[]): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot>();
  const tallest = Math.max(0, ...columns.map((column) => column.length));
  let x = margin;
  for (const column of columns) {
    const width = Math.max(
      0,
      ...column.map((node) => Math.ceil(displayWidth(labelOf(node)) * character) + 2 * box.padding),
    );
    const start = margin + Math.round(((tallest - column.length) * (box.height + gap.down)) / 2);
    for (const [index, { id }] of column.entries())
      spots.set(id, { x, y: start + index * (box.height + gap.down), width });
    x += width + gap.across;
  }
  return spots;
}

function drawEdge(from: Spot, to: Spot): string {
  const [x1, y1] = [from.x + from.width, from.y + box.height / 2];
  const [x2, y2] = [to.x, to.y + box.height / 2];
  const bend = Math.max(gap.across / 2, Math.abs(x2 - x1) / 2);
  return `<path d="M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}" marker-end="url(#tip)"/>`;
}

function drawNode(node: GraphNode, { x, y, width }: Spot): string {
  const { line, fill } = looks[node.mark];
  const frame = `<rect x="${x}" y="${y}" width="${width}" height="${box.height}" rx="6" stroke="${line}" fill="${fill}"/>`;
  return `${frame}<text x="${x + box.padding}" y="${y + 18}" fill="#1f2328" xml:space="preserve">${escapeXml(labelOf(node))}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (sign) => `&#${sign.codePointAt(0)};`);
}
