import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBranchLock, writeBranchLock } from "../../../src/store/git/branch-lock.ts";
import { problemsOf } from "../../observe.ts";
import { holder } from "../contract.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "trueup-test-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const lock = { holder: holder("r1"), expires: 5, pushes: 2 };

test("a lock is read as it was written, and is gone once it is given back", async () => {
  const inner = join(folder, "default");
  expect(await readBranchLock(inner)).toBeUndefined();
  await writeBranchLock(inner, lock);
  expect(await readBranchLock(inner)).toEqual({ version: 1, ...lock });
  expect(await readFile(join(inner, "lock.json"), "utf8")).toMatch(/^\{\n {2}"version": 1,[^]*\}\n$/u);
  await writeBranchLock(inner, undefined);
  expect(await readdir(inner)).toEqual([]);
  await writeBranchLock(inner, undefined);
  expect(await readBranchLock(inner)).toBeUndefined();
});

test.each([
  "",
  "{",
  "[]",
  JSON.stringify({ ...lock, holder: "ada" }),
  JSON.stringify({ ...lock, expires: "5" }),
  JSON.stringify({ ...lock, pushes: null }),
])("what is no lock is damage, and not a lock that is free: %s", async (text) => {
  await writeFile(join(folder, "lock.json"), text);
  expect(await problemsOf(readBranchLock(folder))).toMatchObject([
    { code: "state-damaged", message: "lock.json in the state branch is not a lock of trueup." },
  ]);
});
