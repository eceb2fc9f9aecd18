import { readFile } from "node:fs/promises";
import { problem, ProblemError } from "../../../core/base/problem.ts";

/** `undefined` when there is no such file; every other failure is one. */
export async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "EISDIR") throw error;
    const message = `${path} is a folder, and a file is wanted.`;
    throw new ProblemError([
      problem(
        "error",
        "file-not-found",
        message,
        "Name a file in it; -f takes a folder that has YAML files.",
      ),
    ]);
  }
}
