import type { Address, KindName } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Owned } from "../../core/model/inventory.ts";
import type { Found, Live } from "../../core/model/live.ts";
import type { Problem } from "../../core/base/problem.ts";

/** Live objects by kind. */
export type Listings = ReadonlyMap<KindName, readonly Found[]>;

export type Match = {
  readonly live: Live;
  readonly desired: Desired | undefined;
  readonly owned: Owned | undefined;
};

type Absent = {
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
  readonly owned: Owned | undefined;
  readonly declared: boolean;
};

/** What is there of the declared and the owned, what is not, and what is not clear. */
export type Matched = {
  readonly found: readonly Match[];
  readonly absent: readonly Absent[];
  readonly refusals: readonly Problem[];
};

export function joinMatched(parts: readonly Matched[]): Matched {
  return {
    found: parts.flatMap(({ found }) => found),
    absent: parts.flatMap(({ absent }) => absent),
    refusals: parts.flatMap(({ refusals }) => refusals),
  };
}
