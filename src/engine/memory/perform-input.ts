import type { Address, Provider } from "../../core/base/address.ts";
import type { ResolvedValues } from "../../core/compare/comparison.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import type { ValueDelivery } from "../../core/rotation/deliveries.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Reader, Readers } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import { type Problem, ProblemError, problem } from "../../core/base/problem.ts";
import type { Step, StepId } from "../../core/model/plan.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import type { Secret } from "../../core/base/secret.ts";
import type { Writers } from "../../http/client.ts";
import type { World } from "../../world/world.ts";
import type { Sources } from "./resolve.ts";
import type { IntentFacts } from "../../core/run/intent.ts";

/** Everything that a run is given to do its steps with. */
export type PerformInput = {
  /** The id of the run. */
  readonly run: string;
  /** What is shown once and known already, or sealed in the state. */
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  /** A reader that signs in with another value, to prove that a rotated token works. */
  readonly readerAs: (provider: Provider, value: Secret) => Reader;
  /** Decrypts a copy that the state keeps; throws a `ProblemError` when the identity for it is not given. */
  readonly unseal: (sealed: string) => Promise<Secret>;
  /** Encrypts a secret, so that the state can keep a copy. Absent when the file names no recipients. */
  readonly seal?: (secret: Secret) => Promise<string>;
  readonly world: World;
  readonly readers: Readers;
  readonly writers: Writers;
  readonly kinds: Kinds;
  readonly scope: Scope;
  readonly key: DigestKey;
  readonly desired: ReadonlyMap<Address, Desired>;
  /** The live objects that the plan has read. */
  readonly found: ReadonlyMap<Address, Found>;
  /** Where values come from that do not stand in the file. */
  readonly sources: Sources;
  /** The values that the plan compared with what is live. */
  readonly compared: ReadonlyMap<Address, ResolvedValues>;
  /** When the plan read the accounts, in milliseconds since 1970. */
  readonly readAt: number;
  readonly inventory: Inventory;
  /** The file that declares each address; later runs with that file alone may delete the resource. */
  readonly declaring: ReadonlyMap<Address, FileId>;
  /** Tells people at once what is worth knowing while a step goes on; the report has it too. */
  readonly tell?: (problem: Problem) => void;
  /** Downloads the export of a database into a file, before the database is deleted. */
  readonly keepExport: KeepExport;
  /** All steps of the plan. */
  readonly steps: ReadonlyMap<StepId, Step>;
  /** When several writes could be sent, the one with the smallest rank goes first. */
  readonly ranks: ReadonlyMap<StepId, number>;
};

/**
 * Downloads what is at a URL into a file. On failure nothing is left of the file, and `failed` says why, in words that do not
 * repeat the secret URL. `rehearsed`: this is a rehearsal, which writes no file.
 */
export type KeepExport = (of: {
  readonly name: string;
  readonly url: Secret;
}) => Promise<KeptFile | { readonly failed: string } | "rehearsed">;

/** The path and the size of a downloaded file. */
export type KeptFile = { readonly file: string; readonly bytes: number };

/**
 * Called by a step right before its call is sent, with the path as it is sent; resolves when the intent is on disk.
 * `name`: the natural key of what the call is about.
 */
export type Announce = (
  call: IntentFacts & { readonly method: string; readonly path: string; readonly name: string },
) => Promise<void>;

/** The error of a step that could not be done: one problem of severity `error`, about the address that the step is of. */
export function stepFailed(address: Address, code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", code, message, remedy, { address })]);
}
