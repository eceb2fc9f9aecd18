import { problem, ProblemError } from "../../core/base/problem.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import { sameSecret } from "../../core/base/secret.ts";
import { hasGuardsToNote, noteGuards } from "../../core/guards/guard-settings.ts";
import { withFiles, type Inventory } from "../../core/model/inventory.ts";
import type { LockedStore } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import type { Planned } from "../planning/plan-account.ts";

/** The inventory that a run begins with: what this run's files own, with its lineage, its key and its files. */
export function ownInventory({ start, account }: Planned, key: DigestKey, deps: Deps): Inventory {
  const { inventory } = account;
  const lineage = inventory.lineage || deps.world.randomHex(8);
  return withFiles({ ...inventory, lineage, digestKey: key.id }, start.ownership.files);
}

/** Whether the file says something else of guards than the last apply noted. A `destroy` notes nothing of that. */
export function hasUnnotedGuards({ start, account }: Planned): boolean {
  return start.input.destroys === undefined && hasGuardsToNote(account.inventory, start.state);
}

/** The inventory with what the file says of guards. That is noted at the end of an apply and at no other time. */
export function withGuards(inventory: Inventory, { start }: Planned, isEnd: boolean): Inventory {
  return isEnd && start.input.destroys === undefined ? noteGuards(inventory, start.state) : inventory;
}

/** Throws `state-moved` when another run has written to the state since it was read: the plan was made from what was there before. */
export async function refuseIfMoved({ start, account }: Planned): Promise<void> {
  const { store, remembered } = start;
  const { lineage, serial } = account.inventory;
  const [stored, journal] = await Promise.all([store.inventory(), store.journal()]);
  const isSame = stored === undefined || (stored.lineage === lineage && stored.serial === serial);
  if (isSame && journal.length === remembered.journal.length) return;
  throw stateMoved();
}

/** The key that the plan was made with. The first write of a state keeps it: the digests of the plan were made with it. */
export async function keyFor({ start }: Planned, locked: LockedStore): Promise<DigestKey> {
  const { store, remembered } = start;
  const kept = await store.key();
  if (!kept) return remembered.makeKey(locked);
  if (!sameSecret(kept.secret, remembered.key.secret)) throw stateMoved();
  return kept;
}

function stateMoved(): ProblemError {
  return new ProblemError([
    problem("error", "state-moved", "Another run changed the state after this plan was made.", "Run again."),
  ]);
}
