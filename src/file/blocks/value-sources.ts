import { Secret } from "../../core/base/secret.ts";
import { literal, type Value } from "../../core/model/value.ts";
import { inSentence, type BlockContext } from "../base/context.ts";
import type { ValueSource } from "../base/draft.ts";
import { describeNode, memberOf, textOf, type MapNode, type Node } from "../base/node.ts";
import { findSecrecy } from "../base/secrecy.ts";

/** The value of a literal in the file: public, unless its key or its text looks secret, which is told. */
export function readLiteral(key: string, text: string, node: Node, context: BlockContext): Value {
  const why = findSecrecy(key, text, context.secrecy);
  if (why === undefined) return literal(text);
  context.tell({
    code: "secret-literal",
    severity: "warning",
    message: `${key} of ${inSentence(context.subject)} looks like a secret written into the file: ${why}.`,
    remedy:
      "Use `sync: false`, `fromEnvironment` or `fromFile`; if it is public, name it in `settings.publicKeys`.",
    place: node.place,
  });
  return { from: "secret-literal", secret: new Secret(text) };
}

/** Reads `value: TEXT`. `undefined`: it was wrong, and that was told. */
export function readLiteralMember(node: Node, key: string, context: BlockContext): ValueSource | undefined {
  const text = textOf(node);
  if (text === undefined) {
    tellWrongValue(node, key, context);
    return undefined;
  }
  if (node.is === "scalar" && typeof node.value === "boolean") {
    context.tell({
      code: "boolean-value",
      severity: "warning",
      message: `${key} of ${inSentence(context.subject)} has the unquoted value ${text}; the text is used as it is written.`,
      remedy: `Quote it, so that every reader of YAML sees the same: value: "${text}".`,
      place: node.place,
      fold: "boolean-value",
    });
  }
  return { form: "value", value: readLiteral(key, text, node, context), place: node.place };
}

/**
 * Variables of trueup, its credentials and the CI runner. They are never read into a value, so that a file cannot
 * send them anywhere.
 */
const forbiddenVariable = /^(RENDER|RENDERCAD|GITHUB|ACTIONS|TRUEUP)_/i;

/** Reads `fromEnvironment: NAME`. `undefined`: it was wrong, and that was told. */
export function readEnvironment(node: Node, key: string, context: BlockContext): ValueSource | undefined {
  const variable = textOf(node);
  if (variable === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    context.tell({
      code: "wrong-value",
      severity: "error",
      message: `\`fromEnvironment\` of ${key} must be the name of an environment variable.`,
      remedy: `Write it as in \`fromEnvironment: ${/^\w+$/.test(key) ? key : "STRIPE_KEY"}\`.`,
      place: node.place,
    });
    return undefined;
  }
  if (forbiddenVariable.test(variable)) {
    context.tell({
      code: "environment-forbidden",
      severity: "error",
      message: `${variable} belongs to the machinery that runs trueup and is never read into a value.`,
      remedy: "Pass the value under another name.",
      place: node.place,
    });
    return undefined;
  }
  return { form: "value", value: { from: "environment", variable }, place: node.place };
}

const fileMembers = new Set(["path", "raw"]);

/** Reads `fromFile: PATH`, or `fromFile: {path, raw}`. `undefined`: it was wrong, and that was told. */
export function readFileSource(
  entry: MapNode,
  node: Node,
  key: string,
  context: BlockContext,
): ValueSource | undefined {
  const path = textOf(node.is === "map" ? memberOf(node, "path") : node);
  const rawNode = memberOf(node.is === "map" ? node : entry, "raw");
  const raw = rawNode?.is === "scalar" && rawNode.value === true;
  const other =
    node.is === "map" ? [...node.entries.values()].find((member) => !fileMembers.has(member.key)) : undefined;
  if (other) {
    context.tell({
      code: "unknown-key",
      severity: "error",
      message: `\`fromFile\` of ${key} has the unknown key \`${other.key}\`.`,
      remedy: "Known keys: path, raw.",
      place: other.keyPlace,
    });
    return undefined;
  }
  if (path === undefined || path === "" || path.includes("\0") || /^([/\\~]|[A-Za-z]:)/.test(path)) {
    context.tell({
      code: "file-path",
      severity: "error",
      message: `\`fromFile\` of ${key} must be a relative path inside the repository.`,
      remedy: "Give a path inside the repository, from its root.",
      place: node.place,
    });
    return undefined;
  }
  return { form: "value", value: { from: "file", path, raw }, place: node.place };
}

/** Tells that a value is a mapping or a list where a text is needed. */
export function tellWrongValue(node: Node, key: string, context: BlockContext): void {
  context.tell({
    code: "wrong-type",
    severity: "error",
    message: `The value of ${key} of ${inSentence(context.subject)} must be text, not ${describeNode(node)}.`,
    remedy: "Write one text; quote it if it starts with a bracket or a brace.",
    place: node.place,
  });
}
