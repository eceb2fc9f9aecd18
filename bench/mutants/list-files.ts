import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Sources that fit one of the globs: `*` is anything within a folder, `**` any folders. */
export async function listFiles(root: string, globs: readonly string[]): Promise<readonly string[]> {
  const fits = globs.map(
    (glob) =>
      new RegExp(
        `^${glob
          .split(/(\*\*\/?|\*)/u)
          .map(part)
          .join("")}$`,
        "u",
      ),
  );
  const names = await readdir(join(root, "src"), { recursive: true });
  const files = names.filter((name) => name.endsWith(".ts")).map((name) => `src/${name}`);
  return files.filter((file) => fits.some((fit) => fit.test(file))).sort();
}

function part(text: string): string {
  if (text.startsWith("**")) return "(?:.*/)?";
  return text === "*" ? "[^/]*" : text.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`);
}
