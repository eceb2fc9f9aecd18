import type { BudgetName, Window } from "../../core/model/budget.ts";
import { emptyInventory, forgetDigests, type Inventory } from "../../core/model/inventory.ts";
import { foldJournal } from "../../core/owners/binding.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import { runningWindows } from "../../core/schedule/ledger.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { makeDigestKey, type DigestKey } from "../../core/base/digest.ts";
import type { LockedStore, Store } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";

/** What the state holds when a plan is begun. The inventory in it is that of all files of the label. */
export type Remembered = {
  /** With what the journal of a killed run adds, and without digests that another key made. */
  readonly inventory: Inventory;
  /** Of runs that ended before their time; empty after one that ended. Its entries are in `inventory` already. */
  readonly journal: readonly JournalEntry[];
  /** What digests of values are made with. Of a state without a key it is a fresh one, which only a run that writes keeps. */
  readonly key: DigestKey;
  /** Keeps that fresh key, and answers with what the state has then. */
  readonly makeKey: (locked: LockedStore) => Promise<DigestKey>;
  /** Windows of the accounts' limits that are still running. */
  readonly windows: ReadonlyMap<BudgetName, Window>;
  /** A warning when the digests were made with another key. */
  readonly notes: readonly Problem[];
};

/** Reads the inventory, the journal, the key and the ledger. Writes nothing. */
export async function rememberState(store: Store, deps: Deps): Promise<Remembered> {
  const [stored, journal, key, ledger] = await Promise.all([
    store.inventory(),
    store.journal(),
    store.key(),
    store.ledger(),
  ]);
  // The first write gives it its lineage; until then a plan is the same text each time.
  const inventory = foldJournal(stored ?? emptyInventory(""), journal);
  const windows = runningWindows(ledger, deps.world.now());
  const fresh = deps.world.randomHex(32);
  const makeKey: Remembered["makeKey"] = (locked) => locked.makeKey(fresh);
  const used = key ?? makeDigestKey(fresh);
  const isOtherKey = inventory.digestKey !== undefined && inventory.digestKey !== used.id;
  return {
    inventory: isOtherKey ? forgetDigests(inventory) : inventory,
    journal,
    key: used,
    makeKey,
    windows,
    notes: isOtherKey ? [otherKey()] : [],
  };
}

function otherKey(): Problem {
  return problem(
    "warning",
    "digest-key-changed",
    "The digests of this state were made with another key, so this plan cannot tell what was changed outside the file.",
    "Restore the key (TRUEUP_STATE_KEY, or state/key), or apply: from then on this one counts.",
  );
}
