import { emptyInventory } from "../../core/model/inventory.ts";
import { isDeclarable } from "../../core/diff/declare-live.ts";
import type { Kind, Kinds } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Found, LiveSpec } from "../../core/model/live.ts";
import { shapeOf } from "../../core/kind/shape.ts";

/** One live object and its kind. */
export type AccountObject = { readonly kind: Kind; readonly found: Found };

/**
 * Reads each object of each kind with all of its fields, without regard to any file: `export` is made from this. Throws when one
 * call fails. It costs calls for each facet of each object, so a plan never does it.
 * `onListed` is told how many objects there are and how many calls they cost at most, when only the lists are read.
 */
export async function readAccount(
  kinds: Kinds,
  readers: Readers,
  scope: Scope,
  onListed: (objects: number, calls: number) => void = () => undefined,
): Promise<readonly AccountObject[]> {
  const wanted = { resources: [], inventory: emptyInventory(""), everything: true } as const;
  const listings = await Promise.all(
    [...kinds.values()].map(async (kind) =>
      (await kind.list(readers[kind.provider], scope, wanted)).flatMap((found) =>
        found.isEnded ? [] : [{ kind, found }],
      ),
    ),
  );
  const objects = listings.flat();
  onListed(
    objects.length,
    objects.reduce((sum, { kind, found }) => sum + countCalls(kind, found), 0),
  );
  return Promise.all(objects.map((object) => readEveryFacet(object, readers, scope)));
}

/** Calls that an object costs at most besides the lists: one for each facet, and one for the outputs of what holds data. */
function countCalls(kind: Kind, found: Found): number {
  return facetsOf(kind, found.spec).length + (kind.dataBearing && kind.restorable ? 1 : 0);
}

async function readEveryFacet(
  { kind, found }: AccountObject,
  readers: Readers,
  scope: Scope,
): Promise<AccountObject> {
  const parts = await Promise.all(
    facetsOf(kind, found.spec).map(
      async (facet) => (await kind.facets[facet]?.(readers[kind.provider], found, scope)) ?? {},
    ),
  );
  return {
    kind,
    found: { ...found, spec: parts.reduce<LiveSpec>((all, part) => ({ ...all, ...part }), found.spec) },
  };
}

/** The facets that an object can have: a static site has headers and a worker has none, so a worker's are not asked for. */
function facetsOf(kind: Kind, spec: LiveSpec): readonly string[] {
  const shape = shapeOf(kind, spec);
  const fields = Object.values(kind.fields).filter((field) => shape && isDeclarable(field, shape));
  return [...new Set(fields.map((field) => field.facet))]
    .filter((facet) => kind.facets[facet] !== undefined)
    .sort();
}
