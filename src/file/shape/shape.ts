import type { Shape } from "../../core/model/field.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { inventedTypes, normalType } from "./legacy.ts";
import { keyPlaceOf, memberOf, textOf, type MapNode } from "../base/node.ts";
import type { Tell } from "../base/remark.ts";
import { closest } from "../../core/base/text.ts";

/** A kind with one of its shapes. */
export type KindShape = { readonly kind: FileKind; readonly shape: Shape };

/** The shapes whose blocks stand in this list of the file. */
export function shapesOf(kinds: readonly FileKind[], list: string): readonly KindShape[] {
  return kinds.flatMap((kind) =>
    kind.shapes
      .filter((shape) => shape.list === list && shape.inside === undefined)
      .map((shape) => ({ kind, shape })),
  );
}

const inner = new WeakMap<readonly FileKind[], Map<string, readonly KindShape[]>>();

/**
 * The shapes whose blocks stand in keys of another kind's block; with a shape name, only those that this shape may
 * have. They follow from the kinds alone, so they are found once for all blocks.
 */
export function innerShapes(
  kinds: readonly FileKind[],
  inside: string,
  shapeName?: string,
): readonly KindShape[] {
  const known = inner.get(kinds) ?? new Map<string, readonly KindShape[]>();
  inner.set(kinds, known);
  const key = `${inside} ${shapeName ?? ""}`;
  const shapes = known.get(key) ?? findInnerShapes(kinds, inside, shapeName);
  known.set(key, shapes);
  return shapes;
}

function findInnerShapes(
  kinds: readonly FileKind[],
  inside: string,
  shapeName: string | undefined,
): readonly KindShape[] {
  return kinds.flatMap((kind) =>
    kind.shapes
      .filter((shape) => shape.inside === inside)
      .filter((shape) => shapeName === undefined || (shape.insideShapes?.includes(shapeName) ?? true))
      .map((shape) => ({ kind, shape })),
  );
}

/** Finds the shape of a block by its type and runtime; `undefined`: there is none, and that was told. */
export function pickShape(
  block: MapNode,
  candidates: readonly KindShape[],
  tell: Tell,
): KindShape | undefined {
  const free = candidates.find(({ shape }) => shape.when === undefined);
  if (free) return free;
  const typeNode = memberOf(block, "type");
  const type = textOf(typeNode);
  const runtime = textOf(memberOf(block, "runtime")) ?? textOf(memberOf(block, "env"));
  const found =
    type === undefined ? undefined : candidates.find(({ shape }) => agrees(shape, normalType(type), runtime));
  if (found) return found;
  const types = [...new Set(candidates.flatMap(({ shape }) => shape.when?.type ?? []))];
  const name = textOf(memberOf(block, "name"));
  const called = name === undefined ? "This service" : `The service ${name}`;
  if (type === undefined) {
    tell({
      code: typeNode && typeNode.is !== "scalar" ? "wrong-type" : "missing-key",
      severity: "error",
      message: `${called} lacks \`type\`.`,
      remedy: `Add one of ${types.join(", ")}.`,
      place: typeNode?.place ?? block.place,
    });
    return undefined;
  }
  tell({
    code: "wrong-value",
    severity: "error",
    message: `${called} has the unknown type ${JSON.stringify(type)}.`,
    remedy: () => {
      if (Object.hasOwn(inventedTypes, type)) return inventedTypes[type] ?? "";
      const guess = closest(type, types);
      return `${guess === undefined ? "" : `Did you mean \`${guess}\`? `}It is one of ${types.join(", ")}.`;
    },
    place: typeNode?.place ?? keyPlaceOf(block, "type"),
  });
  return undefined;
}

function agrees(shape: Shape, type: string, runtime: string | undefined): boolean {
  const wanted = shape.when?.runtime;
  if (!shape.when?.type?.includes(type)) return false;
  if (wanted === undefined) return true;
  if ("not" in wanted) return runtime === undefined || !wanted.not.includes(runtime);
  return runtime !== undefined && wanted.includes(runtime);
}
