import type { DesiredState } from "../core/model/desired.ts";
import type { Validation } from "../views/base/problems.ts";
import type { Deps } from "./base/deps.ts";
import { readFiles, type FileNames } from "./files/read-files.ts";

/** Reads and checks all files, without a network and without a state. Throws only when a file cannot be read. */
export async function runValidate(
  input: FileNames & { readonly strictValues?: boolean },
  deps: Parameters<typeof readFiles>[1] & Partial<Pick<Deps, "environment">>,
): Promise<Validation> {
  const { state, problems, names } = await readFiles(input, deps);
  const { environment } = deps;
  const remarks =
    state && environment && hasOutsideSources(state)
      ? await (
          await import("./planning/remark-sources.ts")
        ).remarkSources(state, { ...deps, environment }, input.strictValues === true)
      : [];
  return { files: names, problems: [...problems, ...remarks], ...(state && { state }) };
}

/** Only then the sources are loaded: most files have none, and are checked faster without. */
function hasOutsideSources({ resources }: DesiredState): boolean {
  return /"from":"(?:environment|file)"/u.test(JSON.stringify(resources.map(({ spec }) => spec)));
}
