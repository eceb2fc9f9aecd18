import { kindOf, type Address, type KindName } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import type { Found } from "../../core/model/live.ts";

type Known = { readonly found: ReadonlyMap<Address, Found>; readonly inventory: Inventory };

/** What a run knows about creations whose answers were lost: its own, and those of earlier runs. */
export class CreationMemory {
  /** Creations of earlier runs that no list showed when the plan was made, each with the time when it was sent. */
  readonly unseen: ReadonlyMap<Address, Millis>;
  readonly #known: Known;
  readonly #lookalikes = new Map<Address, readonly string[]>();
  #faults = 0;

  constructor(known: Known) {
    this.#known = known;
    this.unseen = findUnseen(known);
  }

  /** A creation was answered with a fault of the API. Answers with how many were, since the last one that worked. */
  noteFault(): number {
    this.#faults += 1;
    return this.#faults;
  }

  /** A creation was answered as done: faults are counted anew. */
  noteWorked(): void {
    this.#faults = 0;
  }

  /** Remembers which objects had the natural key right before this run sent the creation. */
  noteLookalikes(address: Address, ids: readonly string[]): void {
    this.#lookalikes.set(address, ids);
  }

  /**
   * Ids of the objects that had the natural key before a creation was sent, by this run or by an earlier one. None of them is the
   * object that the creation made.
   */
  lookalikes(address: Address): ReadonlySet<string> {
    const earlier = this.#known.inventory.pending?.[address]?.besides ?? [];
    return new Set([...earlier, ...(this.#lookalikes.get(address) ?? [])]);
  }

  /** Whether the plan knew of this object: an object that it did not know was made by another person or program since then. */
  isKnown(kind: KindName, id: string): boolean {
    const { found, inventory } = this.#known;
    // Former objects, and the new ones of rotations, have no entry of their own in the inventory.
    const begun = Object.entries(inventory.pending ?? {}).flatMap(
      ([address, { formers = [], successor: newObject }]) =>
        [...formers, ...(newObject ? [newObject] : [])].map((one) => [address, one] as const),
    );
    const isIt = ([address, one]: readonly [string, { readonly id?: string }]): boolean =>
      kindOf(address as Address) === kind && one.id === id;
    return [...found, ...Object.entries(inventory.resources), ...begun].some(isIt);
  }
}

/**
 * Of two lost ones the newer counts: the older had its time when that was sent. What has stepped aside stands at its address
 * until there is another, and is not what was made.
 */
function findUnseen({ found, inventory }: Known): ReadonlyMap<Address, Millis> {
  const pending = Object.entries(inventory.pending ?? {}) as [Address, Pending][];
  const sent = pending.flatMap(([address, { creation, successor: newObject, formers = [] }]) => {
    const shown = found.get(address)?.id;
    const isMade = shown !== undefined && formers.every(({ id }) => id !== shown);
    const isSeen = creation ? isMade : newObject?.id !== undefined;
    const at = creation?.at ?? newObject?.at;
    return isSeen || at === undefined ? [] : [[address, at] as const];
  });
  return new Map(sent);
}
