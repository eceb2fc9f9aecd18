import type { BudgetName, Window } from "../../core/model/budget.ts";
import { emptyInventory, forgetDigests, type Inventory } from "../../core/model/inventory.ts";
import { foldJournal } from "../../core/owners/binding.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import { runningWindows } from "../../core/schedule/ledger.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { makeDigestKey, type DigestKey } from "../../core/base/digest.ts";
import type { Store } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import type { Planned } from "./planned.ts";

/** Inventory with what the journal of a killed run adds. A plan without a key uses a fresh one, which only a run keeps. */
export async function rememberState(
  store: Store,
  deps: Deps,
): Promise<{
  readonly inventory: Inventory;
  readonly journal: readonly JournalEntry[];
  readonly key: DigestKey;
  readonly makeKey: Planned["makeKey"];
  readonly windows: ReadonlyMap<BudgetName, Window>;
  readonly notes: readonly Problem[];
}> {
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
  const makeKey: Planned["makeKey"] = (locked) => locked.makeKey(fresh);
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
