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

/**
 * What a file is known by: its own name, in core, engine and store, where no two have the same, so that a file that moves to another
 * folder keeps its mutants and what is known of them. In providers each kind has its `fields.ts`, and the whole path counts.
 */
export function nameOf(file: string): string {
  return file.replace(/^(src\/(?:core|engine|store)\/)(?:.*\/)?([^/]+)$/u, "$1$2");
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
