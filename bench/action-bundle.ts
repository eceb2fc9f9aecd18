import { build, type Metafile } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the bundle of the Action lies in the repository, as `action.yml` names it. */
export const bundleFolder = "dist/action";

/** A file of the bundle, by its name in that folder. */
export type BundleFile = { readonly name: string; readonly bytes: Uint8Array };

const root = fileURLToPath(new URL("../", findRoot()));

/**
 * Builds the Action: one module for Node 24, its source map, and the licences of all that is in it. Equal sources give equal bytes. The
 * map names files of this repository and has no copy of them.
 */
export async function buildAction(): Promise<readonly BundleFile[]> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/shells/action/main.ts"],
    outfile: `${bundleFolder}/index.mjs`,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node24",
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    sourcemap: true,
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
    banner: {
      js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
    },
  });
  const code = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents }));
  return [...code, { name: "LICENSES.txt", bytes: new TextEncoder().encode(writeLicences(metafile)) }];
}

/** A package that is in the bundle. */
type BundledPackage = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
};

/** The packages that the bundle has code of, by name. */
function bundledPackages({ outputs }: Metafile): readonly BundledPackage[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(
    used.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path)?.[0] ?? []),
  );
  return [...folders].sort().map(readPackage);
}

function readPackage(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(join(root, folder)).find((name) => /^(?:licen[cs]e|copying)/iu.test(name));
  const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8");
  return {
    name: manifest.name,
    version: manifest.version,
    licence: manifest.license ?? "",
    text: text.trim(),
  };
}

function writeLicences(metafile: Metafile): string {
  const parts = bundledPackages(metafile).map(
    ({ name, version, licence, text }) =>
      `${name} ${version} (${licence})\n\n${text === "" ? "(its package has no text of it)" : text}\n`,
  );
  return `What the bundle of this Action holds besides trueup itself, with its licences.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** This module stands in `bench`, and in `dist/bench` when it is built: the manifest is above either. */
function findRoot(): string {
  const here = import.meta.url;
  return here.includes("/dist/bench/") ? new URL("../", here).href : here;
}
