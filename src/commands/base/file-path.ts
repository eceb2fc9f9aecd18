import { basename, dirname, join, relative, sep } from "node:path";
import type { Checkouts } from "./checkout.ts";

/** The path of a file from a folder, with slashes on every system. */
export function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file);
  return sep === "/" ? path : path.split(sep).join("/");
}

/** Links are resolved in the folders; a file that is a link is what it is called. */
export async function realFile(file: string, { realPath }: Pick<Checkouts, "realPath">): Promise<string> {
  return join(await realPath(dirname(file)), basename(file));
}
