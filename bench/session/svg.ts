import type { Frame } from "./picture.ts";
import type { Piece } from "./screen.ts";

/** Of each colour what it is on a light ground, and on a dark one. Each can be read there (contrast 4.5 and more). */
export const palette: { readonly [name: string]: { readonly light: string; readonly dark: string } } = {
  ground: { light: "#ffffff", dark: "#0d1117" },
  edge: { light: "#d1d9e0", dark: "#3d444d" },
  plain: { light: "#1f2328", dark: "#e6edf3" },
  dim: { light: "#59636e", dark: "#9198a1" },
  red: { light: "#b3161f", dark: "#ff7b72" },
  green: { light: "#116329", dark: "#56d364" },
  yellow: { light: "#7d4e00", dark: "#e3b341" },
  blue: { light: "#0550ae", dark: "#79c0ff" },
  magenta: { light: "#6639ba", dark: "#d2a8ff" },
  cyan: { light: "#0a5f6e", dark: "#56d4dd" },
};

const cell = { width: 8, height: 19 };
const margin = { side: 20, top: 44, bottom: 14 };

/** How a picture is told to who does not see it, and which frame stands where nothing moves. */
export type Caption = { readonly title: string; readonly text: string; readonly still: number };

/**
 * The frames as one picture that moves by itself: all of them below each other, behind a window of the size of one. It needs no
 * script and no font of its own, follows the reader's light or dark, and stands still for who asked for less motion.
 */
export function drawFrames(
  frames: readonly Frame[],
  size: { readonly columns: number; readonly rows: number },
  caption: Caption,
): string {
  const inner = { width: size.columns * cell.width, height: size.rows * cell.height };
  const [width, height] = [inner.width + 2 * margin.side, inner.height + margin.top + margin.bottom];
  const known = new Map<string, string>();
  const strips = frames.map(({ lines }, index) => {
    const uses = lines.flatMap((line, row) => drawLine(line, row * cell.height, known));
    return `<g transform="translate(0 ${index * inner.height})">${uses.join("")}</g>`;
  });
  const lines = [...known].map(([body, id]) => `<g id="${id}">${body}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title text">`,
    `<title id="title">${escapeXml(caption.title)}</title><desc id="text">${escapeXml(caption.text)}</desc>`,
    `<style>${style(frames, inner.height, caption.still)}</style>`,
    `<defs>\n${lines.join("\n")}\n</defs>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" class="window"/>`,
    ...[0, 1, 2].map((dot) => `<circle cx="${22 + dot * 18}" cy="22" r="5" class="dot"/>`),
    `<svg x="${margin.side}" y="${margin.top}" width="${inner.width}" height="${inner.height}"><g id="strip">`,
    ...strips,
    "</g></svg>",
    "</svg>\n",
  ].join("\n");
}

/** A line is drawn once, however many frames have it. */
function drawLine(line: readonly Piece[], y: number, known: Map<string, string>): readonly string[] {
  const body = drawPieces(line);
  if (body === "") return [];
  const id = known.get(body) ?? `l${known.size}`;
  known.set(body, id);
  return [`<use href="#${id}" y="${y}"/>`];
}

/** Each word of a look at its column, as wide as its signs are in a terminal, whatever font the reader has. */
function drawPieces(line: readonly Piece[]): string {
  let column = 0;
  let body = "";
  for (const { text, look } of line) {
    for (const [word] of text.matchAll(/\S+(?: \S+)*| +/gu)) {
      const { length } = Array.from(word);
      const name = look === "" ? "" : ` class="${look}"`;
      if (word.trim() !== "")
        body += `<text x="${column * cell.width}" y="14" textLength="${length * cell.width}"${name}>${escapeXml(word)}</text>`;
      column += length;
    }
  }
  return body;
}

function style(frames: readonly Frame[], height: number, still: number): string {
  const whole = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  let begin = 0;
  const steps = frames.map(({ seconds }, index) => {
    const percent = ((begin / whole) * 100).toFixed(2);
    begin += seconds;
    return `${percent}%{transform:translateY(${-index * height}px)}`;
  });
  return `
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre}
.bold{font-weight:700}
${colours("light")}
@media(prefers-color-scheme:dark){${colours("dark")}}
#strip{transform:translateY(${-still * height}px);animation:play ${whole.toFixed(2)}s step-end infinite}
@media(prefers-reduced-motion:reduce){#strip{animation:none}}
@keyframes play{${steps.join("")}}
`;
}

function colours(theme: "light" | "dark"): string {
  const { ground, edge, plain, ...looks } = Object.fromEntries(
    Object.entries(palette).map(([name, colour]) => [name, colour[theme]]),
  );
  const classes = Object.entries(looks).map(([name, colour]) => `.${name}{fill:${colour}}`);
  return `.window{fill:${ground};stroke:${edge}}.dot{fill:${edge}}text{fill:${plain}}${classes.join("")}`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
