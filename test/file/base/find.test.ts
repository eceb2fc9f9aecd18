import { expect, test } from "vitest";
import { ProblemError } from "../../../src/core/base/problem.ts";
import { findSources } from "../../../src/file/base/find.ts";

const folder = (files: { readonly [name: string]: string | Uint8Array }) => (name: string) => {
  const file = files[name];
  return Promise.resolve(typeof file === "string" ? new TextEncoder().encode(file) : file);
};

async function codeOf(found: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await found.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.problems[0]?.code : undefined;
}

test.each([
  [["render.yml", "render.yaml", "trueup.yaml"], "trueup.yaml"],
  [["render.yml", "render.yaml"], "render.yaml"],
  [["render.yml"], "render.yml"],
])("of %s the default is %s", async (present, chosen) => {
  const files = Object.fromEntries(present.map((name) => [name, name]));
  expect(await findSources([], folder(files))).toEqual([{ name: chosen, text: chosen }]);
});

test("named files are read in the order given, whatever else is there", async () => {
  const files = { "trueup.yaml": "a", "b.yaml": "b", "c.yaml": "c" };
  expect((await findSources(["c.yaml", "b.yaml"], folder(files))).map(({ name }) => name)).toEqual([
    "c.yaml",
    "b.yaml",
  ]);
});

test("no file, a missing file and a file that is no text are told apart", async () => {
  expect(await codeOf(findSources([], folder({})))).toBe("file-not-found");
  expect(await codeOf(findSources(["x.yaml"], folder({})))).toBe("file-not-found");
  expect(await codeOf(findSources(["x.yaml"], folder({ "x.yaml": Uint8Array.of(0xff, 0xfe) })))).toBe(
    "file-not-readable",
  );
});
