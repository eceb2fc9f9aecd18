import { CST, Schema, type ScalarTag } from "yaml";
import type { TokenKind, TokenStream } from "./tokens.ts";

type FlowScalarKind = "scalar" | "single-quoted-scalar" | "double-quoted-scalar";
/** A scalar that is plain or in quotes, with its offsets. */
export type FlowScalar = {
  readonly kind: FlowScalarKind;
  /** The text without quotes, escapes and folds. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isOnOneLine: boolean;
};

/** Whether a token is a plain or quoted scalar. */
export function isFlowScalar(kind: TokenKind): kind is FlowScalarKind {
  return kind === "scalar" || kind === "single-quoted-scalar" || kind === "double-quoted-scalar";
}

/** Reads a plain or quoted scalar. `undefined`: it is not valid, and reading was given up. */
export function readFlowScalar(tokens: TokenStream): FlowScalar | undefined {
  const { kind, source, offset, end } = tokens;
  if (!isFlowScalar(kind)) throw new Error(`no scalar but ${kind}`);
  const isOnOneLine = !source.includes("\n");
  const text =
    (isOnOneLine ? quickText(kind, source) : undefined) ??
    slowText({ type: kind, source, offset, indent: tokens.indent });
  if (text === undefined) {
    tokens.stop();
    return undefined;
  }
  tokens.advance();
  return { kind, text, start: offset, end, isOnOneLine };
}

/** Characters that no plain scalar begins with. */
const reservedStarts = new Set(["\t", ",", "%", "|", ">", "@", "`"]);

/** The text of a scalar that has one line and no escapes, as nearly all have; `undefined` for any other. */
function quickText(kind: FlowScalarKind, source: string): string | undefined {
  if (kind === "scalar") return reservedStarts.has(source.charAt(0)) ? undefined : source;
  if (kind === "single-quoted-scalar")
    return source.length > 1 && source.endsWith("'") ? source.slice(1, -1).replaceAll("''", "'") : undefined;
  const isPlain = source.length > 1 && source.endsWith('"') && !source.includes("\\");
  return isPlain ? source.slice(1, -1) : undefined;
}

function slowText(token: CST.FlowScalar | CST.BlockScalar): string | undefined {
  let isValid = true;
  const resolved = CST.resolveAsScalar(token, true, () => {
    isValid = false;
  });
  return isValid ? resolved?.value : undefined;
}

/** The tags of YAML 1.2 core that a plain scalar can have. */
const plainTags = new Schema({ schema: "core" }).tags.filter(
  (tag): tag is ScalarTag => tag.default === true && "test" in tag && tag.test !== undefined,
);

/** The first characters of plain scalars that are not texts. An empty one is null. */
const meaningfulStarts = new Set(["", ..."~nNtTfF0123456789.+-".split("")]);

/** The value of a scalar: in quotes it is a text; without, it can be null, a boolean or a number too. */
export function valueOf({ kind, text }: Pick<FlowScalar, "kind" | "text">): unknown {
  if (kind !== "scalar" || !meaningfulStarts.has(text.charAt(0))) return text;
  const tag = plainTags.find(({ test }) => test?.test(text));
  const value: unknown = tag ? tag.resolve(text, () => undefined, {}) : text;
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

/** Reads a literal or folded block, whose header is next. `indent` is that of the block around it. */
export function readBlockScalar(
  tokens: TokenStream,
  indent: number,
): { readonly text: string; readonly start: number; readonly end: number } | undefined {
  const { offset } = tokens;
  const props: CST.SourceToken[] = [];
  while (!tokens.isAt("scalar")) {
    const { kind, source } = tokens;
    if (kind !== "block-scalar-header" && !isBlank(kind)) {
      tokens.stop();
      return undefined;
    }
    props.push({ type: kind, source, offset: tokens.offset, indent: tokens.indent });
    tokens.advance();
  }
  const { source, end } = tokens;
  const text = slowText({ type: "block-scalar", offset, indent, props, source });
  if (text === undefined) {
    tokens.stop();
    return undefined;
  }
  tokens.advance();
  return { text, start: offset, end };
}

/** Whether a token separates others and has no content. */
export function isBlank(kind: TokenKind): kind is "space" | "comment" | "newline" {
  return kind === "space" || kind === "comment" || kind === "newline";
}
