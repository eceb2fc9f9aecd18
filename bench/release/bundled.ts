import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What esbuild says of a build: the files that went into it. */
export type Metafile = { readonly inputs: { readonly [path: string]: unknown } };

/** One package whose code is in the bundle. */
export type Bundled = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
};

/** The packages that a bundle is made from, each with its licence; one without is an error, because it could not be passed on. */
export function findBundled({ inputs }: Metafile, root: string): readonly Bundled[] {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, folder, "package.json"), "utf8"),
    ) as {
      readonly [member: string]: string;
    };
    const text = readLicence(join(root, folder));
    if (name === undefined || version === undefined || license === undefined || text === "")
      throw new Error(`${folder} says no licence, and is in the bundle.`);
    return { name, version, licence: license, text };
  });
}

function readLicence(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(?:\.|$|-)/iu.test(name));
  return file !== undefined && existsSync(join(folder, file))
    ? readFileSync(join(folder, file), "utf8").trim()
    : "";
}

/** The text of THIRD-PARTY.txt. */
export function describeBundled(bundled: readonly Bundled[]): string {
  const head = "What the program is made from beside its own sources, each with its licence.\n";
  const parts = bundled.map(
    ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`,
  );
  return [head, ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

type Component = {
  readonly name: string;
  readonly version: string;
  readonly "bom-ref": string;
  readonly scope?: string;
};
export type Sbom = {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
};

/**
 * An SBOM of the project kept to what is in the bundle. Npm calls all of it optional, because who installs the package fetches
 * none of it; in the bundle it is required. And it names the project by its folder.
 */
export function keepBundled(sbom: Sbom, bundled: readonly Bundled[]): Sbom {
  const known = new Set(bundled.map((one) => `${one.name}@${one.version}`));
  const components = sbom.components
    .filter((one) => known.has(`${one.name}@${one.version}`))
    .map((one) => ({ ...one, scope: "required" }));
  const missing = [...known].filter((id) => !components.some((one) => `${one.name}@${one.version}` === id));
  if (missing.length > 0) throw new Error(`The SBOM lacks ${missing.join(", ")}.`);
  const { component } = sbom.metadata;
  const refs = new Set([component["bom-ref"], ...components.map((one) => one["bom-ref"])]);
  const dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  return {
    ...sbom,
    metadata: { ...sbom.metadata, component: { ...component, name: "trueup" } },
    components,
    dependencies,
  };
}
