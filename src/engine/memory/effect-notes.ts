import type { Address } from "../../core/base/address.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { WriteStep } from "../../core/model/plan.ts";

/** What this run has sent, and found needless to send, that takes effect with a later deploy. */
export class EffectNotes {
  readonly #inventory: Inventory;
  readonly #sent = new Set<Address>();
  readonly #skipped = new Set<Address>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /** Its call goes out now. */
  noteSent({ takesEffectIn = [] }: WriteStep): void {
    for (const address of takesEffectIn) this.#sent.add(address);
  }

  /** It had nothing to write. */
  noteSkipped({ takesEffectIn = [] }: WriteStep): void {
    for (const address of takesEffectIn) this.#skipped.add(address);
  }

  /**
   * Whether there is nothing that this deploy is for: a new name or another environment takes no effect with it, and a write
   * that was skipped changed nothing. One that an earlier run owes is for what that run wrote.
   */
  isNeedlessDeploy({ address, optional }: WriteStep): boolean {
    if (this.#sent.has(address) || this.#inventory.pending?.[address]?.deployFor) return false;
    return optional || this.#skipped.has(address);
  }
}
