import { openCanvas, type Canvas } from "../base/screen.ts";
import { html, type Markup } from "./html.ts";

/** What listings are drawn with that end in a page: its reader's window breaks the lines. */
export const pageCanvas: Canvas = openCanvas({ columns: 160, colour: true, unicode: true, verbose: true });

const classes: { readonly [code: string]: string } = {
  1: "bold",
  2: "dim",
  31: "red",
  32: "green",
  33: "yellow",
  34: "blue",
  35: "magenta",
  36: "cyan",
};

/** A line that was painted for a terminal, as a piece of a page. Texts in it are escaped, so that each colour is of our own. */
export function painted(line: string): Markup {
  const [first = "", ...rest] = line.split("\u001B[");
  let ink: readonly string[] = [];
  const spans = rest.map((piece) => {
    const [, code = "", text = ""] = /^(\d+)m([\s\S]*)$/u.exec(piece) ?? [];
    ink = change(ink, code);
    return text === ""
      ? undefined
      : ink.length === 0
        ? html`${text}`
        : html`<span class="${ink.join(" ")}">${text}</span>`;
  });
  return html`${first}${spans}`;
}

function change(ink: readonly string[], code: string): readonly string[] {
  const isWeight = (name: string): boolean => name === "bold" || name === "dim";
  if (code === "22") return ink.filter((name) => !isWeight(name));
  if (code === "39") return ink.filter(isWeight);
  const name = classes[code];
  if (name === undefined) return [];
  return [...ink.filter((one) => isWeight(one) !== isWeight(name) || isWeight(name)), name];
}
