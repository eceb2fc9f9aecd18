import { resolve } from "node:path";
import { readDesired } from "../file/desired.ts";
import { findSources } from "../file/find.ts";
import { fileKinds } from "../providers/file-kinds.ts";
import type { Validation } from "../views/problems.ts";
import type { Deps } from "./deps.ts";

/** Reads and checks all files, without a network and without a state. Throws only when a file cannot be read. */
export async function runValidate(
  input: { readonly files: readonly string[] },
  deps: Pick<Deps, "folder" | "readFile"> & { readonly world: Pick<Deps["world"], "now"> },
): Promise<Validation> {
  const sources = await findSources(input.files, (name) => deps.readFile(resolve(deps.folder, name)));
  const today = new Date(deps.world.now()).toISOString().slice(0, 10);
  const { state, problems } = readDesired(sources, { kinds: fileKinds, today });
  return { files: sources.map(({ name }) => name), problems, ...(state && { state }) };
}
