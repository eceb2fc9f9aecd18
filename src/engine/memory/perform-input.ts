import type { Address, Provider } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import type { HandOver } from "../../core/rotation/hand-over.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Reader, Readers } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import type { Step, StepId } from "../../core/model/plan.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import type { Secret } from "../../core/base/secret.ts";
import type { Writers } from "../../http/client.ts";
import type { World } from "../../world/world.ts";

import type { Sources } from "./resolve.ts";

/** What a run is given to do its steps with. */
export type PerformInput = {
  /** Id of the run. */
  readonly run: string;
  /** What is shown once and known already, or sealed in the state. */
  readonly handOvers: ReadonlyMap<Address, HandOver>;
  /** Signs in with a value that is to be proven. */
  readonly readerAs: (provider: Provider, value: Secret) => Reader;
  /** Opens a copy that the state keeps; throws a `ProblemError` without the identity. */
  readonly unseal: (sealed: string) => Promise<Secret>;
  /** A copy to keep, by output; absent where no recipients are given. */
  readonly seal?: (secret: Secret) => Promise<string>;
  readonly world: World;
  readonly readers: Readers;
  readonly writers: Writers;
  readonly kinds: Kinds;
  readonly scope: Scope;
  readonly key: DigestKey;
  readonly desired: ReadonlyMap<Address, Desired>;
  /** What the plan read; objects that are being replaced are left out once they are deleted. */
  readonly found: ReadonlyMap<Address, Found>;
  readonly sources: Sources;
  /** When the plan read the accounts. */
  readonly readAt: number;
  readonly inventory: Inventory;
  /** Which file declares what: who may drop it later. */
  readonly declaring: ReadonlyMap<Address, FileId>;
  /** Puts into a file what is copied before its original goes. */
  readonly keepExport: KeepExport;
  /** All of the plan. */
  readonly steps: ReadonlyMap<StepId, Step>;
  /** Which write goes first where several could: the one with the smallest. */
  readonly ranks: ReadonlyMap<StepId, number>;
};

/**
 * Puts what an address has into a file. `failed`: why not, in words that do not tell the address; then nothing is left.
 * `rehearsed`: nothing was to be left.
 */
export type KeepExport = (of: {
  readonly name: string;
  readonly url: Secret;
}) => Promise<KeptFile | { readonly failed: string } | "rehearsed">;

export type KeptFile = { readonly file: string; readonly bytes: number };
