import type { Address } from "../../core/base/address.ts";
import type { Millis, BudgetName, Window } from "../../core/model/budget.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { tellLoosened, withStricterGuards } from "../../core/guards/guard-settings.ts";
import { type Inventory, emptyInventory, forgetDigests } from "../../core/model/inventory.ts";
import { sharedNames } from "../../core/owners/shared-names.ts";
import { kinds } from "../../providers/kinds.ts";
import { keepSecrets } from "../../file/base/keep-secrets.ts";
import type { Store, LockedStore } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import { judgeFiles, type Ownership } from "../files/judge-files.ts";
import { loadState, type Opened } from "../files/load.ts";
import { readGiven, type Given } from "./given.ts";
import type { PlanInput } from "./plan-input.ts";
import { foldJournal } from "../../core/owners/binding.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import { runningWindows } from "../../core/schedule/ledger.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { makeDigestKey, type DigestKey } from "../../core/base/digest.ts";

/** What the state holds when a plan is begun. The inventory in it is that of all files of the label. */
type Remembered = {
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

/** What a plan starts from: all that is known before an account is asked for anything. */
export type Start = {
  readonly input: PlanInput;
  /** The file as this run takes it: without what `destroy` takes away, and with the guards that the last apply noted. */
  readonly state: DesiredState;
  readonly store: Store;
  readonly remembered: Remembered;
  readonly given: Given;
  /** Whose file each entry of the inventory is. What other files own stays untouched. */
  readonly ownership: Ownership;
  /** Milliseconds since 1970. What the accounts answer is not older than this. */
  readonly readAt: Millis;
};

/** Brings the file, the state and the command line together. Throws a `ProblemError` when the state cannot be read. */
export async function prepareStart(input: PlanInput, opened: Opened, deps: Deps): Promise<Start> {
  const readAt = deps.world.now();
  const remembered = await rememberState(opened.store, deps);
  const alone = await judgeLoaded(input, opened, remembered, deps);
  const shared = sharedNames(opened.state.resources, alone.ownership, kinds);
  // Read once more, with the addresses that these names have beside those of files which were not given.
  const together = async () => ({ ...opened, state: await loadState({ ...input, shared }, deps) });
  const judged = shared.size === 0 ? alone : await judgeLoaded(input, await together(), remembered, deps);
  return { input, store: opened.store, remembered, readAt, ...judged };
}

async function judgeLoaded(
  input: PlanInput,
  { state: loaded, store }: Pick<Opened, "state" | "store">,
  { inventory }: Remembered,
  deps: Deps,
): Promise<Pick<Start, "state" | "given" | "ownership">> {
  const given = await readGiven(input, loaded, inventory, store);
  const state = withNotedGuards(withoutDestroyed(loaded, given.destroys), inventory);
  const ownership = await judgeFiles(
    {
      overlays: input.overlays,
      fileId: input.fileId,
      allowOlder: given.overrides.allowOlder,
      state,
      loaded,
      typed: typedAddresses(input),
      stored: inventory,
    },
    deps,
  );
  return { state, given, ownership };
}

/** Addresses and globs of the command line that say what the run is about. Those that answer a refusal are not among them. */
function typedAddresses({ destroys = [], rotates = [], targets }: PlanInput): readonly string[] {
  return [...(destroys === "all" ? [] : destroys), ...rotates, ...targets];
}

function withoutDestroyed(state: DesiredState, destroys: Given["destroys"]): DesiredState {
  if (destroys === undefined) return state;
  const goes = (address: Address): boolean => destroys === "all" || destroys.includes(address);
  return {
    ...state,
    resources: state.resources.filter((one) => !goes(one.address)),
    targets: destroys === "all" ? [] : state.targets,
  };
}

/** The stricter of what the file says and what the last apply noted, so that one commit cannot loosen a guard and use it. */
function withNotedGuards(state: DesiredState, inventory: Inventory): DesiredState {
  const settings = withStricterGuards(state.settings, inventory);
  const problems = [...state.problems, ...tellLoosened(state, inventory)];
  return keepSecrets({ ...state, settings, problems }, inventory);
}

/** Reads the inventory, the journal, the key and the ledger. Writes nothing. */
async function rememberState(store: Store, deps: Deps): Promise<Remembered> {
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
