import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { describeBundled, findBundled, keepBundled, type Metafile, type Sbom } from "./bundled.ts";
import { cutChangelog } from "./changelog.ts";

/** What a release is made of. */
export type Prepared = {
  readonly tarball: string;
  /** What is in it. */
  readonly files: readonly string[];
  readonly sbom: string;
  /** The piece of the changelog. */
  readonly notes: string;
  /** What the project gets with the release, by path. */
  readonly changes: { readonly [path: string]: string };
};

/** Builds, packs and describes a version in a folder of its own, and changes nothing outside of it. */
export async function prepareRelease(
  version: string,
  { root, folder, day }: { readonly root: string; readonly folder: string; readonly day: string },
): Promise<Prepared> {
  const stage = join(folder, "package");
  await rm(folder, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  const read = (name: string): Promise<string> => readFile(join(root, name), "utf8");
  const { text, notes } = cutChangelog(await read("CHANGELOG.md"), version, day);
  const changes = {
    "CHANGELOG.md": text,
    "package.json": withVersion(await read("package.json"), version),
    "package-lock.json": withVersion(await read("package-lock.json"), version),
  };
  for (const [name, content] of Object.entries(changes)) await writeFile(join(stage, name), content);
  for (const name of ["README.md", "LICENSE", "schemas", "examples", "src"])
    await cp(join(root, name), join(stage, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(stage, "node_modules"), "dir");
  await run("npm", ["run", "--silent", "build", "--", "--metafile=../metafile.json"], stage);
  const metafile = JSON.parse(await readFile(join(folder, "metafile.json"), "utf8")) as Metafile;
  const bundled = findBundled(metafile, stage);
  await writeFile(join(stage, "dist/THIRD-PARTY.txt"), describeBundled(bundled));
  await checkProgram(stage, version);
  const sbom = join(folder, `trueup-${version}.cdx.json`);
  const listed = await run("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], stage);
  await writeFile(sbom, `${JSON.stringify(keepBundled(JSON.parse(listed) as Sbom, bundled), null, 2)}\n`);
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], stage);
  const [pack] = JSON.parse(packed) as readonly {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  const tarball = join(folder, pack?.filename ?? "");
  await writeFile(join(folder, "SHA256SUMS"), await sumUp([tarball, sbom]));
  return { tarball, files: pack?.files.map(({ path }) => path) ?? [], sbom, notes, changes };
}

async function run(program: string, words: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...words], { cwd, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The place of a manifest that says which version this is, and both places of a lockfile. */
function withVersion(text: string, version: string): string {
  const pattern = /^(\s*)"version": "[^"]*"/mu;
  const [own = "", ...rest] = text.split(/(?<="packages": \{\n {4}"": \{)/u);
  return [own, ...rest].map((part) => part.replace(pattern, `$1"version": "${version}"`)).join("");
}

/** What was built says its number, and prints the schema that is published. */
async function checkProgram(stage: string, version: string): Promise<void> {
  const main = join(stage, "dist/main.js");
  const said = (await run(process.execPath, [main, "version"], stage)).trim();
  if (said !== version) throw new Error(`The program that was built says ${said}, not ${version}.`);
  const schema = await run(process.execPath, [main, "schema"], stage);
  if (schema !== (await readFile(join(stage, "schemas/trueup.schema.json"), "utf8")))
    throw new Error(
      "schemas/trueup.schema.json is not the program's: trueup schema > schemas/trueup.schema.json.",
    );
}

async function sumUp(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const sum = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
      return `${sum}  ${basename(path)}\n`;
    }),
  );
  return lines.join("");
}
