import { defaultLifecycle } from "../../core/model/desired.ts";
import type { Shape } from "../../core/model/field.ts";
import { readFields } from "./block-fields.ts";
import { nameOfBlock, type BlockName } from "./block-name.ts";
import { forBlock, type FileContext } from "../base/context.ts";
import type { Draft, EnvironmentName, Host } from "../base/draft.ts";
import { applyLegacy, legacyOf } from "../shape/legacy.ts";
import { readLifecycle } from "../shape/lifecycle.ts";
import { describeNode, isNull, memberOf, textOf, type MapNode, type Node } from "../base/node.ts";
import type { Tell } from "../base/remark.ts";
import { innerShapes, pickShape, shapesOf, type KindShape } from "../shape/shape.ts";

/** What the place of a block in the file says about it. */
export type Surroundings = {
  /** The environment around it. `null` under `ungrouped`; absent at the root. */
  readonly environment?: EnvironmentName | null;
  readonly host?: Host & { readonly shape: Shape };
};

/** Reads the blocks in the named lists of a mapping: of the root, an environment, a project or `ungrouped`. */
export function readLists(
  map: MapNode,
  lists: readonly string[],
  surroundings: Surroundings,
  context: FileContext,
): readonly Draft[] {
  return lists.flatMap((list) => {
    const node = memberOf(map, list);
    if (!node) return [];
    const candidates = shapesOf(context.kinds, list);
    if (isNull(node)) {
      tellNullList(list, node, context.tell);
      return [];
    }
    const single = candidates.find(({ shape }) => shape.single !== undefined);
    if (single) return readBlock(node, [single], surroundings, context);
    if (node.is !== "list") {
      tellNotList(list, node, context.tell);
      return [];
    }
    return node.items.flatMap((item) => readBlock(item, candidates, surroundings, context));
  });
}

/**
 * Reads a block and the blocks inside it, the outer one first. Nothing comes of a block without a name or a shape,
 * which is told.
 */
function readBlock(
  node: Node,
  candidates: readonly KindShape[],
  surroundings: Surroundings,
  context: FileContext,
): readonly Draft[] {
  const bare = candidates.find(({ shape }) => shape.named === "itself");
  if (bare) return readBareBlock(node, bare, surroundings, context);
  if (node.is !== "map") {
    context.tell({
      code: "wrong-type",
      severity: "error",
      message: `An entry of \`${candidates[0]?.shape.list}\` must be a mapping, not ${describeNode(node)}.`,
      remedy: "Write its keys on the lines below, indented.",
      place: node.place,
    });
    return [];
  }
  const kindShape = pickShape(node, candidates, context.tell);
  if (!kindShape) return [];
  const block = applyLegacy(node, legacyOf(kindShape.kind.name, kindShape.shape.name), context.tell);
  const name = nameOfBlock(block, kindShape.shape, surroundings.host?.name, context.tell);
  if (!name) return [];
  return readNamedBlock(block, name, kindShape, surroundings, context);
}

function readNamedBlock(
  block: MapNode,
  name: BlockName,
  kindShape: KindShape,
  surroundings: Surroundings,
  context: FileContext,
): readonly Draft[] {
  const { kind, shape } = kindShape;
  const { environment, host } = surroundings;
  const own = forBlock(context, describeSubject(name.text, shape, host?.name), kind);
  const { unmanaged, ...content } = readFields(block, name.text, kindShape, own);
  const { lifecycle, ignored } = readLifecycle(memberOf(block, "lifecycle"), kind, own);
  const isEnvironment = kind.encloses === true;
  const fullName = isEnvironment ? `${host?.name}/${name.text}` : name.text;
  const draft: Draft = {
    kind,
    shape,
    name: fullName,
    place: name.place,
    ...(environment !== undefined && { environment }),
    ...(host && { host: asHost(host) }),
    ...content,
    lifecycle,
    unmanaged: [...unmanaged, ...ignored],
  };
  const within = isEnvironment ? { environment: { project: host?.name ?? "", environment: name.text } } : {};
  return [
    draft,
    ...readInside(block, draft, context),
    ...readLists(block, shape.holds ?? [], within, context),
  ];
}

/** The name of a block in messages: "The web service api", "The disk of api". */
function describeSubject(name: string, shape: Shape, hostName: string | undefined): string {
  if (shape.single !== undefined) return `The ${shape.description}`;
  return `The ${shape.description}${shape.named === "host" ? ` of ${hostName}` : ` ${name}`}`;
}

function readBareBlock(
  node: Node,
  { kind, shape }: KindShape,
  surroundings: Surroundings,
  context: FileContext,
): readonly Draft[] {
  const text = textOf(node)?.toLowerCase().replace(/\.$/, "");
  if (
    text === undefined ||
    !/^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/.test(text)
  ) {
    context.tell({
      code: node.is === "scalar" ? "wrong-value" : "wrong-type",
      severity: "error",
      message: `An entry of \`${shape.list}\` of ${surroundings.host?.name} must be a domain name.`,
      remedy: "Write the bare name, as in `www.example.com`: no scheme, no path.",
      place: node.place,
    });
    return [];
  }
  const service = surroundings.host?.name ?? "";
  return [
    {
      kind,
      shape,
      name: text,
      place: node.place,
      ...(surroundings.host && { host: asHost(surroundings.host) }),
      fields: new Map([["service", { is: "json", value: service }]]),
      places: new Map([["service", node.place]]),
      named: [],
      lifecycle: defaultLifecycle,
      unmanaged: [],
    },
  ];
}

function asHost({ kind, name, environment }: Host): Host {
  return { kind, name, ...(environment !== undefined && { environment }) };
}

/** Reads the blocks that stand in keys of this one: disk and domains of a service, environments of a project. */
function readInside(block: MapNode, around: Draft, context: FileContext): readonly Draft[] {
  const { kind, shape } = around;
  const host = { ...asHost(around), shape };
  return innerShapes(context.kinds, kind.name, shape.name).flatMap((candidate) => {
    const list = candidate.shape.list;
    const node = memberOf(block, list);
    if (!node || isNull(node)) return [];
    if (candidate.shape.named === "host") return readBlock(node, [candidate], { host }, context);
    if (node.is !== "list") {
      tellNotList(list, node, context.tell);
      return [];
    }
    return node.items.flatMap((item) => readBlock(item, [candidate], { host }, context));
  });
}

function tellNullList(list: string, node: Node, tell: Tell): void {
  tell({
    code: "null-list",
    severity: "warning",
    message: `\`${list}\` is empty; it is taken as a list without entries.`,
    remedy: `Write \`${list}: []\`, or remove it.`,
    place: node.place,
  });
}

function tellNotList(list: string, node: Node, tell: Tell): void {
  tell({
    code: "wrong-type",
    severity: "error",
    message: `\`${list}\` must be a list, not ${describeNode(node)}.`,
    remedy: "Start each entry with a dash.",
    place: node.place,
  });
}
