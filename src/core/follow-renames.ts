import { kindOf, makeAddress, nameOf, type Address } from "./address.ts";
import type { Desired } from "./desired.ts";
import type { Inventory, Owned } from "./inventory.ts";
import type { Kinds } from "./kind.ts";

/**
 * The inventory under the names that the file now uses, so that a new name is no delete and create: `lifecycle.renamedFrom`,
 * what is named after something renamed, and a block that moved into or out of an environment that its address names. Kept
 * from run to run: once a run wrote under the new address, the old one only repeats an id and is dropped.
 */
export function followRenames(inventory: Inventory, desired: readonly Desired[], kinds: Kinds): Inventory {
  const declared = new Set(desired.map((one) => one.address));
  const moves = new Map<Address, Address>([...renames(desired, kinds), ...environmentMoves(inventory, desired, kinds)]);
  for (const [from, to] of followers(inventory, moves, kinds)) moves.set(from, to);
  for (const from of moves.keys()) if (declared.has(from)) moves.delete(from);
  const kept = new Set(entriesOf(inventory).flatMap(([address, owned]) => (declared.has(address) ? [`${owned.kind} ${owned.id}`] : [])));
  const moved = entriesOf(inventory).flatMap(([address, owned]): readonly (readonly [Address, Owned])[] => {
    if (!declared.has(address) && kept.has(`${owned.kind} ${owned.id}`)) return [];
    const to = moves.get(address);
    if (to !== undefined && inventory.resources[to] !== undefined) return [];
    return [[to ?? address, { ...owned, needs: owned.needs.map((need) => moves.get(need) ?? need) }]];
  });
  return { ...inventory, resources: Object.fromEntries(moved) };
}

function entriesOf(inventory: Inventory): readonly (readonly [Address, Owned])[] {
  return Object.entries(inventory.resources) as [Address, Owned][];
}

function renames(desired: readonly Desired[], kinds: Kinds): readonly (readonly [Address, Address])[] {
  return desired.flatMap((one): readonly (readonly [Address, Address])[] => {
    const { renamedFrom } = one.lifecycle;
    if (renamedFrom === undefined || !kinds.get(one.kind)?.rename) return [];
    return [[makeAddress(one.kind, formerName(one, kinds)!), one.address]];
  });
}

/** `renamedFrom` is the block's own name; the part that another block gives stays: `shop/staging` was `shop/test`. */
export function formerName(desired: Desired, kinds: Kinds): string | undefined {
  const { renamedFrom } = desired.lifecycle;
  if (renamedFrom === undefined || !kinds.get(desired.kind)?.namedAfter) return renamedFrom;
  return [...desired.name.split("/").slice(0, -1), renamedFrom].join("/");
}

function followers(inventory: Inventory, moves: ReadonlyMap<Address, Address>, kinds: Kinds): readonly (readonly [Address, Address])[] {
  return entriesOf(inventory).flatMap(([address, owned]): readonly (readonly [Address, Address])[] => {
    const after = kinds.get(owned.kind)?.namedAfter;
    if (!after) return [];
    for (const [from, to] of moves) {
      const name = kindOf(from) === after.kind ? after.rename(nameOf(address), nameOf(from), nameOf(to)) : undefined;
      if (name !== undefined) return [[address, makeAddress(owned.kind, name)]];
    }
    return [];
  });
}

/** An owned and a declared entry of one kind and name, each alone, are one resource (product page, section 7). */
function environmentMoves(inventory: Inventory, desired: readonly Desired[], kinds: Kinds): readonly (readonly [Address, Address])[] {
  const declared = new Set(desired.map((one) => one.address));
  const fresh = desired.filter((one) => kinds.get(one.kind)?.perEnvironment && !inventory.resources[one.address]);
  const dropped = entriesOf(inventory).filter(([address]) => !declared.has(address));
  return fresh.flatMap((one): readonly (readonly [Address, Address])[] => {
    const alike = fresh.filter((other) => other.kind === one.kind && other.name === one.name);
    const [before, ...others] = dropped.filter(([, owned]) => owned.kind === one.kind && owned.name === one.name);
    return before && others.length === 0 && alike.length === 1 ? [[before[0], one.address]] : [];
  });
}
