import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { readIfThere, removeIfThere } from "../file/durable-file.ts";
import type { Lease } from "../base/store.ts";

/** The lock as it stands in the branch. `pushes` is how many times its holder has pushed. */
export type BranchLock = Lease & { readonly pushes: number };

const fileName = "lock.json";

/** The lock in a checkout's folder; `undefined` when it is free. Throws `state-damaged` for a file that is no lock. */
export async function readBranchLock(folder: string): Promise<BranchLock | undefined> {
  const text = await readIfThere(join(folder, fileName));
  if (text === undefined) return undefined;
  const value = parse(text);
  if (
    isObject(value) &&
    isObject(value["holder"]) &&
    typeof value["expires"] === "number" &&
    typeof value["pushes"] === "number"
  ) {
    return value as unknown as BranchLock;
  }
  throw new ProblemError([
    problem(
      "error",
      "state-damaged",
      `${fileName} in the state branch is not a lock of trueup.`,
      "If nobody is at work, remove that file from the branch.",
    ),
  ]);
}

/** Writes the lock into the checkout; `undefined` removes it. A push has to follow. */
export async function writeBranchLock(folder: string, lock: BranchLock | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (!lock) return removeIfThere(join(folder, fileName));
  await writeFile(join(folder, fileName), `${JSON.stringify({ version: 1, ...lock }, null, 2)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
