import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Source } from "./source.ts";

/** Names of files that are tried, in this order, when a command names none. */
export const defaultFiles = ["trueup.yaml", "render.yaml", "render.yml"] as const;

/**
 * Reads a file for this stage, which has no access to the disk. `undefined`: there is no such file. It throws where
 * the file is there and cannot be read.
 */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

/**
 * The files that a run is about: those that are named, else the first of `defaultFiles` that is there. Throws a
 * `ProblemError` where there is none, or one cannot be read.
 */
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

/** Reads files that an option names. Throws a `ProblemError` where one is not there. */
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
