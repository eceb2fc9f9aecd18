import { kindOf, makeAddress, nameOf, type Address } from "../base/address.ts";
import type { Desired, DesiredState } from "../model/desired.ts";
import type { Inventory, Owned } from "../model/inventory.ts";
import type { Kinds } from "../kind/kind.ts";

type Moves = ReadonlyMap<Address, Address>;
type Move = readonly [from: Address, to: Address];

/**
 * The inventory under the names that the file uses now, so that a new name is not a delete and a create. It follows
 * `lifecycle.renamedFrom`, `moved`, names that are made from a renamed resource's, and blocks that moved into or out of an
 * environment which their address names. Once a run wrote under the new address, the old one only repeats an id and is
 * dropped.
 */
export function followRenames(
  inventory: Inventory,
  { resources: desired, moved: entries }: Pick<DesiredState, "resources" | "moved">,
  kinds: Kinds,
): Inventory {
  const declared = new Set(desired.map(({ address }) => address));
  const isFollower = (one: Desired): boolean => kinds.get(one.kind)?.namedAfter !== undefined;
  const leaders = new Map([
    ...desired.filter((one) => !isFollower(one)).flatMap((one) => renameOf(one, kinds)),
    ...environmentMoves(inventory, desired, kinds),
    ...entries.filter(({ to }) => declared.has(to)).map(({ from, to }): Move => [from, to]),
  ]);
  const led = new Map([...leaders, ...followersOf(inventory, leaders, kinds)]);
  const moved = move(inventory, led, desired);
  // `shop/staging` became `store/staging` with its project before it becomes `store/test` by itself.
  const own = new Map(desired.filter(isFollower).flatMap((one) => renameOf(one, kinds)));
  return dropRepeated(move(moved, own, desired), desired);
}

function entriesOf(inventory: Inventory): readonly (readonly [Address, Owned])[] {
  return Object.entries(inventory.resources) as [Address, Owned][];
}

function move(inventory: Inventory, moves: Moves, desired: readonly Desired[]): Inventory {
  const declared = new Set(desired.map((one) => one.address));
  const target = (address: Address): Address =>
    declared.has(address) ? address : (moves.get(address) ?? address);
  const moved = entriesOf(inventory).flatMap(([address, owned]): readonly (readonly [Address, Owned])[] => {
    const to = target(address);
    const there = to === address ? undefined : inventory.resources[to];
    // The target is owned. With the same id it is this object, noted twice; with another id this entry must not be lost.
    if (there) return there.id === owned.id ? [] : [[address, owned]];
    const renamed = to === address ? owned : { ...owned, notedAs: [...(owned.notedAs ?? []), address] };
    return [[to, { ...renamed, needs: owned.needs.map(target) }]];
  });
  const { pending: undone, ...rest } = inventory;
  const pending = Object.entries(undone ?? {}).map(([address, one]) => [
    moves.get(address as Address) ?? address,
    one,
  ]);
  return {
    ...rest,
    resources: Object.fromEntries(moved),
    ...(undone && { pending: Object.fromEntries(pending) as NonNullable<Inventory["pending"]> }),
  };
}

/** Drops entries that are not declared and repeat the id of a declared one: an object has one address, so that is its old one. */
function dropRepeated(inventory: Inventory, desired: readonly Desired[]): Inventory {
  const declared = new Set(desired.map((one) => one.address));
  const idOf = (owned: Owned): string => `${owned.kind} ${owned.id}`;
  const ids = new Set(
    entriesOf(inventory).flatMap(([address, owned]) => (declared.has(address) ? [idOf(owned)] : [])),
  );
  const kept = entriesOf(inventory).filter(
    ([address, owned]) => declared.has(address) || !ids.has(idOf(owned)),
  );
  return { ...inventory, resources: Object.fromEntries(kept) };
}

/** The rename that a block asks for, from the address that it had; none where it asks for none, or its kind cannot be renamed. */
export function renameOf(desired: Desired, kinds: Kinds): readonly Move[] {
  const former = formerName(desired, kinds, []);
  if (former === undefined || !kinds.get(desired.kind)?.rename) return [];
  return [[makeAddress(desired.kind, former), desired.address]];
}

/**
 * The name that a block's object had; `undefined` where it had the same. The block's own `renamedFrom` gives its own part, and
 * that of another block the part taken from there: `shop/test` was `shop/staging` by itself, `store/test` was `shop/test`
 * because its project was renamed. `all`: the blocks that are looked at for that.
 */
export function formerName(desired: Desired, kinds: Kinds, all: readonly Desired[]): string | undefined {
  const { renamedFrom } = desired.lifecycle;
  const after = kinds.get(desired.kind)?.namedAfter;
  if (!after) return renamedFrom;
  if (renamedFrom !== undefined) return [...desired.name.split("/").slice(0, -1), renamedFrom].join("/");
  for (const leader of all) {
    const former = leader.kind === after.kind ? leader.lifecycle.renamedFrom : undefined;
    const name = former === undefined ? undefined : after.rename(desired.name, leader.name, former);
    if (name !== undefined) return name;
  }
  return undefined;
}

function followersOf(inventory: Inventory, leaders: Moves, kinds: Kinds): readonly Move[] {
  return entriesOf(inventory).flatMap(([address, owned]): readonly Move[] => {
    const after = kinds.get(owned.kind)?.namedAfter;
    for (const [from, to] of leaders) {
      const name =
        after && kindOf(from) === after.kind
          ? after.rename(nameOf(address), nameOf(from), nameOf(to))
          : undefined;
      if (name !== undefined) return [[address, makeAddress(owned.kind, name)]];
    }
    return [];
  });
}

/** The address of the only declared one of its name says the environment: a file that was not given has that name too. */
function isShared({ address, kind, name }: Desired, desired: readonly Desired[]): boolean {
  const alike = desired.filter((one) => one.kind === kind && one.name === name);
  return alike.length === 1 && address !== makeAddress(kind, name);
}

/**
 * Moves for addresses that begin or cease to name their environment, because a second resource of that name comes or goes:
 * an owned entry becomes the declared one of its environment, else the only one of its name (product page, section 7).
 */
function environmentMoves(inventory: Inventory, desired: readonly Desired[], kinds: Kinds): readonly Move[] {
  const declared = new Set(desired.map((one) => one.address));
  const fresh = desired.filter(
    (one) => kinds.get(one.kind)?.perEnvironment && !inventory.resources[one.address],
  );
  const dropped = entriesOf(inventory).filter(([address]) => !declared.has(address));
  return dropped.flatMap(([address, owned]): readonly Move[] => {
    const alike = fresh.filter((one) => one.kind === owned.kind && one.name === owned.name);
    const within = alike.find(({ environment }) => environment && owned.needs.includes(environment));
    const others = dropped.filter(([, other]) => other.kind === owned.kind && other.name === owned.name);
    const [first] = alike;
    const only = alike.length === 1 && others.length === 1 && !isShared(first!, desired) ? first : undefined;
    const found = within ?? only;
    return found ? [[address, found.address]] : [];
  });
}
