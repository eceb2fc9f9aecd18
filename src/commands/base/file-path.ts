import systemPath, { basename, dirname, join } from "node:path";
import type { Checkouts } from "./checkout.ts";

/**
 * The path of a file from a folder, with slashes on every system: a state that Windows wrote is read on Linux. `system`: this
 * one's way to write paths, or in a test another one's.
 */
export function pathFrom(
  folder: string,
  file: string,
  system: Pick<typeof systemPath, "relative" | "sep"> = systemPath,
): string {
  return system.relative(folder, file).split(system.sep).join("/");
}

/** Links are resolved in the folders; a file that is a link is what it is called. */
export async function realFile(file: string, { realPath }: Pick<Checkouts, "realPath">): Promise<string> {
  return join(await realPath(dirname(file)), basename(file));
}
