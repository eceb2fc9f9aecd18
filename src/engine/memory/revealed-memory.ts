import type { Address } from "../../core/base/address.ts";
import type { OneTimeValue } from "../../core/rotation/hand-over.ts";
import { Secret } from "../../core/base/secret.ts";
import type { PerformInput } from "./perform-input.ts";

/**
 * What answers of this run showed once, by address and output: the token in the answer that made it. Only ever here and in
 * the calls that deliver it, never on disk.
 */
export class RevealedMemory {
  readonly #input: Pick<PerformInput, "handOvers" | "unseal">;
  readonly #revealed = new Map<string, Secret>();

  constructor(input: Pick<PerformInput, "handOvers" | "unseal">) {
    this.#input = input;
  }

  note(address: Address, revealed: { readonly [output: string]: Secret }): void {
    for (const [output, secret] of Object.entries(revealed))
      this.#revealed.set(`${address} ${output}`, secret);
  }

  /** From an answer of this run, from where it was delivered, or from a sealed copy; `undefined`: nothing is known of it. */
  async find(address: Address, output: string): Promise<OneTimeValue | undefined> {
    const revealed = this.#revealed.get(`${address} ${output}`);
    if (revealed) return { state: "known", secret: revealed };
    const known = this.#input.handOvers.get(address)?.values.get(output);
    if (known?.state !== "sealed") return known;
    const secret = await this.#input.unseal(known.text);
    this.note(address, { [output]: secret });
    return { state: "known", secret };
  }

  secrets(): readonly Secret[] {
    return [...this.#revealed.values()];
  }
}
