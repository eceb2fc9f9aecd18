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
  type Successor,
} from "../model/inventory.ts";
import type { Announced } from "./intent.ts";
import {
  withAnnounced,
  withDelivery,
  withDone,
  withFailed,
  withoutFormer,
  withoutJob,
  withoutSuccessor,
  withPending,
  withSuccessor,
} from "./pending.ts";
import type { StepId } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";
import type { Digest } from "../base/digest.ts";

/** Who runs, as far as it is known: the person or machine, and the page of the CI run. */
export type RunBy = { readonly user: string; readonly host: string; readonly url?: string };

/**
 * One line of the journal. The unit is one HTTP write: `intent` is synced to disk before the call is sent, `outcome`
 * after it was answered. `at` is milliseconds since 1970. Nothing here can hold a secret: paths name ids and keys,
 * values stand as digests.
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
      /** What the inventory is bound to when it ends: a run that is killed before that has said it here. */
      readonly accounts?: Binding;
    }
  | (Announced & {
      readonly entry: "intent";
      readonly run: string;
      readonly kind: KindName;
      /** Natural key: what a lost create is looked up by. */
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

/** `unknown`: sent, and no answer came; only a look at the account can tell. */
export type Outcome =
  | {
      readonly status: "done";
      readonly owned: Owned | null;
      /** Of a deletion: the id of what is gone. */
      readonly deleted?: string;
      /** What the same call made as well. */
      readonly carried?: { readonly [address: Address]: Owned };
      /** A deploy whose answer was lost is found to have begun. */
      readonly deployed?: true;
      /** Id of one that had stepped aside, and is gone. */
      readonly gone?: string;
      /** Made to take the place of what is owned. */
      readonly successor?: Successor;
      /** `false`: its answer showed something once that is still to be delivered; `true`: that has arrived everywhere. */
      readonly delivered?: boolean;
      /** Done, and people should know something about it; for the report. */
      readonly warning?: Problem;
    }
  | {
      readonly status: "failed";
      readonly code: string;
      /** It failed before its call was announced: what earlier runs left stays as it is. */
      readonly unsent?: true;
    }
  | { readonly status: "unknown" };

/**
 * What became of a step's work. `skipped`: there was nothing to write, and nothing was sent. The journal, which tells of
 * writes, does not hear of it, unless `outcome` settles what an earlier run left: a first deploy to cancel that never was.
 * `found`: an earlier run made it, with values that this one does not know. It is ours by `outcome`, and the step has failed
 * by `problem`: only the next plan can tell whether it is as the file asks.
 */
export type Performed =
  | Outcome
  | { readonly status: "skipped"; readonly outcome?: Outcome; readonly warning?: Problem }
  | { readonly status: "found"; readonly outcome: Outcome; readonly problem: Problem };

/** The inventory after a line of the journal: what is owned, and what a run that ends here leaves undone. */
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

/** `owned: null` means the address is no longer ours. */
function foldOutcome(
  before: Inventory,
  { at, address }: { readonly at: number; readonly address: Address },
  verb: string,
  result: Outcome,
): Inventory {
  if (result.status !== "done") return before;
  const { deleted, successor } = result;
  const made = successor?.id ?? (verb === "create" ? result.owned?.id : undefined);
  const kind = kindOf(address);
  const known = made === undefined ? before : withMade(before, { kind, id: made, at });
  const inventory = deleted === undefined ? known : withDeleted(known, { kind, id: deleted, at });
  if (result.owned === null) return withPending(withoutOwned(inventory, address), address, {});
  const own = withDone(withOwned(inventory, address, result.owned), verb, address);
  const carried = Object.entries(result.carried ?? {}) as [Address, Owned][];
  const all = carried.reduce((left, [one, owned]) => withOwned(left, one, owned), own);
  const deployed = result.deployed ? withDone(all, "deploy", address) : all;
  return foldHandOver(foldFormers(deployed, verb, address, result), verb, address, result);
}

/** One that is made or noted as owned has its place; one that only steps aside has it until then. */
function foldFormers(
  inventory: Inventory,
  verb: string,
  address: Address,
  { owned, gone }: Extract<Outcome, { status: "done" }>,
): Inventory {
  const placed = verb === "create" || verb === "record" ? owned?.id : undefined;
  return withoutFormer(withoutFormer(inventory, address, placed), address, gone);
}

function foldHandOver(
  inventory: Inventory,
  verb: string,
  address: Address,
  { owned, successor, delivered }: Extract<Outcome, { status: "done" }>,
): Inventory {
  const isSettled = verb === "delete" || owned?.id === inventory.pending?.[address]?.successor?.id;
  const settled = isSettled ? withoutSuccessor(inventory, address) : inventory;
  const told = delivered === undefined ? settled : withDelivery(settled, address, delivered);
  return successor ? withSuccessor(told, address, successor) : told;
}

export function mergeFields(
  owned: Pick<Owned, "fields"> | undefined,
  written: { readonly [fieldKey: string]: Digest },
  removed: readonly string[],
): { readonly [fieldKey: string]: Digest } {
  const fields: { [fieldKey: string]: Digest } = { ...owned?.fields, ...written };
  for (const key of removed) delete fields[key];
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
