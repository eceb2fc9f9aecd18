import { findKind } from "../../core/kind/kind.ts";
import type { Address } from "../../core/base/address.ts";
import type { Listings, Match } from "./matched.ts";
import type { ReadInput } from "./read-input.ts";

/** By host and the key that lists them, the names of live objects that nobody declares or owns. */
type NotInFile = ReadonlyMap<Address, { readonly [field: string]: readonly string[] }>;

/**
 * Finds what stands in a declared object and is listed by its block, and is in no file and no inventory: a domain that
 * somebody added to a service in the dashboard. What the platform made along with another object is not told.
 */
export function findNotInFile(
  { kinds, others = {} }: ReadInput,
  listings: Listings,
  matches: readonly Match[],
): NotInFile {
  const known = new Set([
    ...matches.map(({ live }) => `${live.kind} ${live.found.id}`),
    ...Object.values(others).map(({ kind, id }) => `${kind} ${id}`),
  ]);
  const byHost = new Map<Address, { readonly [field: string]: readonly string[] }>();
  for (const [name, listing] of listings) {
    const { listedBy } = findKind(kinds, name);
    if (!listedBy) continue;
    for (const found of listing) {
      if (found.isEnded || found.derivedFrom !== undefined || known.has(`${name} ${found.id}`)) continue;
      const host = listedBy.host(found);
      const before = byHost.get(host) ?? {};
      byHost.set(host, { ...before, [listedBy.field]: [...(before[listedBy.field] ?? []), found.name] });
    }
  }
  return byHost;
}
