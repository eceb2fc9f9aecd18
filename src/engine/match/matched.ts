import type { Address, KindName } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Owned } from "../../core/model/inventory.ts";
import type { Found, Live } from "../../core/model/live.ts";
import type { Problem } from "../../core/base/problem.ts";

/** The live objects of each kind that was listed. */
export type Listings = ReadonlyMap<KindName, readonly Found[]>;

/** A live object with the block and the entry of the inventory that mean it. */
export type Match = {
  readonly live: Live;
  readonly desired: Desired | undefined;
  readonly owned: Owned | undefined;
};

/** An address that is declared or owned and that no list shows. It is asked for by itself before it counts as absent. */
type Absent = {
  readonly address: Address;
  readonly kind: KindName;
  /** The natural key that it is asked for by, where it is declared. */
  readonly name: string;
  /** What the inventory has of it: asked for by that id. */
  readonly owned: Owned | undefined;
  readonly declared: boolean;
};

/** What was found of the declared and owned addresses, what no list shows, and what is ambiguous. */
export type Matched = {
  readonly found: readonly Match[];
  readonly absent: readonly Absent[];
  readonly refusals: readonly Problem[];
};

/** Several results as one. */
export function joinMatched(parts: readonly Matched[]): Matched {
  return {
    found: parts.flatMap(({ found }) => found),
    absent: parts.flatMap(({ absent }) => absent),
    refusals: parts.flatMap(({ refusals }) => refusals),
  };
}
