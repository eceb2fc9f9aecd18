import picocolors from "picocolors";
import { escapeText } from "./escape.ts";

/** What a view draws for. The shell finds it out once; tests say it. */
export type Screen = {
  /** Width in character cells; views lay out for 80 to 160 of them. */
  readonly columns: number;
  readonly colour: boolean;
  /** False: the terminal shows ASCII only. */
  readonly unicode: boolean;
  /** `-v`: what is folded into a count is listed, and what is unchanged too. */
  readonly verbose?: boolean;
};

export type Paint = (text: string) => string;
/** A piece of a line with its colour; the width is always taken of the bare text. */
export type Span = readonly [text: string, paint?: Paint | undefined];
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

/** A screen with its means at hand. `text` makes anything from outside safe to show here. */
export type Canvas = {
  readonly columns: number;
  readonly ink: ReturnType<typeof picocolors.createColors>;
  readonly glyphs: Glyphs;
  readonly text: (outside: string) => string;
  readonly verbose: boolean;
};

export function openCanvas(screen: Screen): Canvas {
  return {
    columns: Math.min(Math.max(screen.columns, 40), 160),
    ink: picocolors.createColors(screen.colour),
    glyphs: screen.unicode ? unicodeGlyphs : asciiGlyphs,
    text: (outside) => escapeText(outside, screen.unicode),
    verbose: screen.verbose === true,
  };
}

/** Sentences of our own may hold a `·`; this gives them the screen's. */
export function withGlyphs(canvas: Canvas, text: string): string {
  return text.replaceAll("·", canvas.glyphs.dot);
}
