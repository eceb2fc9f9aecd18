import type { Address } from "../../core/base/address.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { WriteStep } from "../../core/model/plan.ts";

/** Remembers which services need the deploy that the plan has for them: those for which this run has written something. */
export class EffectNotes {
  readonly #inventory: Inventory;
  readonly #sent = new Set<Address>();
  readonly #skipped = new Set<Address>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /** A step sends its call: the deploys of `takesEffectIn` are needed. */
  noteSent({ takesEffectIn = [] }: WriteStep): void {
    for (const address of takesEffectIn) this.#sent.add(address);
  }

  /** A step had nothing to write, so a deploy that was only for it is not needed. */
  noteSkipped({ takesEffectIn = [] }: WriteStep): void {
    for (const address of takesEffectIn) this.#skipped.add(address);
  }

  /**
   * Whether a deploy would bring out nothing new: it is optional and no call that takes effect with it was sent, or the writes
   * that it was for were skipped. A deploy that an earlier run still owes is always needed, for what that run has written.
   */
  isNeedlessDeploy({ address, optional }: WriteStep): boolean {
    if (this.#sent.has(address) || this.#inventory.pending?.[address]?.deployFor) return false;
    return optional || this.#skipped.has(address);
  }
}
