import type { Address, KindName, Provider } from "../base/address.ts";
import type { Millis } from "./budget.ts";
import type { GuardSettings } from "./desired.ts";
import type { StepId } from "./plan.ts";
import type { Digest } from "../base/digest.ts";
import type { FileId, FilePlace } from "./file-identity.ts";

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
  /** Field keys whose values nobody can give again from the file: typed in, or made once. Absent: none. */
  readonly handGiven?: readonly string[];
  /** The file that last declared it, and so the only one that may drop it. Absent: written before that was kept. */
  readonly file?: FileId;
  /** What could not change when it was adopted, with the digest of what was live then. */
  readonly settled?: { readonly [fieldKey: string]: Digest };
} & Revealed;

/** What the answer that made an object showed once, by output: keyed digests, and copies that only an age identity opens. */
export type Revealed = {
  readonly revealed?: { readonly [output: string]: Digest };
  readonly sealed?: { readonly [output: string]: string };
};

/**
 * What is made to take another's place while both are there. `name`: the one it has until then; without an `id` its
 * creation was sent, and nobody knows whether it was done.
 */
export type Successor = Revealed & {
  readonly name: string;
  readonly id?: string;
  /** When its creation was announced, in milliseconds since 1970. */
  readonly at?: Millis;
};

/**
 * A creation that was announced and that nobody heard the end of: an object of its name is ours. `at`: when, in milliseconds
 * since 1970; 0 where an older version did not note it. `before`: when it was announced the time before, if that one
 * was lost as well.
 */
export type Creation = { readonly at: Millis; readonly before?: Millis };

/**
 * What gives its name away to the one that takes its place, and is deleted once nothing needs it any more. `name`: the one that
 * it has by then, or is about to get.
 */
export type Former = { readonly id: string; readonly name: string };

/** What a run began with one resource and did not finish. The next run takes it up. */
export type Pending = {
  /** Of a creation: the file that declared it. */
  readonly file?: FileId;
  /** Its creation was sent, and nobody knows whether it was done. */
  readonly creation?: Creation;
  /** Ids of what had the same natural key before a creation was sent: none of these is ours. */
  readonly besides?: readonly string[];
  /** Of a creation: it is to be protected, also when its block is gone. */
  readonly protect?: true;
  /** Its deletion was sent, and nobody knows whether it was done: should it be gone, that was us. */
  readonly deletion?: true;
  /** It was made, and what its answer showed once is not known to be everywhere yet. */
  readonly undelivered?: true;
  readonly successor?: Successor;
  /**
   * In the order in which they stepped aside. The one that is owned is among them until another one is there in its place.
   */
  readonly formers?: readonly Former[];
  /** In memory only: some of `formers` are found to be gone, which is still to be noted. */
  readonly formersGone?: true;
  /** Its API refused a second one beside it: it can only be replaced with a gap. */
  readonly alone?: true;
  /** Its first deploy lacks variables and is to be cancelled. */
  readonly cancellation?: true;
  /** Steps that take effect with its next deploy only, and that deploy is still due. */
  readonly deployFor?: readonly StepId[];
  /** A deploy was sent, and nobody knows whether it began: id of the newest one before that, `null` without any. */
  readonly deployAfter?: string | null;
  /** When that was announced: what was begun before is not the one that was asked for. Absent where an older version noted it. */
  readonly deployAt?: Millis;
  /** Its one-off job was sent, when, and nobody knows whether it began: id of the newest job before it, `null` without any. */
  readonly jobSent?: { readonly after: string | null; readonly at: Millis };
  /** Its one-off job was started, and the deploy that it belongs to is still due. */
  readonly job?: true;
  /** In memory only: the deploy that was sent is found to have begun, which is still to be noted. */
  readonly deployed?: true;
};

/** `at`: the committer's date, ISO 8601 in UTC: what tells the older of two commits where their history is not at hand. */
export type Commit = { readonly id: string; readonly at: string };

/**
 * One file of those that declared something here. `named`: by `--file-id`, so its place says nothing. `beside`: its path
 * from the folder that the state lies in, by which it is known where git cannot be asked. `commit`: the one last applied,
 * also under a later name. `with`: all files of the run that was last given it, itself included. `renamedTo`: git says that
 * it has another name by now; what it owned is that one's.
 */
export type FileRecord = FilePlace & {
  readonly named?: true;
  readonly beside?: string;
  readonly commit?: Commit;
  readonly renamedTo?: FileId;
  readonly with: readonly FileId[];
};
export type FileRecords = { readonly [id: FileId]: FileRecord };

/**
 * Whose accounts a state belongs to. What is owned would look as if it were gone from any other account, so a run against
 * another one is refused. A state is bound to an account with the first thing that it owns or has begun there: a run that
 * wrote nothing binds nothing.
 *
 * `hosts`: the addresses of the APIs, normalised (`https://api.render.com/v1`): of a gateway, the one that it stands for. None
 * for a simulator, whose state lies apart, and none where an earlier version bound the state.
 */
export type Binding = {
  /** Id of Render's workspace. */
  readonly workspace?: string;
  /** Id of the RENDERCAD user. */
  readonly rendercadUser?: string;
  readonly hosts?: { readonly [provider in Provider]?: string };
};

export type Inventory = Binding & {
  readonly version: 2;
  /** Random, made with the first write; guards against writing over another state's inventory. */
  readonly lineage: string;
  /** Grows by one with every write. */
  readonly serial: number;
  /** Id of the key the digests were made with. */
  readonly digestKey?: string;
  /** What the last apply that reached its end found said of guards. Absent: nothing was. */
  readonly guards?: GuardSettings;
  readonly resources: { readonly [address: Address]: Owned };
  readonly files: FileRecords;
  /** Absent when every run ended well. */
  readonly pending?: { readonly [address: Address]: Pending };
  /** What was deleted a short while ago, and when, by kind and id: a list that lags still shows it. */
  readonly deleted?: { readonly [object: string]: Millis };
  /** What was made a short while ago, and when, by kind and id: a list that lags does not show it yet. */
  readonly made?: { readonly [object: string]: Millis };
};

/** Stands for a digest that was made with another key: something was applied, and nobody can tell what. */
export const unknownDigest: Digest = "unknown";

/** What is owned, without what was last applied: under another key only live and the file can be compared. */
export function forgetDigests(inventory: Inventory): Inventory {
  const forget = ({ revealed: _digests, settled: _live, ...owned }: Owned): Owned => ({
    ...owned,
    fields: Object.fromEntries(Object.keys(owned.fields).map((field) => [field, unknownDigest])),
  });
  const resources = Object.entries(inventory.resources).map(([address, owned]) => [address, forget(owned)]);
  return { ...inventory, resources: Object.fromEntries(resources) as Inventory["resources"] };
}

export function emptyInventory(lineage: string): Inventory {
  return { version: 2, lineage, serial: 0, resources: {}, files: {} };
}

export function withOwned(inventory: Inventory, address: Address, owned: Owned): Inventory {
  return { ...inventory, resources: { ...inventory.resources, [address]: owned } };
}

export function withoutOwned(inventory: Inventory, address: Address): Inventory {
  const { [address]: _gone, ...resources } = inventory.resources;
  return { ...inventory, resources };
}

/** Files as a run was given them; those of earlier runs stay known. */
export function withFiles(inventory: Inventory, files: FileRecords): Inventory {
  return { ...inventory, files: { ...inventory.files, ...files } };
}

/** How long a list may go on showing what is gone, and not show what was made. */
const lagsFor: Millis = 15 * 60_000;

type Dated = { readonly kind: KindName; readonly id: string; readonly at: Millis };

/** Notes what was deleted, by its id: an address may be another object's by then. What was deleted long ago is forgotten. */
export function withDeleted(inventory: Inventory, one: Dated): Inventory {
  return { ...inventory, deleted: withYoung(inventory.deleted, one) };
}

/** Likewise what was made. */
export function withMade(inventory: Inventory, one: Dated): Inventory {
  return { ...inventory, made: withYoung(inventory.made, one) };
}

function withYoung(all: { readonly [object: string]: Millis } = {}, { kind, id, at }: Dated) {
  const young = Object.entries(all).filter(([, time]) => at - time < lagsFor);
  return { ...Object.fromEntries(young), [`${kind} ${id}`]: at };
}

/** When it was made by a run, if that is so short a while ago that a list may not show it. A clock may have been set back since. */
export function madeLately(
  inventory: Inventory,
  { kind, id, now }: { readonly kind: KindName; readonly id: string; readonly now: Millis },
): Millis | undefined {
  const at = inventory.made?.[`${kind} ${id}`];
  return at !== undefined && Math.abs(now - at) < lagsFor ? at : undefined;
}

/**
 * Without what was deleted long ago: what a list shows by then is there, as a database that Render's support has put back. Its
 * block, put back too, adopts it instead of making a second one.
 */
export function forgetOldDeletions(inventory: Inventory, now: Millis): Inventory {
  const { deleted, ...rest } = inventory;
  if (!deleted) return inventory;
  const young = Object.entries(deleted).filter(([, at]) => Math.abs(now - at) < lagsFor);
  return young.length === 0 ? rest : { ...rest, deleted: Object.fromEntries(young) };
}

/** Whether it was deleted by a run, whatever a list says. */
export function wasDeleted(inventory: Inventory, kind: KindName, id: string): boolean {
  return inventory.deleted?.[`${kind} ${id}`] !== undefined;
}
