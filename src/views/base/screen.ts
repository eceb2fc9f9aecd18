import picocolors from "picocolors";
import { escapeText } from "./escape.ts";

/** What a view draws for. The shell finds it out once and hands it in; a test makes its own. */
export type Screen = {
  /** Width in character cells; views lay out for 80 to 160 of them. */
  readonly columns: number;
  readonly colour: boolean;
  /** False where the terminal shows ASCII only. */
  readonly unicode: boolean;
  /** `-v`: what is folded into a count is listed, and what is unchanged too. */
  readonly verbose?: boolean;
};

/** Puts a colour round a text. */
export type Paint = (text: string) => string;
/** A piece of a line with its colour. Widths are always measured without the colour. */
export type Span = readonly [text: string, paint?: Paint | undefined];
/** One line of output, in pieces. */
export type Line = readonly Span[];

const unicodeGlyphs = {
  dot: "·",
  ellipsis: "…",
  replace: "±",
  done: "✓",
  failed: "✗",
  bar: "█",
  rest: "░",
  spin: "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏",
};
const asciiGlyphs: Glyphs = {
  dot: "-",
  ellipsis: "..",
  replace: "*",
  done: "+",
  failed: "x",
  bar: "#",
  rest: ".",
  spin: "|/-\\",
};
type Glyphs = { readonly [Name in keyof typeof unicodeGlyphs]: string };

/** A screen with what a view needs to draw on it. `text` escapes a text from outside for this screen. */
export type Canvas = {
  readonly columns: number;
  readonly ink: ReturnType<typeof picocolors.createColors>;
  readonly glyphs: Glyphs;
  readonly text: (outside: string) => string;
  readonly verbose: boolean;
};

/** The canvas of a screen. */
export function openCanvas(screen: Screen): Canvas {
  return {
    columns: Math.min(Math.max(screen.columns, 40), 160),
    ink: picocolors.createColors(screen.colour),
    glyphs: screen.unicode ? unicodeGlyphs : asciiGlyphs,
    text: (outside) => escapeText(outside, screen.unicode),
    verbose: screen.verbose === true,
  };
}

/** A sentence of trueup's own, in which `·` stands as the glyph that this screen can show. */
export function withGlyphs(canvas: Canvas, text: string): string {
  return text.replaceAll("·", canvas.glyphs.dot);
}
