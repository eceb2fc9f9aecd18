import type { Address } from "../base/address.ts";
import type { Desired } from "../model/desired.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Secret } from "../base/secret.ts";

/**
 * Where the work happens: the workspace, for kinds of Render alone; empty where none takes part. `repository` is what a git service without `repo` is created from: root `repository`, `--repo`,
 * or the checkout's origin.
 */
export type Scope = { readonly ownerId: string; readonly repository?: string };

/**
 * What a create call answered. `carried`: ids of what the same call made, by the address it was carried for. `revealed`:
 * outputs that this answer alone shows, by the names in the kind's `once`.
 */
export type Created = {
  readonly id: string;
  readonly deployId?: string;
  readonly revealed?: { readonly [output: string]: Secret };
  readonly carried?: { readonly [address: Address]: string };
};

/**
 * What a listing may be narrowed to: lists that stand inside other objects are read for those alone that matter.
 * `everything`: for all of them, whatever is declared or owned, as an export needs it.
 */
export type Wanted = {
  readonly resources: readonly Desired[];
  readonly inventory: Inventory;
  readonly everything?: true;
};

/** The address of a live object, by its id. */
export type AddressOf = (id: string) => Address | undefined;

/** Everything that the file declares, by address, in file order. */
export type Declarations = ReadonlyMap<Address, Desired>;
