import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Every source, as a path from the root. */
export async function listFiles(root: string): Promise<readonly string[]> {
  const names = await readdir(join(root, "src"), { recursive: true });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `src/${name}`)
    .sort();
}

/** Whether a path fits one of the globs: `*` is anything within a folder, `**` any folders. */
export function fitsGlob(globs: readonly string[], file: string): boolean {
  return globs.some((glob) => {
    const parts = glob.split(/(\*\*\/?|\*)/u).map(part);
    return new RegExp(`^${parts.join("")}$`, "u").test(file);
  });
}

function part(text: string): string {
  if (text.startsWith("**")) return "(?:.*/)?";
  return text === "*" ? "[^/]*" : text.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`);
}
