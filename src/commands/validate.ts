import { expandGiven } from "../core/planning/given-addresses.ts";
import type { DesiredState } from "../core/model/desired.ts";
import type { Validation } from "../views/base/problems.ts";
import type { Deps } from "./base/deps.ts";
import { checkLabel } from "./base/label.ts";
import { readFiles, type FileNames } from "./files/read-files.ts";

/** Reads and checks all files, without a network and without a state. Throws only when a file cannot be read. */
export async function runValidate(
  input: FileNames & {
    readonly strictValues?: boolean;
    readonly label?: string;
    /** Addresses and globs by the flag that they were given with; each has to fit something. */
    readonly selection?: { readonly [flag: string]: readonly string[] };
  },
  deps: Parameters<typeof readFiles>[1] & Partial<Pick<Deps, "environment">>,
): Promise<Validation> {
  if (input.label !== undefined) checkLabel(input.label);
  const { state, problems, names } = await readFiles(input, deps);
  const { environment } = deps;
  const known = { now: state?.resources.map(({ address }) => address) ?? [], before: new Set<string>() };
  const unfit = Object.entries(state ? (input.selection ?? {}) : {}).flatMap(
    ([flag, texts]) => expandGiven(flag, texts, known).problems,
  );
  const remarks =
    state && environment && hasOutsideSources(state)
      ? await (
          await import("./planning/remark-sources.ts")
        ).remarkSources(state, { ...deps, environment }, input.strictValues === true)
      : [];
  return { files: names, problems: [...problems, ...unfit, ...remarks], ...(state && { state }) };
}

/** Only then the sources are loaded: most files have none, and are checked faster without. */
function hasOutsideSources({ resources }: DesiredState): boolean {
  return /"from":"(?:environment|file)"/u.test(JSON.stringify(resources.map(({ spec }) => spec)));
}
