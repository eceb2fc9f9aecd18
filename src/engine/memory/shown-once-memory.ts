import type { Address } from "../../core/base/address.ts";
import type { ShownOnceValue } from "../../core/rotation/deliveries.ts";
import { Secret } from "../../core/base/secret.ts";
import type { PerformInput } from "./perform-input.ts";

/**
 * What answers of this run showed once, by address and output: the token in the answer that made it. Only ever here and in
 * the calls that deliver it, never on disk.
 */
export class ShownOnceMemory {
  readonly #input: Pick<PerformInput, "deliveries" | "unseal">;
  readonly #values = new Map<string, Secret>();

  constructor(input: Pick<PerformInput, "deliveries" | "unseal">) {
    this.#input = input;
  }

  /** An answer has shown these outputs. */
  note(address: Address, values: { readonly [output: string]: Secret }): void {
    for (const [output, secret] of Object.entries(values)) this.#values.set(`${address} ${output}`, secret);
  }

  /** From an answer of this run, from where it was delivered, or from a sealed copy; `undefined`: nothing is known of it. */
  async find(address: Address, output: string): Promise<ShownOnceValue | undefined> {
    const shown = this.#values.get(`${address} ${output}`);
    if (shown) return { state: "known", secret: shown };
    const known = this.#input.deliveries.get(address)?.values.get(output);
    if (known?.state !== "sealed") return known;
    const secret = await this.#input.unseal(known.text);
    this.note(address, { [output]: secret });
    return { state: "known", secret };
  }

  /** All values that it holds. */
  secrets(): readonly Secret[] {
    return [...this.#values.values()];
  }
}
