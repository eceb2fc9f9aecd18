import { xml } from "../picture/xml.ts";

/** A piece of a page that is safe as it stands. Nothing but this module makes one. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

export type { Markup };

/** What a template takes: a text is escaped, a piece of a page is not, a list is put together, nothing is nothing. */
export type Content = Markup | string | number | undefined | readonly Content[];

/** A piece of a page. Every text that is filled in is escaped: between tags, and in an attribute that has its quotes. */
export function html(pieces: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const text = pieces.map((piece, index) => piece + write(values[index])).join("");
  return new Markup(text);
}

function write(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  return typeof content === "object" ? content.map(write).join("") : xml(String(content));
}

/** A sentence in which what stands between backticks is code. */
export function prose(sentence: string): Markup {
  const pieces = sentence.split("`");
  const isPaired = pieces.length % 2 === 1;
  return html`${pieces.map((piece, index) =>
    isPaired ? (index % 2 === 1 ? html`<code>${piece}</code>` : piece) : index === 0 ? piece : `\`${piece}`,
  )}`;
}

/** Lines that stand as they are, in a block of their own. */
export function preformatted(lines: readonly Content[]): Markup {
  return new Markup(`<pre>${lines.map(write).join("\n")}</pre>`);
}

/** A picture of `views/picture`, or a style of our own: their makers have escaped them. */
export function drawn(picture: string): Markup {
  return new Markup(picture);
}
