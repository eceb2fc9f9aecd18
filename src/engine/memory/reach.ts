import { kindOf, type Address } from "../../core/base/address.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { Writer } from "../../http/client.ts";
import type { PerformInput } from "./perform-input.ts";

/** From an address to what can be done with it: its kind, and the clients of its account. */
export type Reach = {
  readonly kind: (address: Address) => Kind;
  readonly readerOf: (address: Address) => Reader;
  readonly writerOf: (address: Address) => Writer;
};

/** The reach of a run. A kind that is not registered throws an `Error`: a plan has none such. */
export function makeReach({
  kinds,
  readers,
  writers,
}: Pick<PerformInput, "kinds" | "readers" | "writers">): Reach {
  const kind = (address: Address): Kind => findKind(kinds, kindOf(address));
  return {
    kind,
    readerOf: (address) => readers[kind(address).provider],
    writerOf: (address) => writers[kind(address).provider],
  };
}
