import type { Address, KindName, Provider } from "../base/address.ts";
import type { Millis } from "./budget.ts";
import type { GuardSettings } from "./desired.ts";
import type { StepId } from "./plan.ts";
import type { Digest } from "../base/digest.ts";
import type { FileId, FilePlace } from "./file-identity.ts";

/**
 * One resource that trueup owns, as it was last applied. It holds only ids, keyed digests and names, so that it may lie in a
 * repository. `fields` has a digest for each field key (`plan`, `envVars.PORT`) of the value that was last made equal to the
 * file. An entry of a list in it (`envVars.PORT`) that the file no longer declares is deleted.
 */
export type Owned = {
  readonly kind: KindName;
  /** The API's id of the object. */
  readonly id: string;
  /** The natural key when it was last applied; what is compared with the file's to tell who renamed it. */
  readonly name: string;
  readonly fields: { readonly [fieldKey: string]: Digest };
  /** By field key, where a value of `fields` came from that is not in the file (`sourceOf`). Absent: an older version wrote the entry. */
  readonly sources?: { readonly [fieldKey: string]: string };
  /** What it referred to. Its deletion is ordered by that, once its block is gone. */
  readonly needs: readonly Address[];
  /** It must not be deleted, also once its block is gone. */
  readonly protect: boolean;
  /** Field keys of the values that are not in the file: typed in by a person, or generated. Absent: none. */
  readonly handGiven?: readonly string[];
  /** The file that last declared it, and so the only one that may drop it. Absent: an older version wrote the entry. */
  readonly file?: FileId;
  /**
   * By key of a field that cannot change in place and differed when the file began to say it: the digest of what was
   * live then.
   */
  readonly settled?: { readonly [fieldKey: string]: Digest };
  /**
   * Addresses that it had before it was renamed. A digest is bound to its address, so one that was not noted since then is
   * made for one of these. Absent: none.
   */
  readonly notedAs?: readonly Address[];
} & ShownOnceRecord;

/** What the answer that made an object showed once, by output: keyed digests, and copies that only an age identity opens. */
export type ShownOnceRecord = {
  readonly revealed?: { readonly [output: string]: Digest };
  readonly sealed?: { readonly [output: string]: string };
};

/**
 * The new object of a rotation while the old one is there too. `name`: the name that it has until then. Without an `id`, its
 * creation was announced and it is not known whether it was done.
 */
export type NewObject = ShownOnceRecord & {
  readonly name: string;
  readonly id?: string;
  /** When its creation was announced, in milliseconds since 1970. */
  readonly at?: Millis;
};

/** What a creation asked for in the fields that cannot change in place: digests by field key (`region`). */
export type Asked = { readonly [fieldKey: string]: Digest };

/**
 * A creation that was announced and has no outcome: if an object of its name is there, this made it. `at`: when it was
 * announced, in milliseconds since 1970; 0 where an older version did not note it. `before`: when it was announced the time
 * before, if that has no outcome either. `asks`: by it a later plan tells whether the file has moved since; absent where an
 * older version announced it.
 */
export type Creation = { readonly at: Millis; readonly before?: Millis; readonly asks?: Asked };

/**
 * An old object that stepped aside: it gave its name away to the new one, and is deleted once nothing needs it any more.
 * `name`: the name that it has now, or is about to get.
 */
export type Former = { readonly id: string; readonly name: string };

/**
 * What a run began with one resource and did not finish. The next run takes it up. The names of members are those on disk:
 * `successor` is the new object of a rotation, `besides` the ids of lookalikes.
 */
export type Pending = {
  /** Of a creation: the file that declared it. */
  readonly file?: FileId;
  /** Its creation was announced, and it is not known whether it was done. */
  readonly creation?: Creation;
  /** Ids of the objects that had the same natural key before a creation was sent: trueup made none of these. */
  readonly besides?: readonly string[];
  /** Of a creation: it is to be protected, also when its block is gone. */
  readonly protect?: true;
  /** Its deletion was announced, and it is not known whether it was done: if the object is gone, trueup deleted it. */
  readonly deletion?: true;
  /** It was made, and the value that its answer showed once is not known to have arrived everywhere yet. */
  readonly undelivered?: true;
  readonly successor?: NewObject;
  /** Objects that stepped aside, in that order. The owned one is among them until its new object is there. */
  readonly formers?: readonly Former[];
  /** In memory only: some of `formers` are found to be gone, and the inventory does not know it yet. */
  readonly formersGone?: true;
  /** The API refused a second one beside it, so it can only be replaced with a gap. */
  readonly alone?: true;
  /** Its first deploy lacks variables and is to be cancelled. */
  readonly cancellation?: true;
  /** Steps that take effect only with its next deploy, which is still due. */
  readonly deployFor?: readonly StepId[];
  /** A deploy was announced, and it is not known whether it began. This is the id of the newest one before it (`null`: none). */
  readonly deployAfter?: string | null;
  /** When that deploy was announced: one that began earlier is not it. Absent where an older version noted it. */
  readonly deployAt?: Millis;
  /** Its one-off job was announced, and may or may not have begun. `after`: id of the newest job before it (`null`: none). */
  readonly jobSent?: { readonly after: string | null; readonly at: Millis };
  /** Its one-off job was started, and the deploy that it belongs to is still due. */
  readonly job?: true;
  /** In memory only: a deploy that was announced is found to have begun, and the inventory does not know it yet. */
  readonly deployed?: true;
};

/** A commit. `at`: the committer's date, ISO 8601 in UTC. It tells the older of two commits without their history. */
export type Commit = { readonly id: string; readonly at: string };

/**
 * What is known of a file that declared something here.
 *
 * - `named`: its identity comes from `--file-id`, so its place says nothing.
 * - `beside`: its path from the folder that the state lies in, by which it is known where git cannot be asked.
 * - `commit`: the commit that was last applied, also under a later name.
 * - `with`: all files of the run that was last given it, itself included.
 * - `renamedTo`: git says that the file has this name by now; what it owned belongs to that name.
 */
export type FileRecord = FilePlace & {
  readonly named?: true;
  readonly beside?: string;
  readonly commit?: Commit;
  readonly renamedTo?: FileId;
  readonly with: readonly FileId[];
};
/** Records of all files that declared something here, by identity. */
export type FileRecords = { readonly [id: FileId]: FileRecord };

/**
 * The accounts that a state belongs to. In any other account all that is owned would seem to be gone, so a run against one is
 * refused. A state is bound to an account as soon as it owns or has begun something there: a run that wrote nothing binds
 * nothing.
 *
 * `hosts`: the addresses of the APIs, normalised (`https://api.render.com/v1`): of a gateway, the one that it stands for. None
 * for a simulator, whose state lies apart, and none where an earlier version bound the state.
 */
export type Binding = {
  /** Id of Render's workspace. */
  readonly workspace?: string;
  /** What people call it, as it was when it was last read: shown beside the id, and nothing is decided by it. */
  readonly workspaceName?: string;
  /** Id of the RENDERCAD user. */
  readonly rendercadUser?: string;
  readonly hosts?: { readonly [provider in Provider]?: string };
};

/** What trueup owns in the accounts of one label, and what earlier runs left undone there. */
export type Inventory = Binding & {
  readonly version: 2;
  /** Random, made with the first write; guards against writing over another state's inventory. */
  readonly lineage: string;
  /** Grows by one with every write. */
  readonly serial: number;
  /** Id of the key that the digests were made with. */
  readonly digestKey?: string;
  /** What the file said of guards when an apply last reached its end. Absent: nothing. */
  readonly guards?: GuardSettings;
  readonly resources: { readonly [address: Address]: Owned };
  /** Every file that ever declared something here. */
  readonly files: FileRecords;
  /** Absent when every run ended well. */
  readonly pending?: { readonly [address: Address]: Pending };
  /** By kind and id (`render/service srv-1`), when it was deleted, a short while ago: a list that lags still shows it. */
  readonly deleted?: { readonly [object: string]: Millis };
  /** By kind and id, when it was made, a short while ago: a list that lags does not show it yet. */
  readonly made?: { readonly [object: string]: Millis };
};

/** Stands in place of a digest that was made with another key: something was applied, and it cannot be told what. */
export const unknownDigest: Digest = "unknown";

/** An inventory without its digests, for when the key is another one: only the file and live can be compared then. */
export function forgetDigests(inventory: Inventory): Inventory {
  const forget = ({ revealed: _digests, settled: _live, ...owned }: Owned): Owned => ({
    ...owned,
    fields: Object.fromEntries(Object.keys(owned.fields).map((field) => [field, unknownDigest])),
  });
  const resources = Object.entries(inventory.resources).map(([address, owned]) => [address, forget(owned)]);
  return { ...inventory, resources: Object.fromEntries(resources) as Inventory["resources"] };
}

/** The inventory of a new state. */
export function emptyInventory(lineage: string): Inventory {
  return { version: 2, lineage, serial: 0, resources: {}, files: {} };
}

/** An inventory in which an address is owned. */
export function withOwned(inventory: Inventory, address: Address, owned: Owned): Inventory {
  return { ...inventory, resources: { ...inventory.resources, [address]: owned } };
}

/** An inventory in which an address is owned no more. */
export function withoutOwned(inventory: Inventory, address: Address): Inventory {
  const { [address]: _gone, ...resources } = inventory.resources;
  return { ...inventory, resources };
}

/** Adds the files that a run was given; those of earlier runs stay known. */
export function withFiles(inventory: Inventory, files: FileRecords): Inventory {
  return { ...inventory, files: { ...inventory.files, ...files } };
}

/** How long a list of an API may lag: show what is deleted, and not show what was made. */
const lagsFor: Millis = 15 * 60_000;

type Dated = { readonly kind: KindName; readonly id: string; readonly at: Millis };

/** Notes a deletion, by the object's id, since its address may belong to another object soon. Old notes are dropped. */
export function withDeleted(inventory: Inventory, one: Dated): Inventory {
  return { ...inventory, deleted: withYoung(inventory.deleted, one) };
}

/** Notes a creation, by the object's id, which is deleted no more if it was. Old notes are dropped. */
export function withMade(inventory: Inventory, one: Dated): Inventory {
  const { deleted: all = {}, ...rest } = inventory;
  const { [keyOf(one)]: _again, ...deleted } = all;
  const known = Object.keys(deleted).length === 0 ? rest : { ...rest, deleted };
  return { ...known, made: withYoung(inventory.made, one) };
}

function withYoung(all: { readonly [object: string]: Millis } = {}, one: Dated) {
  const young = Object.entries(all).filter(([, time]) => one.at - time < lagsFor);
  return { ...Object.fromEntries(young), [keyOf(one)]: one.at };
}

function keyOf({ kind, id }: Pick<Dated, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** When a run made an object, if that is so recent that a list may not show it yet. The clock may have been set back since. */
export function madeLately(
  inventory: Inventory,
  { kind, id, now }: { readonly kind: KindName; readonly id: string; readonly now: Millis },
): Millis | undefined {
  const at = inventory.made?.[keyOf({ kind, id })];
  return at !== undefined && Math.abs(now - at) < lagsFor ? at : undefined;
}

/**
 * An inventory without the notes of old deletions. What a list shows later than that is really there, such as a database that
 * Render's support has put back; so its block adopts it instead of making a second one.
 */
export function forgetOldDeletions(inventory: Inventory, now: Millis): Inventory {
  const { deleted, ...rest } = inventory;
  if (!deleted) return inventory;
  const young = Object.entries(deleted).filter(([, at]) => Math.abs(now - at) < lagsFor);
  return young.length === 0 ? rest : { ...rest, deleted: Object.fromEntries(young) };
}

/** Whether a run deleted this object a short while ago, whatever a list shows. */
export function wasDeleted(inventory: Inventory, kind: KindName, id: string): boolean {
  return inventory.deleted?.[keyOf({ kind, id })] !== undefined;
}
