import { isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import type { Address } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { Where } from "../../core/base/problem.ts";
import { openSource } from "../base/source.ts";
import { shapeIn, type Written } from "./write.ts";

/** What of a resource stands at a place of a written file: all of it, a field, or an item of a list (`written`). */
export type Part = {
  readonly address: Address;
  readonly field?: string;
  readonly written?: unknown;
};

/** Leads a line and column of a written file back to the resource that stands there. */
export function findPart(
  { text, root, blocks }: Written,
  kinds: readonly FileKind[],
): (where: Where) => Part | undefined {
  const { contents } = parseDocument(text);
  const named = listNamed([...blocks.values()], kinds);
  const { lineStarts } = openSource({ name: "", text });
  return ({ line, column }) => {
    const path = pathTo(contents, (lineStarts[line - 1] ?? 0) + column - 1);
    let data: unknown = root;
    let part: Part | undefined;
    for (const [index, step] of path.entries()) {
      data = (data as { readonly [step: string]: unknown } | undefined)?.[String(step)];
      const desired = typeof data === "object" && data !== null ? blocks.get(data) : undefined;
      if (!desired) continue;
      const [field, item] = path.slice(index + 1);
      const value = field === undefined ? undefined : (data as { readonly [field: string]: unknown })[field];
      part = {
        address: desired.address,
        ...(typeof field === "string" && { field }),
        ...(typeof item === "number" && Array.isArray(value) && { written: value[item] as unknown }),
      };
    }
    const own = typeof part?.written === "string" ? named.get(`${part.field} ${part.written}`) : undefined;
    return own === undefined ? part : { address: own };
  };
}

/** Resources that are no mapping of the file but a text in a list, as domains are: by list and text. */
function listNamed(resources: readonly Desired[], kinds: readonly FileKind[]): ReadonlyMap<string, Address> {
  return new Map(
    resources.flatMap((desired) => {
      const shape = shapeIn(desired, kinds);
      return shape?.named === "itself" ? [[`${shape.list} ${desired.name}`, desired.address] as const] : [];
    }),
  );
}

/** Keys and places in lists that lead to what stands at an offset. */
function pathTo(node: Node | null, offset: number): readonly (string | number)[] {
  if (isMap(node)) {
    const pair = node.items.findLast(({ key }) => startOf(key) <= offset);
    if (!pair || !isScalar(pair.key)) return [];
    return [String(pair.key.value), ...pathTo(pair.value as Node | null, offset)];
  }
  if (!isSeq(node)) return [];
  const index = node.items.findLastIndex((item) => startOf(item) <= offset);
  return index < 0 ? [] : [index, ...pathTo(node.items[index] as Node, offset)];
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? Infinity;
}
