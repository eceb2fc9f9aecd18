import { isNode, type Node, type Place } from "./syntax.ts";

/** One small fault: `text` stands in the place of what is between `start` and `end`. */
export type Edit = {
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

const swapped: { readonly [operator: string]: string } = {
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "&&": "||",
  "||": "&&",
};
/** At the boundary, and to the other side. */
const compared: { readonly [operator: string]: readonly [string, string] } = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
};
const otherMethod: { readonly [name: string]: string } = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
};
/** Calls that may be left out: what they are called on is of the same type as their answer. */
const removable = new Set([
  "filter",
  "slice",
  "sort",
  "toSorted",
  "reverse",
  "toReversed",
  "trim",
  "toLowerCase",
]);

/** All small faults that can be made at one node. */
export function editsAt(node: Node, { parent, member }: Place, text: string): readonly Edit[] {
  const source = (part: unknown): string => (isNode(part) ? text.slice(part.start, part.end) : "");
  const replace = (operator: string, part: unknown, by: string): readonly Edit[] =>
    isNode(part) ? [{ operator, start: part.start, end: part.end, text: by }] : [];
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
      return editOperator(node, text);
    case "UnaryExpression":
      return node["operator"] === "!" ? replace("logic", node, `(${source(node["argument"])})`) : [];
    case "ConditionalExpression":
    case "IfStatement":
      return ["true", "false"].flatMap((by) => replace("condition", node["test"], by));
    case "Literal":
      return editLiteral(node, parent, member);
    case "ArrayExpression":
      return (node["elements"] as readonly unknown[]).length > 0 ? replace("empty-array", node, "[]") : [];
    case "ObjectExpression":
      return removeMembers(node, text);
    case "ReturnStatement":
      return ["", "undefined"].includes(source(node["argument"]))
        ? []
        : replace("return", node, "return undefined;");
    case "ThrowStatement":
      return replace("removed-throw", node, ";");
    case "ExpressionStatement":
      return isSuperCall(node["expression"]) ? [] : replace("removed-statement", node, ";");
    case "AwaitExpression":
      return replace("removed-await", node, `(${source(node["argument"])})`);
    case "CallExpression":
      return [...editCall(node, source), ...editOptional(node, text)];
    case "MemberExpression":
      return editOptional(node, text);
    default:
      return [];
  }
}

function editOperator(node: Node, text: string): readonly Edit[] {
  const { left, right, operator } = node;
  if (!isNode(left) || !isNode(right) || typeof operator !== "string") return [];
  const between = text.slice(left.end, right.start);
  const start = left.end + between.indexOf(operator);
  const at = (name: string, by: string): Edit => ({
    operator: name,
    start,
    end: start + operator.length,
    text: by,
  });
  // `a ?? b` without its second half.
  if (operator === "??") return [{ operator: "no-default", start: left.end, end: right.end, text: "" }];
  const sides = compared[operator];
  if (sides) return [at("boundary", sides[0]), at("comparison", sides[1])];
  const other = swapped[operator];
  if (other === undefined || (operator === "+" && [left, right].some(isText))) return [];
  const name =
    operator === "&&" || operator === "||" ? "logic" : operator.endsWith("==") ? "comparison" : "arithmetic";
  return [at(name, other)];
}

function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");
}

/** Prose is for people, and no test should hold its words; codes, names and keys are what the program works with. */
function editLiteral(node: Node, parent: Node | undefined, member: string): readonly Edit[] {
  const { value, start, end } = node;
  const edit = (operator: string, text: string): readonly Edit[] => [{ operator, start, end, text }];
  if (typeof value === "boolean") return edit("boolean", String(!value));
  if (typeof value === "number") return edit("number", String(value + 1));
  const isDirective = parent?.type === "ExpressionStatement";
  if (typeof value !== "string" || value === "" || isDirective || member === "source") return [];
  return /[\s.]/u.test(value) ? [] : edit("text", '""');
}

function removeMembers(node: Node, text: string): readonly Edit[] {
  const members = node["properties"] as readonly Node[];
  return members.map(({ start, end }) => {
    const comma = /^\s*,/u.exec(text.slice(end))?.[0].length ?? 0;
    return { operator: "removed-member", start, end: end + comma, text: "" };
  });
}

function editCall(node: Node, source: (part: unknown) => string): readonly Edit[] {
  const { callee } = node;
  if (!isNode(callee) || callee.type !== "MemberExpression") return [];
  const { object, property } = callee;
  if (!isNode(property)) return [];
  const name = source(property);
  const other = otherMethod[name];
  if (other !== undefined)
    return [{ operator: "method", start: property.start, end: property.end, text: other }];
  return removable.has(name)
    ? [{ operator: "removed-call", start: node.start, end: node.end, text: source(object) }]
    : [];
}

/** `a?.b` without its question mark. */
function editOptional(node: Node, text: string): readonly Edit[] {
  const inner = node["object"] ?? node["callee"];
  if (node["optional"] !== true || !isNode(inner)) return [];
  const start = text.indexOf("?.", inner.end);
  const by = /^\?\.[([]/u.test(text.slice(start)) ? "" : ".";
  return [{ operator: "optional-chaining", start, end: start + 2, text: by }];
}

function isSuperCall(node: unknown): boolean {
  return (
    isNode(node) &&
    node.type === "CallExpression" &&
    isNode(node["callee"]) &&
    node["callee"].type === "Super"
  );
}
