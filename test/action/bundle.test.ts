import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { buildAction, bundleFolder, type BundleFile } from "../../bench/action-bundle.ts";

const again = "npm run build:action && git add dist/action";

/** What the repository has of it, as it will be committed; not what the last build has left in the folder. */
function committed(name: string): Buffer | undefined {
  try {
    return execFileSync("git", ["show", `:${bundleFolder}/${name}`], {
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}

const isAwaited = readFileSync(".gitignore", "utf8").split("\n").includes(`${bundleFolder}/`);
let files: readonly BundleFile[];
beforeAll(async () => void (files = await buildAction()));

const textOf = (name: string): string =>
  Buffer.from(files.find((one) => one.name === name)?.bytes ?? []).toString();

describe("the bundle of the Action", () => {
  test.skipIf(isAwaited)(`is the one that the sources make (else: ${again})`, () => {
    expect(files.map(({ name }) => name).sort()).toEqual(["LICENSES.txt", "index.mjs", "index.mjs.map"]);
    for (const { name, bytes } of files)
      expect(committed(name)?.equals(bytes), `${name}: ${again}`).toBe(true);
  });

  test("is one module, with a map that names sources and has no copy of them", () => {
    expect(textOf("index.mjs")).toContain("//# sourceMappingURL=index.mjs.map");
    const map = JSON.parse(textOf("index.mjs.map")) as {
      readonly sources: readonly string[];
      readonly sourcesContent?: unknown;
    };
    expect(map.sources).toContain("../../src/shells/action/main.ts");
    expect(map.sourcesContent).toBeUndefined();
    // The path of whoever built it would be in it, and differ for everybody else.
    expect(map.sources.filter((path) => !path.startsWith("../../"))).toEqual([]);
  });

  test("names every package that is in it, each once and with the text of a licence that permits it", () => {
    const text = textOf("LICENSES.txt");
    const named = [...text.matchAll(/^(\S+) (\d\S*) \(([^)]*)\)$/gmu)].map(([, name, version, licence]) => ({
      name,
      version,
      licence,
    }));
    expect(named.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["@octokit/core", "undici", "yaml"]),
    );
    expect(new Set(named.map(({ name, version }) => `${name} ${version}`)).size).toBe(named.length);
    expect(
      named.filter(
        ({ licence }) => !/^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Unlicense)$/u.test(licence ?? ""),
      ),
    ).toEqual([]);
    expect(text).not.toContain("has no text of it");
  });
});
