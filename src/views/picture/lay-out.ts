import { Graph, layout } from "@dagrejs/dagre";
import { groupBy } from "../../core/base/group.ts";
import { displayWidth, escapeText } from "../base/escape.ts";
import { truncateMiddle, wrapWords } from "../base/layout.ts";
import { describeKind } from "./describe-kind.ts";
import type { Arrow, Box, Component } from "./group-graph.ts";

/** A box at its place. `columns`: of names. */
export type PlacedBox = Box & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly cell: number;
};
type Point = { readonly x: number; readonly y: number };
/** The line of an arrow, from the right side of a box to the left side of one. */
export type PlacedArrow = Arrow & { readonly points: readonly Point[] };
export type Placed = {
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
  readonly width: number;
  readonly height: number;
};

/** Pixels. `character`: the widest that one of the font takes. */
export const measures = {
  character: 7.25,
  line: 17,
  note: 14,
  head: 17,
  padding: 9,
  gap: 14,
  between: 64,
  apart: 26,
  longestName: 64,
} as const;
/** Names of a box stand in so many lines before there is another column. */
const linesOfColumn = 14;
const mostColumns = 5;
/** Pictures without arrows become as wide as this, those with arrows as wide as they need. */
const page = 1160;

/** Lays each component out by itself, and puts them in rows, the largest first. */
export function placeComponents(components: readonly Component[]): Placed {
  const placed = components.map(placeComponent);
  const room = Math.max(page, ...placed.map(({ width }) => width));
  const boxes: PlacedBox[] = [];
  const arrows: PlacedArrow[] = [];
  let [x, y, tallest, width] = [0, 0, 0, 0];
  for (const one of placed) {
    if (x > 0 && x + one.width > room) [x, y, tallest] = [0, y + tallest + measures.apart, 0];
    const [left, top] = [x, y];
    boxes.push(...one.boxes.map((box) => ({ ...box, x: box.x + left, y: box.y + top })));
    arrows.push(
      ...one.arrows.map((arrow) => ({
        ...arrow,
        points: arrow.points.map((point) => ({ x: point.x + left, y: point.y + top })),
      })),
    );
    x += one.width + measures.apart;
    tallest = Math.max(tallest, one.height);
    width = Math.max(width, x - measures.apart);
  }
  return { boxes, arrows, width, height: y + tallest };
}

function placeComponent({ boxes, arrows }: Component): Placed {
  const sized = boxes.map(sizeBox);
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: measures.gap, edgesep: 8, ranksep: measures.between });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of sized) graph.setNode(id, { width, height });
  for (const { first, next } of arrows) graph.setEdge(first, next);
  layout(graph);
  const placed = sized.map((box): PlacedBox => {
    const { x, y } = graph.node(box.id) as Point;
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  const byId = new Map(placed.map((box) => [box.id, box]));
  // Between columns that stand side by side the one bend is only where a label would be.
  const bends = ({ first, next }: Arrow): readonly Point[] => {
    const { points = [] } = graph.edge(first, next) as { readonly points?: readonly Point[] };
    return points.length > 3 ? points.slice(1, -1) : [];
  };
  const lines = placeArrows(
    arrows.map((arrow) => ({ ...arrow, points: bends(arrow) })),
    byId,
  );
  const points = [
    ...placed.flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...lines.flatMap((line) => line.points),
  ];
  const [left, top] = [Math.min(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))];
  return {
    boxes: placed.map((box) => ({ ...box, x: box.x - left, y: box.y - top })),
    arrows: lines.map((line) => ({
      ...line,
      points: line.points.map(({ x, y }) => ({ x: x - left, y: y - top })),
    })),
    width: Math.max(...points.map(({ x }) => x)) - left,
    height: Math.max(...points.map(({ y }) => y)) - top,
  };
}

function sizeBox(box: Box): Omit<PlacedBox, "x" | "y"> {
  const { names, kind } = box;
  const notes = notesOf(box);
  const columns = Math.min(mostColumns, Math.ceil(names.length / linesOfColumn));
  const cell = Math.max(
    ...names.map((name) => Math.min(displayWidth(escapeText(name)), measures.longestName)),
  );
  const title = displayWidth(describeKind(kind, names.length)) * 0.9 + 3;
  const widestNote = Math.max(0, ...notes.map((note) => displayWidth(escapeText(note)) * 0.85));
  const text = Math.max(title, widestNote, columns * (cell + 2) - 2 + (kind === "" ? 2 : 0));
  const lines = Math.ceil(names.length / columns);
  return {
    ...box,
    columns,
    cell: (cell + 2) * measures.character,
    width: Math.ceil(text * measures.character) + 2 * measures.padding,
    height:
      (kind === "" ? 0 : measures.head) +
      lines * measures.line +
      notes.length * measures.note +
      measures.padding,
  };
}

/** What a box says of hubs: `after shared, common`, a line for so many names as it is wide, and `before 38 others`. */
export function notesOf({ after, before }: Pick<Box, "after" | "before">): readonly string[] {
  const names = after.map((name) => truncateMiddle(escapeText(name), measures.longestName, "…"));
  const lines =
    after.length === 0
      ? []
      : wrapWords(
          ["after", ...names.map((name, index) => (index + 1 < names.length ? `${name},` : name))],
          30,
        );
  return [...lines, ...(before === undefined ? [] : [`before ${before} others`])];
}

/** Arrows leave a box on its right side and arrive on the left, each at its own height, in the order of where they lead. */
function placeArrows(
  arrows: readonly PlacedArrow[],
  boxes: ReadonlyMap<string, PlacedBox>,
): readonly PlacedArrow[] {
  const middle = (id: string): Point => {
    const { x, y, width, height } = boxes.get(id)!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  const next = (arrow: PlacedArrow): Point => arrow.points[0] ?? middle(arrow.next);
  const last = (arrow: PlacedArrow): Point => arrow.points.at(-1) ?? middle(arrow.first);
  const starts = spread(
    groupBy(arrows, ({ first }) => first),
    next,
    boxes,
  );
  const ends = spread(
    groupBy(arrows, ({ next }) => next),
    last,
    boxes,
  );
  return arrows.map((arrow) => {
    const [from, to] = [boxes.get(arrow.first)!, boxes.get(arrow.next)!];
    const start = { x: from.x + from.width, y: starts.get(arrow)! };
    const end = { x: to.x, y: ends.get(arrow)! };
    return { ...arrow, points: [start, ...arrow.points, end] };
  });
}

function spread(
  sides: ReadonlyMap<string, readonly PlacedArrow[]>,
  towards: (arrow: PlacedArrow) => Point,
  boxes: ReadonlyMap<string, PlacedBox>,
): ReadonlyMap<PlacedArrow, number> {
  const heights = new Map<PlacedArrow, number>();
  for (const [id, arrows] of sides) {
    const { y, height } = boxes.get(id)!;
    const room = Math.max(0, height - 2 * measures.padding);
    const step = Math.min(10, room / Math.max(1, arrows.length - 1));
    const sorted = [...arrows].sort((a, b) => towards(a).y - towards(b).y);
    for (const [index, arrow] of sorted.entries())
      heights.set(arrow, y + height / 2 + (index - (sorted.length - 1) / 2) * step);
  }
  return heights;
}
