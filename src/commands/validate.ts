import type { Validation } from "../views/problems.ts";
import { readFiles, type FileNames } from "./read-files.ts";

/** Reads and checks all files, without a network and without a state. Throws only when a file cannot be read. */
export async function runValidate(
  input: FileNames,
  deps: Parameters<typeof readFiles>[1],
): Promise<Validation> {
  const { state, problems, names } = await readFiles(input, deps);
  return { files: names, problems, ...(state && { state }) };
}
