import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Results } from "./page.ts";

/** What the scripts left in `bench/results`, the matrix apart. */
export async function readResults(folder: string): Promise<Results> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const read = async (name: string): Promise<{ readonly [figure: string]: unknown }> =>
    JSON.parse(await readFile(join(folder, name), "utf8")) as { readonly [figure: string]: unknown };
  const others = names.filter((name) => name !== "matrix.json");
  return {
    matrix: (await read("matrix.json")) as Results["matrix"],
    others: Object.fromEntries(
      await Promise.all(others.map(async (name) => [name.replace(".json", ""), await read(name)] as const)),
    ),
  };
}
