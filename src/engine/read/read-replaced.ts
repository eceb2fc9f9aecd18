import { byText, type Address } from "../../core/base/address.ts";
import type { Comparison } from "../../core/compare/comparison.ts";
import { compareAll } from "../../core/compare/compare-fields.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import { matchesAny } from "../../core/base/glob.ts";
import { hasMovedSinceAsked } from "../../core/diff/find-differences.ts";
import { leaveLive } from "../../core/diff/leave-live.ts";
import type { FieldChange } from "../../core/model/change.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import type { Live } from "../../core/model/live.ts";
import { stepsAside } from "../../core/diff/formers.ts";
import type { ReadResult } from "./read-live.ts";
import type { ReadInput } from "../match/read-input.ts";

/**
 * Reads all fields of each object that is to be replaced, declared or not. Its replacement takes over what the file does not
 * declare, and the plan has to show that before a person agrees to it. Costs calls only for objects that are to be replaced.
 * `replacements` are the globs of addresses given with `--allow-replace`.
 */
export async function readReplaced(
  input: ReadInput,
  read: ReadResult,
  { key, replacements }: { readonly key: DigestKey; readonly replacements: readonly string[] },
): Promise<ReadResult> {
  const known = new Set<string>([
    ...read.live.keys(),
    ...read.targets.keys(),
    ...input.state.resources.map(({ address }) => address),
  ]);
  const addresses = new Map([
    ...[...read.targets].map(([address, found]) => [found.id, address] as const),
    ...[...read.live.values()].map(({ found, address }) => [found.id, address] as const),
  ]);
  const addressOf = (id: string): Address | undefined => addresses.get(id);
  const whole = input.state.resources.map(async (desired): Promise<readonly [Address, Live][]> => {
    const live = read.live.get(desired.address);
    const kind = findKind(input.kinds, desired.kind);
    if (!live || !stepsAside(kind, desired)) return [];
    const owned = input.inventory.resources[desired.address];
    const comparison: Comparison = { desired, owned, resolved: new Map(), key };
    // What stays as it is live is compared by what the list shows, and by nothing else.
    const { fields } = leaveLive(compareAll(comparison, kind.fields, live), comparison, {
      isForeign: live.matchedBy === "name" && !kind.permanent,
      isAllowed: matchesAny(replacements, desired.address),
      isOwnDoing: live.tookPlace === true,
      hasFileMoved: (change) => hasMovedSinceAsked(input, comparison, { kind, change }),
    });
    const reader = input.readers[kind.provider];
    if (!fields.some((field) => field.forcesReplace)) {
      const links = findLinksToRead(kind, live, fields);
      const spec = await links?.(reader, live.found, input.scope, addressOf);
      return spec
        ? [[desired.address, { ...live, found: { ...live.found, spec: { ...live.found.spec, ...spec } } }]]
        : [];
    }
    const facets = Object.entries(kind.facets).sort(([a], [b]) => byText(a, b));
    const specs = await Promise.all(
      facets.map(([, facet]) => facet(reader, live.found, input.scope, addressOf)),
    );
    const spec = specs.reduce((all, one) => ({ ...all, ...one }), live.found.spec);
    const found = { ...live.found, spec };
    const losing = await kind.losesWhenReplaced?.(reader, { found, desired, known: (one) => known.has(one) });
    return [[desired.address, { ...live, found, ...(losing && losing.length > 0 && { losing }) }]];
  });
  return { ...read, live: new Map([...read.live, ...(await Promise.all(whole)).flat()]) };
}

/** The read of what is linked to an object that moves to another environment: the API holds it there, though the file may link nothing. */
function findLinksToRead(
  kind: Kind,
  { found }: Live,
  fields: readonly FieldChange[],
): Kind["facets"][string] | undefined {
  const isMoving = fields.some(({ field }) => field === "environment");
  const { links } = kind;
  if (!isMoving || links === undefined || found.spec[links] !== undefined) return undefined;
  return kind.facets[kind.fields[links]!.facet];
}
