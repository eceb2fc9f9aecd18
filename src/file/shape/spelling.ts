import type { Field, JsonSchema } from "../../core/model/field.ts";
import type { BlockContext } from "../base/context.ts";
import type { Entry, Node, ScalarNode } from "../base/node.ts";

/**
 * The value in its canonical spelling, for what real files write loosely and Render accepts. Each change is told;
 * anything else is left as it is, for the schema to refuse.
 */
export function spell(
  node: Node,
  schema: JsonSchema,
  about: { readonly key: string; readonly loose: Field["loose"] },
  context: BlockContext,
): Node {
  if (node.is === "scalar") return spellScalar(node, schema, about, context);
  if (node.is === "list") {
    const items = schema["items"];
    if (!isSchema(items)) return node;
    return { ...node, items: node.items.map((item) => spell(item, items, about, context)) };
  }
  const properties = schema["properties"];
  const others = schema["additionalProperties"];
  const entries = [...node.entries.values()].map((entry): [string, Entry] => {
    const member =
      isSchema(properties) && Object.hasOwn(properties, entry.key) ? properties[entry.key] : others;
    if (!isSchema(member)) return [entry.key, entry];
    const value = spell(entry.value, member, { key: `${about.key}.${entry.key}`, loose: undefined }, context);
    return [entry.key, { ...entry, value }];
  });
  return { ...node, entries: new Map(entries) };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function spellScalar(
  node: ScalarNode,
  schema: JsonSchema,
  about: { readonly key: string; readonly loose: Field["loose"] },
  context: BlockContext,
): ScalarNode {
  if (schema["type"] !== "string" || node.value === null) return node;
  const text = typeof node.value === "string" ? node : asText(node, about.key, context);
  const allowed = schema["enum"];
  if (!about.loose || !Array.isArray(allowed)) return text;
  return spellLoosely(text, allowed as readonly string[], about.loose.retired, about.key, context);
}

/**
 * A number or a boolean as a text, where a text is needed. The text as it was written counts, as for Render, which
 * reads files in Go.
 */
function asText(node: ScalarNode, key: string, context: BlockContext): ScalarNode {
  context.tell({
    code: "unquoted-text",
    severity: "warning",
    message: `\`${key}\` is a text, and ${node.text} without quotes is not; it is taken as "${node.text}".`,
    remedy: `Quote it: "${node.text}".`,
    place: node.place,
  });
  return { ...node, value: node.text };
}

function spellLoosely(
  node: ScalarNode,
  allowed: readonly string[],
  retired: readonly string[],
  key: string,
  context: BlockContext,
): ScalarNode {
  if (allowed.includes(node.text)) return node;
  const found = [...allowed, ...retired].find((name) => fold(name) === fold(node.text));
  if (found === undefined) return node;
  const isRetired = retired.includes(found);
  context.tell({
    code: isRetired ? "retired-name" : "loose-spelling",
    severity: "warning",
    message: isRetired
      ? `\`${key}: ${node.text}\` is a retired name: it can exist and not be created.`
      : `\`${key}: ${node.text}\` is taken as \`${found}\`.`,
    remedy: isRetired ? `Choose one of ${allowed.slice(0, 8).join(", ")}.` : `Write \`${found}\`.`,
    place: node.place,
    fold: `${key} ${node.text}`,
  });
  return { ...node, value: found, text: found };
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, "-");
}
