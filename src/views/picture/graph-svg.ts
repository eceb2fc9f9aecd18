import { displayWidth, escapeText } from "../base/escape.ts";
import { truncateMiddle } from "../base/layout.ts";
import { describeKind } from "./describe-kind.ts";
import { groupGraph, type DrawnGraph } from "./group-graph.ts";
import { measures, notesOf, placeComponents, type PlacedArrow, type PlacedBox } from "./lay-out.ts";
import { classOf, kindClass, looks, pictureStyle, type Mark } from "./looks.ts";
import { px, xml } from "./xml.ts";

const margin = 14;
const legend = 26;

/** The graph as a file of its own, with its colours for light and dark. */
export function renderSvg(graph: DrawnGraph): string {
  return drawGraph(graph, pictureStyle);
}

/**
 * The graph as an SVG element. An arrow leads from what comes first, from the left to the right. `style`: put into it; a page that
 * has `pictureStyle` already gives none.
 */
export function drawGraph(graph: DrawnGraph, style = ""): string {
  const components = groupGraph(graph);
  const placed = placeComponents(components);
  const isCoarse = components.some((one) => one.isCoarse);
  const marks = [...new Set(graph.nodes.map(({ mark }) => mark))];
  const key = legendOf(marks, isCoarse);
  const width = Math.ceil(Math.max(placed.width, key.width) + 2 * margin);
  const height = Math.ceil(placed.height + legend + 2 * margin);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="pic" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>What comes before what in the plan</title>",
    ...(style === "" ? [] : [`<style>${style}</style>`]),
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0,0 L8,4 L0,8 z"/></marker></defs>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    key.text,
    `<g transform="translate(0 ${legend})">`,
    '<g class="edges">',
    ...placed.arrows.map(drawArrow),
    "</g>",
    ...placed.boxes.map(drawBox),
    "</g>",
    "</g>",
    "</svg>\n",
  ].join("\n");
}

function legendOf(
  marks: readonly Mark[],
  isCoarse: boolean,
): { readonly text: string; readonly width: number } {
  const order = Object.keys(looks) as Mark[];
  const used = order.filter((mark) => marks.includes(mark) && mark !== "step");
  const words = used.map((mark) => `${looks[mark].sign} ${looks[mark].word}`);
  const tail = isCoarse
    ? "an arrow leads from what comes first; of boxes with many names, some of the one come before some of the other"
    : "an arrow leads from what comes first";
  let x = 0;
  const pieces = words.map((word, index) => {
    const [sign = "", ...rest] = word.split(" ");
    const at = x;
    x += displayWidth(word) * measures.character + 18;
    return `<g class="${classOf(used[index]!)} key"><text x="${px(at)}" y="12"><tspan class="sign">${xml(sign)}</tspan> ${xml(rest.join(" "))}</text></g>`;
  });
  return {
    text: `${pieces.join("")}<text class="what" x="${px(x)}" y="12">${tail}</text>`,
    width: x + tail.length * 6.2,
  };
}

/** Through the bends that the layout gives it; each piece leaves and arrives level, so that it can be followed. */
function drawArrow({ points }: PlacedArrow): string {
  const [start, ...others] = points;
  if (!start) return "";
  let from = start;
  const pieces = others.map((to) => {
    const bend = to.x > from.x ? (to.x - from.x) / 2 : measures.between / 2;
    const piece = `C${px(from.x + bend)},${px(from.y)} ${px(to.x - bend)},${px(to.y)} ${px(to.x)},${px(to.y)}`;
    from = to;
    return piece;
  });
  return `<path d="M${px(start.x)},${px(start.y)} ${pieces.join(" ")}" marker-end="url(#tip)"/>`;
}

function drawBox(box: PlacedBox): string {
  const { x, y, width, height, kind, mark, names, columns, cell } = box;
  const { sign } = looks[mark];
  const many = names.length;
  const lines = Math.ceil(many / columns);
  const head = kind === "" ? 0 : measures.head;
  const title =
    kind === ""
      ? ""
      : `<text class="what" x="${px(x + measures.padding)}" y="${px(y + 15)}">${signOf(sign)}${xml(describeKind(kind, many))}</text>`;
  const texts = names.map((name, index) => {
    const [column, line] = [Math.floor(index / lines), index % lines];
    const [left, top] = [
      x + measures.padding + column * cell,
      y + head + 14 + line * measures.line + (head === 0 ? 4 : 0),
    ];
    return `<text x="${px(left)}" y="${px(top)}" xml:space="preserve">${kind === "" ? signOf(sign) : ""}${xml(shorten(name))}${fullName(name)}</text>`;
  });
  const below = y + head + lines * measures.line + (head === 0 ? 4 : 0) + 12;
  const notes = notesOf(box).map((note, index) =>
    noteText(note, x + measures.padding, below + index * measures.note),
  );
  return `<g class="box ${classOf(mark)} ${kindClass(kind.split(" ").at(-1) ?? "")}"><rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="6"/>${title}${texts.join("")}${notes.join("")}</g>`;
}

function noteText(text: string, x: number, y: number): string {
  return `<text class="what" x="${px(x)}" y="${px(y)}" xml:space="preserve">${xml(text)}</text>`;
}

function signOf(sign: string): string {
  return sign === "" ? "" : `<tspan class="sign">${xml(sign)}</tspan> `;
}

/** A name of hundreds of characters would make the picture as wide; its whole is told when it is pointed at. */
function shorten(name: string): string {
  return truncateMiddle(escapeText(name), measures.longestName, "…");
}

function fullName(name: string): string {
  return displayWidth(escapeText(name)) > measures.longestName ? `<title>${xml(name)}</title>` : "";
}
