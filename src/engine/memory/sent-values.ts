import type { Address } from "../../core/base/address.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Resolved } from "../../core/compare/comparison.ts";
import type { WriteStep } from "../../core/model/plan.ts";

/** A value whose text is known. */
export type Known = Extract<Resolved, { readonly state: "known" }>;

/**
 * What calls of this run have sent, by address and field key (`plan`, `envVars.KEY`). The digest in the inventory is made from
 * the value that was sent: a source may have another one a moment later.
 */
export class SentValues {
  readonly #values = new Map<string, Known>();
  readonly #written = new Set<string>();

  /** A value goes into a call. A live value that the call repeats counts too, as if the file had given it. */
  note(address: Address, key: string, value: Known): void {
    this.#values.set(`${address} ${key}`, value);
  }

  /** The value that was sent last; `undefined`: none was. */
  value(address: Address, key: string): Known | undefined {
    return this.#values.get(`${address} ${key}`);
  }

  /** A call of the step was done: it has written or removed these fields. */
  noteWritten({ address, fields }: Pick<WriteStep, "address" | "fields">): void {
    for (const key of fields) this.#written.add(`${address} ${key}`);
  }

  /** Whether a call of this run has written or removed the field. */
  hasWritten(address: Address, key: string): boolean {
    return this.#written.has(`${address} ${key}`);
  }

  /** All values that calls have sent. */
  secrets(): readonly Secret[] {
    return [...this.#values.values()].map(({ secret }) => secret);
  }
}
