import type { Address, KindName } from "./address.ts";
import type { Digest } from "./secret.ts";

/**
 * What trueup owns and last applied. Only ids, keyed digests and names are in it: it may lie in a repository.
 * `fields` has a digest per field key (`plan`, `envVars.PORT`) of the value that was last made equal to the file; an entry
 * in it that the file no longer declares is the reason to delete that entry.
 */
export type Owned = {
  readonly kind: KindName;
  readonly id: string;
  readonly name: string;
  readonly fields: { readonly [fieldKey: string]: Digest };
  /** What it referred to: a resource deleted from the file can no longer tell its place in the order. */
  readonly needs: readonly Address[];
  /** Holds after the block is gone from the file. */
  readonly protect: boolean;
};

export type Inventory = {
  readonly version: 1;
  /** Random, made with the first write; guards against writing over another state's inventory. */
  readonly lineage: string;
  /** Grows by one with every write. */
  readonly serial: number;
  /** The workspace this partition belongs to; a run against another one is refused. */
  readonly workspace?: string;
  /** Id of the key the digests were made with. */
  readonly digestKey?: string;
  readonly resources: { readonly [address: Address]: Owned };
};

export function emptyInventory(lineage: string): Inventory {
  return { version: 1, lineage, serial: 0, resources: {} };
}

export function withOwned(inventory: Inventory, address: Address, owned: Owned): Inventory {
  return { ...inventory, resources: { ...inventory.resources, [address]: owned } };
}

export function withoutOwned(inventory: Inventory, address: Address): Inventory {
  const { [address]: _gone, ...resources } = inventory.resources;
  return { ...inventory, resources };
}
