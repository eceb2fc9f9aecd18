import { dirname, join, resolve } from "node:path";
import type { DesiredState } from "../core/desired.ts";
import { ProblemError } from "../core/problem.ts";
import { readDesired } from "../file/desired.ts";
import { findSources } from "../file/find.ts";
import { fileKinds } from "../providers/file-kinds.ts";
import { openFileStore } from "../store/file-store.ts";
import type { Store } from "../store/store.ts";
import type { Deps } from "./deps.ts";

export type FileInput = {
  /** As given with `-f`; none: the first of the default names that is there. */
  readonly files: readonly string[];
  readonly label?: string;
  readonly repo?: string;
};

/** Reads, checks and normalises all files; throws every problem of theirs at once. */
export async function loadState(input: FileInput, deps: Deps): Promise<DesiredState> {
  const sources = await findSources(input.files, (name) => deps.readFile(resolve(deps.folder, name)));
  const { state, problems } = readDesired(sources, {
    kinds: fileKinds,
    today: new Date(deps.world.now()).toISOString().slice(0, 10),
  });
  if (!state) throw new ProblemError(problems);
  return state;
}

/** `state/` lies beside the first file. */
export function openStore(state: DesiredState, input: FileInput, deps: Deps): Store {
  const first = resolve(deps.folder, state.files[0] ?? "trueup.yaml");
  return openFileStore(join(dirname(first), "state"), input.label ?? "default");
}
