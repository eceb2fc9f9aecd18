import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Source } from "./source.ts";

/** Tried in this order when no file is named. */
export const defaultFiles = ["trueup.yaml", "render.yaml", "render.yml"] as const;

/** Reads a file as the shell does; `undefined`: there is none. Throws when it is there and cannot be read. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

/** The files a run is about: those named, else the first default name there is. Throws a `ProblemError`. */
export async function findSources(named: readonly string[], readFile: ReadFile): Promise<readonly Source[]> {
  if (named.length > 0) return readSources(named, readFile, "-f");
  for (const name of defaultFiles) {
    const bytes = await readFile(name);
    if (bytes) return [{ name, text: decode(name, bytes) }];
  }
  throw new ProblemError([
    problem(
      "error",
      "file-not-found",
      `This folder has none of ${defaultFiles.join(", ")}.`,
      "Name a file with -f, or start one with `trueup init`.",
    ),
  ]);
}

/** Files that an option names, each of which has to be there. Throws a `ProblemError`. */
export function readSources(
  named: readonly string[],
  readFile: ReadFile,
  option: "-f" | "--overlay",
): Promise<readonly Source[]> {
  return Promise.all(named.map((name) => readNamed(name, readFile, option)));
}

async function readNamed(name: string, readFile: ReadFile, option: string): Promise<Source> {
  const bytes = await readFile(name);
  if (bytes) return { name, text: decode(name, bytes) };
  throw new ProblemError([
    problem("error", "file-not-found", `There is no file ${name}.`, `Check the path given with ${option}.`),
  ]);
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ProblemError(
      [problem("error", "file-not-readable", `${name} is not UTF-8 text.`, "Save it as UTF-8.")],
      { cause: error },
    );
  }
}
