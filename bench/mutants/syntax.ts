import { parseAst } from "vitest/node";

/** A node of the syntax tree: its place in the text, and whatever else it has by name. */
export type Node = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
};

/** Where a node stands: in which node, under which name, and in which function (by name; empty outside of all). */
export type Place = {
  readonly parent: Node | undefined;
  readonly member: string;
  readonly function: string;
};

/** What only types say is not there when the program runs. */
const typesOnly = new Set([
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "implements",
]);
/** Written around an expression that does run. */
const aroundValues = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"]);
const functions = new Set(["ArrowFunctionExpression", "FunctionDeclaration", "FunctionExpression"]);

export function parse(text: string): Node {
  return parseAst(text, { lang: "ts", astType: "ts" }) as unknown as Node;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/**
 * Visits everything that runs, outer nodes first. A function without a name counts as part of the one around it, so that
 * names stay true while the file around them changes: `sort` in `const sort = () => rows.map((row) => row.id)`.
 */
export function walk(root: Node, visit: (node: Node, place: Place) => void): void {
  const go = (node: Node, place: Place): void => {
    if (node.type.startsWith("TS") && !aroundValues.has(node.type)) return;
    if (/^(?:Import|ExportAll)/u.test(node.type) && node.type !== "ImportExpression") return;
    const inside = functions.has(node.type) ? nameOf(node, place.parent) || place.function : place.function;
    visit(node, { ...place, function: inside });
    for (const [member, value] of Object.entries(node)) {
      if (typesOnly.has(member) || isName(node, member)) continue;
      const children: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const child of children) if (isNode(child)) go(child, { parent: node, member, function: inside });
    }
  };
  go(root, { parent: undefined, member: "", function: "" });
}

/** Its own name, or that of what it is the value of: a variable, a member, a method. */
function nameOf(node: Node, parent: Node | undefined): string {
  for (const name of [node["id"], parent?.["id"], parent?.["key"]]) {
    if (isNode(name) && typeof name["name"] === "string") return name["name"];
  }
  return "";
}

/** `name` in `x.name` and in `{ name: 1 }`: a word of the program and not a value. */
function isName(node: Node, member: string): boolean {
  return (member === "property" || member === "key") && node["computed"] !== true;
}
