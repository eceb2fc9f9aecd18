import { kindOf, type Address, type KindName } from "../base/address.ts";
import {
  withDeleted,
  withFiles,
  withMade,
  withOwned,
  withoutOwned,
  type Binding,
  type FileRecords,
  type Inventory,
  type Owned,
  type NewObject,
} from "../model/inventory.ts";
import type { Announced } from "./intent.ts";
import {
  withAnnounced,
  withDelivery,
  withDone,
  withFailed,
  withoutFormer,
  withoutJob,
  withoutNewObject,
  withPending,
  withNewObject,
} from "./pending.ts";
import type { StepId } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";
import type { Digest } from "../base/digest.ts";

/** Who started a run, as far as it is known: the user, the machine, and the page of the CI run. */
export type RunBy = { readonly user: string; readonly host: string; readonly url?: string };

/**
 * One line of the journal. `run` is the id of the run, `plan` the hash of its plan, `at` milliseconds since 1970. No line
 * can hold a secret: paths name ids and keys, and values stand as digests.
 *
 *     run-began    before the first write: who, which plan, which files
 *     intent       synced to disk before a call is sent
 *     outcome      after the call was answered
 *     recorded     a step that sent nothing changed the inventory, or a wait came to its end
 *     run-ended    the run came to its end, however that was; missing after a kill
 */
export type JournalEntry =
  | {
      readonly entry: "run-began";
      readonly run: string;
      readonly at: number;
      readonly plan: string;
      readonly commit?: string;
      readonly by?: RunBy;
      /** The files that the run was given, with the commits that it applies. */
      readonly files?: FileRecords;
      /** The accounts that the run works with. The inventory is bound to them at its end, and by this line after a kill. */
      readonly accounts?: Binding;
    }
  | (Announced & {
      readonly entry: "intent";
      readonly run: string;
      readonly kind: KindName;
      /** The natural key, by which a creation without an answer is looked for. */
      readonly name: string;
      readonly method: string;
      readonly path: string;
    })
  | {
      readonly entry: "outcome";
      readonly run: string;
      readonly at: number;
      readonly step: StepId;
      readonly verb: string;
      readonly address: Address;
      readonly result: Outcome;
    }
  | {
      readonly entry: "recorded";
      readonly run: string;
      readonly at: number;
      readonly step: StepId;
      readonly address: Address;
      readonly result: Outcome;
    }
  | {
      readonly entry: "run-ended";
      readonly run: string;
      readonly at: number;
      readonly verdict: "done" | "failed" | "stopped" | "interrupted";
    };

/**
 * What became of a step. `unknown`: its call was sent and no answer came, so only a look at the account can tell. `owned` is
 * the entry of the inventory from now on; `null`: the address is owned no more.
 */
export type Outcome =
  | {
      readonly status: "done";
      readonly owned: Owned | null;
      /** Of a deletion: the id of the deleted object. */
      readonly deleted?: string;
      /** Entries for what the same call made as well, by address. */
      readonly carried?: { readonly [address: Address]: Owned };
      /** A deploy whose answer was lost is found to have begun. */
      readonly deployed?: true;
      /** Id of an object that had stepped aside, and is gone now. */
      readonly gone?: string;
      /** Made to take the place of what is owned. */
      readonly successor?: NewObject;
      /** `false`: its answer showed something once that is still to be delivered; `true`: that has arrived everywhere. */
      readonly delivered?: boolean;
      /** For the report: the step is done, and people should know something about it. */
      readonly warning?: Problem;
    }
  | {
      readonly status: "failed";
      readonly code: string;
      /** The step failed before its call was announced, so what earlier runs left undone stays as it is. */
      readonly unsent?: true;
    }
  | { readonly status: "unknown" };

/**
 * What a step answers to the run that performs it.
 *
 * - `skipped`: there was nothing to write, and nothing was sent. It is not noted in the journal, which tells of writes,
 *   unless `outcome` settles what an earlier run left: a first deploy that was to be cancelled, and never began.
 * - `found`: an earlier run made the object, with values that this run does not know. `outcome` makes it owned, and the step
 *   fails with `problem`: only the next plan can tell whether the object is as the file asks.
 */
export type Performed =
  | Outcome
  | { readonly status: "skipped"; readonly outcome?: Outcome; readonly warning?: Problem }
  | { readonly status: "found"; readonly outcome: Outcome; readonly problem: Problem };

/** The inventory after one more line of the journal: what is owned, and what is undone if the run ends here. */
export function foldEntry(inventory: Inventory, entry: JournalEntry): Inventory {
  switch (entry.entry) {
    case "intent":
      return withAnnounced(inventory, entry);
    case "outcome":
      if (entry.result.status === "failed")
        return entry.result.unsent ? inventory : withFailed(inventory, entry, entry.result.code);
      return foldOutcome(inventory, entry, entry.verb, entry.result);
    case "recorded":
      if (entry.result.status === "failed") return withoutJob(inventory, entry.address);
      return foldOutcome(inventory, entry, "record", entry.result);
    case "run-began":
      return entry.files ? withFiles(inventory, entry.files) : inventory;
    case "run-ended":
      return inventory;
    default:
      return entry satisfies never;
  }
}

/** The inventory after the outcome of a step. */
function foldOutcome(
  before: Inventory,
  { at, address }: { readonly at: number; readonly address: Address },
  verb: string,
  result: Outcome,
): Inventory {
  if (result.status !== "done") return before;
  const { deleted, successor, owned } = result;
  const made = successor?.id ?? (verb === "create" ? owned?.id : undefined);
  const kind = kindOf(address);
  const known = made === undefined ? before : withMade(before, { kind, id: made, at });
  const inventory = deleted === undefined ? known : withDeleted(known, { kind, id: deleted, at });
  if (owned === null) return withPending(withoutOwned(inventory, address), address, {});
  const own = withDone(withOwned(inventory, address, owned), verb, address);
  const carried = Object.entries(result.carried ?? {}) as [Address, Owned][];
  const all = carried.reduce((left, [one, owned]) => withOwned(left, one, owned), own);
  const deployed = result.deployed ? withDone(all, "deploy", address) : all;
  const done: DoneWith = { ...result, owned };
  return foldRotation(foldFormers(deployed, verb, address, done), verb, address, done);
}

/** The outcome of a step after which the address still has an object. */
type DoneWith = Extract<Outcome, { status: "done" }> & { readonly owned: Owned };

/** Takes objects off the list of those that stepped aside: one that is deleted, and one that has the address again. */
function foldFormers(
  inventory: Inventory,
  verb: string,
  address: Address,
  { owned, gone }: DoneWith,
): Inventory {
  const placed = verb === "create" || verb === "record" ? owned.id : undefined;
  return withoutFormer(withoutFormer(inventory, address, placed), address, gone);
}

function foldRotation(
  inventory: Inventory,
  verb: string,
  address: Address,
  { owned, successor, delivered }: DoneWith,
): Inventory {
  const isSettled = verb === "delete" || owned.id === inventory.pending?.[address]?.successor?.id;
  const settled = isSettled ? withoutNewObject(inventory, address) : inventory;
  const told = delivered === undefined ? settled : withDelivery(settled, address, delivered);
  return successor ? withNewObject(told, address, successor) : told;
}

/** The digests of an entry after a write, sorted by key: those of before, with what was written and without what was removed. */
export function mergeFields(
  owned: Pick<Owned, "fields"> | undefined,
  written: { readonly [fieldKey: string]: Digest },
  removed: readonly string[],
): { readonly [fieldKey: string]: Digest } {
  const fields: { [fieldKey: string]: Digest } = { ...owned?.fields, ...written };
  for (const key of removed) delete fields[key];
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
