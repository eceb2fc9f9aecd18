import type { Address } from "../base/address.ts";
import { plainConnection } from "../base/connection-url.ts";
import { digestOf, type DigestKey } from "../base/digest.ts";
import { sameSecret } from "../base/secret.ts";
import type { Inventory } from "../model/inventory.ts";
import { liveSecret, type Found } from "../model/live.ts";
import type { Resolved, ResolvedValues } from "./comparison.ts";

/** What is live and what is remembered, beside the values. */
type Sides = {
  readonly found: (address: Address) => Found | undefined;
  readonly inventory: Inventory;
  readonly key: DigestKey;
};

/**
 * Values whose text is a connection string, spelled as live has it, where live has the same one in another spelling: somebody
 * wrote `redis://red-1:6379/0` by hand, and the file takes it from the instance (`redis://red-1:6379`). Whoever adopts that has
 * nothing to change, and no deploy. A spelling that was neither adopted nor written is a difference as any other one is.
 */
export function keepSpelling(
  resolved: ReadonlyMap<Address, ResolvedValues>,
  { found, inventory, key }: Sides,
): ReadonlyMap<Address, ResolvedValues> {
  return new Map(
    [...resolved].map(([address, values]) => {
      const one = found(address);
      const remembered = inventory.resources[address]?.fields ?? {};
      const spelled = [...values].map(([field, value]): readonly [string, Resolved] => {
        const [name = "", ...entry] = field.split(".");
        const live = liveSecret(one, { name, ...(entry.length > 0 && { entry: entry.join(".") }) });
        if (!live || value.state !== "known" || value.live !== true || sameSecret(value.secret, live))
          return [field, value];
        const before = remembered[field];
        const isKept = before === undefined || before === digestOf(key, { address, field }, live);
        const isAlike = isKept && sameSecret(plainConnection(value.secret), plainConnection(live));
        return [field, isAlike ? { ...value, secret: live } : value];
      });
      return [address, new Map(spelled)] as const;
    }),
  );
}
