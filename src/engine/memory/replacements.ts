import type { Address } from "../../core/base/address.ts";
import type { Former, Inventory, NewObject } from "../../core/model/inventory.ts";
import { pendingParts } from "../../core/run/pending.ts";

/**
 * What stands beside the object of an address while that one is replaced:
 *
 * - the **new** object of a rotation, from its creation until the old one goes and it takes the address over;
 * - **former** objects, which gave their name away and serve on until they are deleted. A plan means each by its place in the
 *   list (`{address#former0}`), so a place never changes while the run goes on.
 *
 * What earlier runs left of either is there from the beginning.
 */
export class Replacements {
  readonly #newObjects: Map<Address, NewObject>;
  readonly #formers: Map<Address, readonly Former[]>;

  constructor(inventory: Inventory) {
    this.#newObjects = pendingParts(inventory, "successor");
    this.#formers = pendingParts(inventory, "formers");
  }

  /** The new object; `undefined`: there is none. Without an `id` it is not known whether it was made. */
  newObject(address: Address): NewObject | undefined {
    return this.#newObjects.get(address);
  }

  /** The new object was made, by the answer to its creation. */
  noteNew(address: Address, newObject: NewObject): void {
    this.#newObjects.set(address, newObject);
  }

  /** The new object has taken the address over, or was deleted. */
  dropNew(address: Address): void {
    this.#newObjects.delete(address);
  }

  /** Former objects, in the order in which they stepped aside. */
  formers(address: Address): readonly Former[] {
    return this.#formers.get(address) ?? [];
  }

  /** The former object at a place. Throws an `Error`: a plan names no place that is not there. */
  former(address: Address, place: number): Former {
    const former = this.formers(address)[place];
    if (!former) throw new Error(`${address}: no former one at place ${place}`);
    return former;
  }

  /** One steps aside. If it has done so before, it keeps its place and gets the new name. */
  noteAside(address: Address, former: Former): void {
    const all = this.formers(address);
    const isKnown = all.some(({ id }) => id === former.id);
    const renamed = all.map((one) => (one.id === former.id ? former : one));
    this.#formers.set(address, isKnown ? renamed : [...all, former]);
  }
}
