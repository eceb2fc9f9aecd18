import { CST, Lexer } from "yaml";

/** Whether the text has more tokens than that; found out without keeping any. */
export function hasMoreTokens(text: string, limit: number): boolean {
  const lexemes = new Lexer().lex(text);
  for (let count = 0; count <= limit; count += 1) if (lexemes.next().done === true) return false;
  return true;
}

export type TokenKind = NonNullable<ReturnType<typeof CST.tokenType>> | "end";

/** An offset, and whether the text is nested too deep there, holds too much, or is only not what the readers of tokens take. */
export type Stop = { readonly at: number; readonly why: "not-read" | "too-deep" | "too-much" };

/**
 * The YAML library's lexical tokens, one at a time, with what a parser has to know about each. It lives as long as one text
 * is read. `stop` ends it before the text does: from then on every token is the end, so that all readers return.
 */
export class TokenStream {
  kind: TokenKind = "end";
  /** Text of the token, as it stands in the file. */
  source = "";
  /** Where it starts, in UTF-16 units. */
  offset = 0;
  /** Spaces and indicators before it on its line, as far as they are its indentation. */
  indent = 0;
  /** Nothing but spaces and indicators is before it on its line. */
  isFirst = true;
  #stopped: Stop | undefined;
  #isLiteral = false;
  readonly #lexemes: Iterator<string>;

  constructor(text: string) {
    this.#lexemes = new Lexer().lex(text);
    this.advance();
  }

  /** Where and why reading was given up. */
  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  get end(): number {
    return this.offset + this.source.length;
  }

  isAt(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  advance(): void {
    if (this.#stopped !== undefined) return;
    const before = this.kind;
    this.#leave();
    const lexeme = this.#next();
    if (lexeme === undefined) this.#set("end", "");
    else if (lexeme === CST.SCALAR) this.#set("scalar", this.#next() ?? "");
    else if (lexeme.startsWith(" ")) this.#set("space", lexeme);
    else this.#set(CST.tokenType(lexeme) ?? "flow-error-end", lexeme);
    // Composers of YAML want a space there; `a#b` is a text, and so it never comes here.
    if (this.kind === "comment" && !canPrecedeComment(before)) this.stop();
  }

  /** Gives up at the token that is next. */
  stop(why: Stop["why"] = "not-read"): void {
    this.#stopped ??= { at: this.offset, why };
    this.#set("end", "");
  }

  /** A tab is no indentation; where one is harmless all the same, the library's parser knows it. */
  skipSpaces(): void {
    while (this.kind === "space") {
      if (this.isFirst && this.source.includes("\t")) this.stop();
      this.advance();
    }
  }

  #next(): string | undefined {
    const { done, value } = this.#lexemes.next();
    return done === true ? undefined : value;
  }

  #set(kind: TokenKind, source: string): void {
    this.kind = kind;
    this.source = source;
  }

  /** Moves offset and indentation behind the token, as the library's own parser does. */
  #leave(): void {
    const { kind, source } = this;
    // The mark that a document begins is no text of the file.
    if (kind === "doc-mode") return;
    this.offset += source.length;
    if (kind === "newline" || (kind === "scalar" && this.#isLiteral)) {
      this.isFirst = true;
      this.indent = 0;
    } else if (isIndentation(kind)) {
      if (this.isFirst && !source.startsWith("\t")) this.indent += source.length;
    } else if (kind !== "end") this.isFirst = false;
    if (kind !== "space" && kind !== "comment" && kind !== "newline")
      this.#isLiteral = kind === "block-scalar-header";
  }
}

function isIndentation(kind: TokenKind): boolean {
  return kind === "space" || kind === "seq-item-ind" || kind === "map-value-ind";
}

function canPrecedeComment(kind: TokenKind): boolean {
  // A literal block ends with its line.
  return kind === "space" || kind === "newline" || kind === "end" || kind === "scalar" || kind === "doc-mode";
}
