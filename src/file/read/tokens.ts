import { CST, Lexer } from "yaml";

/** Whether a text has more tokens than `limit`. No token is kept for that. */
export function hasMoreTokens(text: string, limit: number): boolean {
  const lexemes = new Lexer().lex(text);
  for (let count = 0; count <= limit; count += 1) if (lexemes.next().done === true) return false;
  return true;
}

/** The type of a token, in the words of the YAML library; `end` after the last one. */
export type TokenKind = NonNullable<ReturnType<typeof CST.tokenType>> | "end";

/**
 * Where and why reading stopped: the text is nested too deep there, holds too much, or has something that the readers
 * of tokens do not read.
 */
export type Stop = { readonly at: number; readonly why: "not-read" | "too-deep" | "too-much" };

/**
 * The lexical tokens of the YAML library, one at a time, with what a reader has to know about each. It is used for
 * one text. After `stop` every token is the end, so that all readers return.
 */
export class TokenStream {
  kind: TokenKind = "end";
  /** The text of the token, as it stands in the file. */
  source = "";
  /** The offset at which it starts, in UTF-16 units. */
  offset = 0;
  /** Its indentation: how many spaces and indicators stand before it on its line, as far as they indent it. */
  indent = 0;
  /** Whether it is the first of its line, but for spaces and indicators. */
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
    // YAML wants a space before a comment. In `a#b` there is none, and it is one text, so it does not come here.
    if (this.kind === "comment" && !canPrecedeComment(before)) this.stop();
  }

  /** Gives up reading at the next token. */
  stop(why: Stop["why"] = "not-read"): void {
    this.#stopped ??= { at: this.offset, why };
    this.#set("end", "");
  }

  /** Skips spaces. It gives up at a tab, which does not indent; the parser of the library knows where one does no harm. */
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
    // The mark of the beginning of a document is not a text of the file.
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
