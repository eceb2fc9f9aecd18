import type { Address } from "../base/address.ts";
import type { Desired } from "../model/desired.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Secret } from "../base/secret.ts";

/**
 * Where a run works. `ownerId` is the id of Render's workspace, and empty where nothing of Render takes part. `repository`
 * is what a git service without `repo` is created from: root `repository`, `--repo`, or the origin of the checkout.
 */
export type Scope = { readonly ownerId: string; readonly repository?: string };

/**
 * What the answer of a creation says: the id, and that of the first deploy where one began. `carried`: ids of what the same
 * call made as well, by address. `shownOnce`: outputs that only this answer shows, by the names in the kind's `shownOnce`.
 */
export type Created = {
  readonly id: string;
  readonly deployId?: string;
  readonly shownOnce?: { readonly [output: string]: Secret };
  readonly carried?: { readonly [address: Address]: string };
};

/**
 * What a run is about, so that `list` of a kind inside other objects asks only those that matter: domains of the services
 * that are declared or owned. `everything`: it asks all of them, as an export needs.
 */
export type Wanted = {
  readonly resources: readonly Desired[];
  readonly inventory: Inventory;
  readonly everything?: true;
};

/** The address of a live object, by its id; `undefined` where it is not known. */
export type AddressOf = (id: string) => Address | undefined;

/** Everything that the file declares, by address, in file order. */
export type Declarations = ReadonlyMap<Address, Desired>;
