import { kindOf, nameOf, type Address } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import type { Found } from "../../core/model/live.ts";
import { lookFor, pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import type { World } from "../../world/world.ts";
import { wantedOf } from "./find-targets.ts";
import { lookAgain } from "./look-again.ts";
import { isDeclared } from "../match/match-live.ts";
import { findNewObjects } from "../match/match-new-object.ts";
import type { ReadInput, Young } from "../match/read-input.ts";

/**
 * Waits for objects that an earlier run made, or was about to make, a moment ago, since a list may not show them yet. A run that
 * is about to write waits before it plans, until the lists show them or the time is over in which lists may lag; then it plans
 * with what is there. A plan that is only shown does not wait, and says that it is uncertain.
 */
export async function awaitLost(input: ReadInput, world: World): Promise<void> {
  const { young = [] } = input;
  const made = young.filter(({ at }) => isRecent(at, world.now()));
  const lost = listLost(input.inventory, world.now());
  const byKind = groupBy([...lost, ...made], ({ address }) => kindOf(address));
  await Promise.all(
    [...byKind].map(async ([name, awaited]) => {
      const kind = findKind(input.kinds, name);
      const reader = input.readers[kind.provider];
      const newest = awaited.reduce((latest, { at }) => Math.max(latest, at), 0);
      const wanted = { ...wantedOf(input), everything: true as const };
      const look = async (): Promise<true | undefined> => {
        const all = await kind.list(reader, input.scope, wanted);
        const listing = all.filter((one) => !one.isEnded);
        const isThere = (one: Lost | Young): boolean =>
          "id" in one ? all.some(({ id }) => id === one.id) : isShown(input, { ...one, kind, listing });
        return awaited.every(isThere) ? true : undefined;
      };
      await lookAgain(world, pausesBetweenLooks(newest, world.now()), look);
    }),
  );
}

/** A creation whose answer was lost; `at` is when it was sent. */
type Lost = { readonly address: Address; readonly at: number; readonly pending: Pending };

function isShown(
  { state, inventory }: ReadInput,
  { address, pending, kind, listing }: Lost & { readonly kind: Kind; readonly listing: readonly Found[] },
): boolean {
  const desired = state.resources.find((one) => one.address === address);
  const isSame = (found: Found): boolean =>
    desired ? isDeclared(kind, desired, found) : found.name === nameOf(address);
  if (!pending.creation) {
    const ownId = inventory.resources[address]?.id;
    return findNewObjects(pending, { kind, listing, isSame, ownId }).length > 0;
  }
  return listing.some((found) => isSame(found) && !pending.besides?.includes(found.id));
}

function listLost({ pending: all = {} }: Inventory, now: number): readonly Lost[] {
  return (Object.entries(all) as [Address, Pending][]).flatMap(([address, pending]) => {
    const { creation, successor: newObject } = pending;
    const at = creation?.at ?? (newObject?.id === undefined ? newObject?.at : undefined);
    return at !== undefined && isRecent(at, now) ? [{ address, at, pending }] : [];
  });
}

function isRecent(at: number, now: number): boolean {
  return Math.abs(now - at) < lookFor;
}
