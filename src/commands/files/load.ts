import { dirname, join, resolve } from "node:path";
import type { KindName } from "../../core/base/address.ts";
import type { DesiredState, StateSettings } from "../../core/model/desired.ts";
import { emptyInventory } from "../../core/model/inventory.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { openFileStore } from "../../store/file/file-store.ts";
import { openGitStore } from "../../store/git/git-store.ts";
import { simulatorFolder } from "../../store/partition/partition-folder.ts";
import { openStateFolder, type StateFolder } from "../../store/file/state-folder.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Sources } from "../../engine/memory/resolve.ts";
import type { Store } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import { checkLabel } from "../base/label.ts";
import { readFiles, type FileNames } from "./read-files.ts";
import { stateWithout } from "../accounts/without-file.ts";
import { providersOf } from "../accounts/connect.ts";
import { findStands } from "../accounts/stand.ts";

/** Which file, and which state of it. */
export type FileInput = FileNames & {
  readonly label?: string;
  readonly repo?: string;
  /** `--file-id`: what the one file is known by, instead of its place. */
  readonly fileId?: string;
  /** Where the state lies, for files that do not say it. */
  readonly chosenState?: StateSettings;
};

/** Reads, checks and normalises all files; throws every problem of theirs at once. */
export async function loadState(input: FileInput, deps: Deps): Promise<DesiredState> {
  const { state, problems } = await readFiles(input, deps);
  if (!state) throw new ProblemError(problems);
  const { chosenState } = input;
  if (!chosenState || state.settings.state) return state;
  return { ...state, settings: { ...state.settings, state: chosenState } };
}

/** A file that was read, and the state that it names. */
export type Opened = {
  readonly state: DesiredState;
  readonly store: Store;
  /** Which simulator the accounts are of; absent: of none. */
  readonly simulator?: string;
  /** Instead of those that the environment and the files have: a rehearsal's. */
  readonly sources?: Sources;
};

/** Reads the file and opens its state, without reading that yet. Throws a `ProblemError` with all problems of the file. */
export async function openState(input: FileInput, deps: Deps): Promise<Opened> {
  const state = await loadState(input, deps);
  const store = await openStore(state, input, deps);
  const simulator = await simulatorFor(state, deps);
  return { state, store, ...(simulator !== undefined && { simulator }) };
}

/**
 * The state alone, for commands that only look at it: without `-f` and without a file of a usual name, the folder `state/` that
 * is here will do.
 */
export async function openStateAlone(input: FileInput, deps: Deps): Promise<Pick<Opened, "state" | "store">> {
  const isHere = input.files.length === 0 && (await deps.checkouts.exists(join(deps.folder, "state")));
  return openState(input, deps).catch(async (error: unknown) => {
    const hasNoFile =
      error instanceof ProblemError && error.problems.every(({ code }) => code === "file-not-found");
    if (!isHere || !hasNoFile) throw error;
    const state = stateWithout(undefined);
    return { state, store: await openStore(state, input, deps) };
  });
}

/** Names one desired state: `--label`, else `state.name`, else `default`. Throws for what cannot name one. */
export function labelOf(state: DesiredState, input: FileInput): string {
  return checkLabel(input.label ?? state.settings.state?.name ?? "default");
}

/** The state that the file names: a folder beside the first file, or a branch of the repository which that file is in. */
export async function openStore(state: DesiredState, input: FileInput, deps: Deps): Promise<Store> {
  const store = openNamedStore(state, input, deps, await simulatorFor(state, deps));
  return deps.wrapStore?.(store) ?? store;
}

/** What paths of files that are in no repository start from: the folder that the state lies in. */
export function homeOfState({ files, settings }: DesiredState, { folder }: Pick<Deps, "folder">): string {
  const beside = folderOfFirst(files, folder);
  const { backend = "file", path } = settings.state ?? {};
  return backend === "file" && path !== undefined ? dirname(resolve(beside, path)) : beside;
}

function folderOfFirst(files: readonly string[], folder: string): string {
  return dirname(resolve(folder, files[0] ?? "trueup.yaml"));
}

/** The simulator that the accounts of the file are in; of a file that declares nothing, those of any state. */
async function simulatorFor(state: DesiredState, deps: Deps): Promise<string | undefined> {
  const isEmpty = state.resources.length + state.targets.length === 0;
  const providers = isEmpty ? (["render", "rendercad"] as const) : providersOf(state, emptyInventory(""));
  return (await findStands(deps, providers)).simulator;
}

function openNamedStore(state: DesiredState, input: FileInput, deps: Deps, simulator?: string): Store {
  const folder = folderOfFirst(state.files, deps.folder);
  const { backend = "file", path, branch } = state.settings.state ?? {};
  const label = labelOf(state, input);
  const { world, environment } = deps;
  const given = environment["TRUEUP_STATE_KEY"];
  const key = given === undefined || given === "" ? {} : { key: given };
  const options = { world, ...key, knowsKind: (kind: KindName) => kinds.has(kind) };
  switch (backend) {
    case "file":
      return openFileStore(stateFolder(resolve(folder, path ?? "state"), folder, simulator), label, options);
    case "git":
      return openGitStore({
        ...options,
        ...(simulator !== undefined && { simulator }),
        folder,
        label,
        environment,
        ...(branch !== undefined && { branch }),
        ...(path !== undefined && { path }),
      });
    default:
      return backend satisfies never;
  }
}

/** State of a simulator lies apart from that of the real accounts, and git does not see it. */
function stateFolder(path: string, beside: string, simulator: string | undefined): StateFolder {
  return simulator === undefined
    ? openStateFolder(path, beside)
    : openStateFolder(join(path, simulatorFolder, simulator), beside, { isScratch: true });
}
