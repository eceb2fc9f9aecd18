import { resolve } from "node:path";
import { readDesired, type FileResult } from "../../file/blocks/desired.ts";
import { findSources, readSources } from "../../file/base/find.ts";
import { fileKinds } from "../../providers/file-kinds.ts";
import type { Deps } from "../base/deps.ts";

/** Names of files as they were typed, relative to the folder of the run. */
export type FileNames = {
  /** As given with `-f`; none: the first of the default names that is there. */
  readonly files: readonly string[];
  /** As given with `--overlay`, in their order. */
  readonly overlays?: readonly string[];
  /** Names that files which are not given have in other environments. */
  readonly shared?: ReadonlySet<string>;
};

/** What the files say and what is wrong with them; throws only when one cannot be read. `names`: overlays last. */
export async function readFiles(
  input: FileNames,
  deps: Pick<Deps, "folder" | "readFile"> & { readonly world: Pick<Deps["world"], "now"> },
): Promise<FileResult & { readonly names: readonly string[] }> {
  const read = (name: string): Promise<Uint8Array | undefined> => deps.readFile(resolve(deps.folder, name));
  const sources = await findSources(input.files, read);
  const overlays = await readSources(input.overlays ?? [], read, "--overlay");
  const today = new Date(deps.world.now()).toISOString().slice(0, 10);
  const { shared } = input;
  const result = readDesired(sources, { kinds: fileKinds, today, overlays, ...(shared && { shared }) });
  return { ...result, names: [...sources, ...overlays].map(({ name }) => name) };
}
