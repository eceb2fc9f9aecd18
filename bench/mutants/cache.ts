import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What was found out before lies here, and nothing else does. */
const folder = "node_modules/.cache/trueup-mutants";

export async function readCache<T>(root: string, name: string): Promise<T | undefined> {
  const text = await readFile(join(root, folder, name), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export async function writeCache(root: string, name: string, value: unknown): Promise<void> {
  const path = join(root, folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(value));
  await rename(`${path}.new`, path);
}

/** Paths below `test` that end so. */
export async function listTests(root: string, ending: string): Promise<readonly string[]> {
  const names = await readdir(join(root, "test"), { recursive: true });
  return names.filter((name) => name.endsWith(ending)).map((name) => `test/${name}`);
}

/** Of the text without its imports: these change when another file moves, and what the text does is the same as before. */
export async function hashOf(root: string, file: string): Promise<string> {
  const text = await readFile(join(root, file), "utf8");
  const own = text.replaceAll(/^(?:import|export) [^;]*? from "[^"]*";$/gmu, "");
  return createHash("sha256").update(own.trim()).digest("hex").slice(0, 12);
}
