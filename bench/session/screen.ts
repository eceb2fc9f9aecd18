/** A piece of a line in one look: `bold`, `dim` and a colour, as the program asks for them. */
export type Piece = { readonly text: string; readonly look: string };

const looks: { readonly [code: string]: string } = {
  "1": "bold",
  "2": "dim",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "34": "blue",
  "35": "magenta",
  "36": "cyan",
};
/** What ends a look: bold and dim together, and any colour. */
const ends: { readonly [code: string]: RegExp } = {
  "0": /\S+/gu,
  "22": /\b(?:bold|dim)\b/gu,
  "39": /\b(?:red|green|yellow|blue|magenta|cyan)\b/gu,
};

const escape = "\u001b";
const sequence = new RegExp(`(${escape}\\[[\\d;]*[A-Za-z]|\\r|\\n)`, "u");
const exactly = new RegExp(`^${escape}\\[([\\d;]*)([A-Za-z])$`, "u");

/**
 * As much of a terminal as the program asks for: looks, lines that are drawn again. Any other sequence is an error, so that no
 * picture leaves out what a terminal would do.
 */
export class TerminalScreen {
  readonly #lines: Piece[][] = [[]];
  #row = 0;
  #look = "";

  write(text: string): void {
    for (const part of text.split(sequence)) this.#take(part);
  }

  /** Every line since the beginning, without what was erased. */
  get lines(): readonly (readonly Piece[])[] {
    return this.#lines;
  }

  #take(part: string): void {
    const [, numbers = "", letter] = exactly.exec(part) ?? [];
    if (letter === "m") for (const code of numbers.split(";")) this.#setLook(code || "0");
    else if (letter === "A") this.#row -= Number(numbers || "1");
    else if (letter === "J" && numbers === "") this.#lines.splice(this.#row, Infinity, []);
    else if (letter !== undefined)
      throw new Error(`a terminal sequence without a picture: ${JSON.stringify(part)}`);
    else if (part === "\n") this.#lines[(this.#row += 1)] ??= [];
    else if (part !== "" && part !== "\r") this.#lines[this.#row]?.push({ text: part, look: this.#look });
  }

  #setLook(code: string): void {
    const [end, look] = [ends[code], looks[code]];
    if (!end && look === undefined) throw new Error(`a look without a picture: ${code}`);
    const kept = end ? this.#look.replaceAll(end, "") : `${this.#look} ${look}`;
    this.#look = kept.trim().replaceAll(/\s+/gu, " ");
  }
}
