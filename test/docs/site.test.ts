import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** It is built by `npm run docs`, which takes a hundred megabytes and a minute: none of that is in the way of `npm ci`. */
test("the site of the documents is a package of its own: pinned, locked, and unknown to npm ci at the root", () => {
  const read = (path: string): { readonly [member: string]: unknown } =>
    JSON.parse(readFileSync(path, "utf8")) as { readonly [member: string]: unknown };
  const { devDependencies } = read("site/package.json");
  expect(devDependencies).toEqual({ vitepress: expect.stringMatching(/^\d+\.\d+\.\d+$/u) });
  expect(readFileSync("package-lock.json", "utf8")).not.toContain("node_modules/vitepress");
  expect(read("package.json")).not.toHaveProperty("workspaces");
  const { packages } = read("site/package-lock.json") as {
    packages: { [path: string]: { resolved?: string; version?: string } };
  };
  expect(packages["node_modules/vitepress"]?.version).toBe(
    (devDependencies as { vitepress: string }).vitepress,
  );
  expect(Object.values(packages).flatMap(({ resolved }) => resolved ?? [])).toEqual([]);
  expect(readFileSync("docs/decisions/0022-package-and-documents.md", "utf8")).toContain("VitePress");
});
