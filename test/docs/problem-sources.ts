import { isNode, parse, type Node } from "../../bench/mutants/syntax.ts";
import { importsOf, type SourceFile } from "../source-tree.ts";

/** Stands in a text for what only a run can fill in: `There is no file ${name}.` is `There is no file <hole>.` */
export const hole = "\u0000";

/** One place of the sources that makes a problem: `problem(severity, code, ...)`, or an object with a code and a message. */
export type MadeProblem = {
  /** `src/core/guards.ts:61`. */
  readonly place: string;
  readonly codes: readonly string[];
  readonly messages: readonly string[];
};

/** A node with all that it stands in, the file first. */
type Spot = { readonly file: SourceFile; readonly node: Node; readonly around: readonly Node[] };

/**
 * Every problem that a file of `src` makes, with its code. A code that is a parameter is looked for where that function is
 * called, since helpers such as `fail(code, message)` are common; one that is read of another problem (`remark.code`) was made
 * where that one was. What can be followed in neither way has a `hole` for its code, so that the reader of the list finds out.
 */
export function findProblems(files: readonly SourceFile[]): readonly MadeProblem[] {
  const trees = new Map(files.map((file) => [file.path, parse(file.text)]));
  const spots = files.flatMap((file) => spotsOf(file, trees.get(file.path) ?? parse(file.text), []));
  const reader = { files, trees, calls: callsByName(spots) };
  return spots
    .flatMap((spot) => madeAt(spot).flatMap((making) => followParameter(reader, making, 0)))
    .map(({ code, message }) => ({
      place: `${code.file.path}:${code.file.text.slice(0, code.node.start).split("\n").length}`,
      codes: textsOf(reader, code, 0),
      messages: textsOf(reader, message, 0),
    }))
    .filter(({ codes }) => codes.length > 0);
}

type Making = { readonly code: Spot; readonly message: Spot };

type Reader = {
  readonly files: readonly SourceFile[];
  readonly trees: ReadonlyMap<string, Node>;
  readonly calls: ReadonlyMap<string, readonly Spot[]>;
};

function spotsOf(file: SourceFile, node: Node, around: readonly Node[]): readonly Spot[] {
  const inside = [...around, node];
  const children = Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [
    { file, node, around },
    ...children.filter(isNode).flatMap((child) => spotsOf(file, child, inside)),
  ];
}

function callsByName(spots: readonly Spot[]): ReadonlyMap<string, readonly Spot[]> {
  const calls = new Map<string, Spot[]>();
  for (const spot of spots) {
    const name = spot.node.type === "CallExpression" ? calleeOf(spot.node) : "";
    if (name === "") continue;
    const known = calls.get(name);
    if (known) known.push(spot);
    else calls.set(name, [spot]);
  }
  return calls;
}

function calleeOf(node: Node): string {
  const callee = node["callee"];
  return isNode(callee) && callee.type === "Identifier" ? String(callee["name"]) : "";
}

function madeAt({ node, file, around }: Spot): readonly Making[] {
  if (file.path === "src/core/base/problem.ts") return [];
  const [code, message] =
    node.type === "CallExpression" && calleeOf(node) === "problem"
      ? nodesOf(node["arguments"]).slice(1)
      : node.type === "ObjectExpression"
        ? ["code", "message"].map((name) => memberOf(node, name))
        : [];
  if (!code || !message) return [];
  const inside = { file, around: [...around, node] };
  return [{ code: { ...inside, node: code }, message: { ...inside, node: message } }];
}

/** `fail(code, message)`: each call of it makes a problem of its own, whose message belongs to its code. */
function followParameter(reader: Reader, making: Making, depth: number): readonly Making[] {
  const calls = callsThatGive(reader, making.code);
  if (calls.length === 0 || depth === deepest) return [making];
  const messages = callsThatGive(reader, making.message);
  return calls.flatMap((code, index) =>
    followParameter(reader, { code, message: messages[index] ?? making.message }, depth + 1),
  );
}

function memberOf(node: Node, name: string): Node | undefined {
  const member = nodesOf(node["properties"]).find(({ key }) => isNode(key) && key["name"] === name);
  return isNode(member?.["value"]) ? member["value"] : undefined;
}

function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** More steps than any helper of a helper needs. */
const deepest = 8;
/** More texts than one message is worth: beyond that, its parts count as unknown. */
const mostTexts = 64;

function textsOf(reader: Reader, spot: Spot, depth: number): readonly string[] {
  const { node } = spot;
  const of = (inner: unknown): readonly string[] =>
    isNode(inner) && depth < deepest ? textsOf(reader, { ...spot, node: inner }, depth + 1) : [hole];
  switch (node.type) {
    case "Literal":
      return typeof node["value"] === "string" ? [node["value"]] : [hole];
    case "TemplateLiteral":
      return joinParts(templateParts(node).map((part) => (typeof part === "string" ? [part] : of(part))));
    case "BinaryExpression":
      return node["operator"] === "+" ? joinParts([of(node["left"]), of(node["right"])]) : [hole];
    case "ConditionalExpression":
      return unique([...of(node["consequent"]), ...of(node["alternate"])]);
    case "LogicalExpression":
      return unique([...of(node["left"]), ...of(node["right"])]);
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      return of(node["expression"]);
    case "MemberExpression":
      return isCodeOf(node) ? [] : [hole];
    case "Identifier":
      return depth < deepest ? namedTexts(reader, spot, String(node["name"]), depth) : [hole];
    default:
      return [hole];
  }
}

/** `remark.code`: of a problem that is made where `remark` is. */
function isCodeOf({ property }: Node): boolean {
  return isNode(property) && property["name"] === "code";
}

function templateParts(node: Node): readonly (string | Node)[] {
  const quasis = nodesOf(node["quasis"]).map(({ value }) => (value as { readonly cooked: string }).cooked);
  const between = nodesOf(node["expressions"]);
  return quasis.flatMap((text, index) => [text, ...between.slice(index, index + 1)]);
}

function joinParts(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce<readonly string[]>(
    (texts, part) => {
      const ends = texts.length * part.length > mostTexts ? [hole] : part;
      return texts.flatMap((text) => ends.map((end) => text + end));
    },
    [""],
  );
}

/** A name is a constant of a block around it, a parameter of a function around it, or comes from another file. */
function namedTexts(reader: Reader, spot: Spot, name: string, depth: number): readonly string[] {
  const { file, around } = spot;
  for (let index = around.length - 1; index >= 0; index -= 1) {
    const value = around[index] && constantOf(around[index]!, name);
    if (value) return textsOf(reader, { file, node: value, around: around.slice(0, index + 1) }, depth + 1);
    if (parameterOf(around[index], name) < 0) continue;
    const given = callsThatGive(reader, spot).flatMap((argument) => textsOf(reader, argument, depth + 1));
    return given.length === 0 ? [hole] : unique(given);
  }
  return importedTexts(reader, file, name, depth);
}

/** Of a name that is a parameter of a function around it: what stands in its place in each call of that function. */
function callsThatGive(reader: Reader, { file, node, around }: Spot): readonly Spot[] {
  const name = node.type === "Identifier" ? String(node["name"]) : "";
  const index = around.findLastIndex((outer) => parameterOf(outer, name) >= 0 || constantOf(outer, name));
  const place = parameterOf(around[index], name);
  const owner = around[index];
  if (!owner || place < 0) return [];
  const called = functionName(owner, around[index - 1]);
  return (reader.calls.get(called) ?? [])
    .filter((call) => knows(call.file, called, file))
    .flatMap((call) => {
      const argument = nodesOf(call.node["arguments"])[place];
      return argument ? [{ ...call, node: argument }] : [];
    });
}

function parameterOf(outer: Node | undefined, name: string): number {
  return nodesOf(outer?.["params"]).findIndex((parameter) => parameter["name"] === name);
}

function importedTexts(reader: Reader, importer: SourceFile, name: string, depth: number): readonly string[] {
  const from = importsOf(importer).find(({ names }) => names.includes(name))?.target;
  const file = reader.files.find(({ path }) => path === from);
  const tree = from === undefined ? undefined : reader.trees.get(from);
  const value = tree && constantOf(tree, name);
  return file && value ? textsOf(reader, { file, node: value, around: [tree] }, depth + 1) : [hole];
}

/** Two files may have a function of one name each: a call means that of its own file, or the one that it imports. */
function knows(caller: SourceFile, name: string, owner: SourceFile): boolean {
  if (caller.path === owner.path) return true;
  return importsOf(caller).some(({ target, names }) => target === owner.path && names.includes(name));
}

function constantOf(block: Node, name: string): Node | undefined {
  const statements = nodesOf(block["body"]).map((one) =>
    one.type === "ExportNamedDeclaration" && isNode(one["declaration"]) ? one["declaration"] : one,
  );
  const found = statements
    .flatMap((one) => (one["kind"] === "const" ? nodesOf(one["declarations"]) : []))
    .find(({ id }) => isNode(id) && id["name"] === name);
  return isNode(found?.["init"]) ? found["init"] : undefined;
}

function functionName(node: Node, parent: Node | undefined): string {
  const id = isNode(node["id"]) ? node["id"] : parent?.["id"];
  return isNode(id) ? String(id["name"]) : "";
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].slice(0, mostTexts);
}
