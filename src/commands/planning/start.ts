import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { tellLoosened, withStricterGuards } from "../../core/guards/guard-settings.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import { sharedNames } from "../../core/owners/shared-names.ts";
import { kinds } from "../../providers/kinds.ts";
import { keepSecrets } from "../../file/base/keep-secrets.ts";
import type { Store } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import { judgeFiles, type Ownership } from "../files/judge-files.ts";
import { loadState, type Opened } from "../files/load.ts";
import { readGiven, type Given } from "./given.ts";
import type { PlanInput } from "./plan-input.ts";
import { rememberState, type Remembered } from "./remember-state.ts";

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
