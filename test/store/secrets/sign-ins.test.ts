import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSignIns } from "../../../src/store/secrets/sign-ins.ts";
import { problemsOf } from "../../observe.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  path = join(folder, "sign-ins.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("nobody is signed in where there is no file, and where it cannot be read nobody can tell", async () => {
  expect(await readSignIns(path)).toEqual([]);
  await mkdir(path);
  await expect(readSignIns(path)).rejects.toThrow("EISDIR");
});

const one = {
  host: "https://rendercad.ai/backend",
  email: "ada@acme.com",
  signedInAt: "2026-11-22",
  keptIn: "file",
};
const file = (...signIns: readonly unknown[]) => JSON.stringify({ version: 1, signIns });

test.each([
  ["no JSON", "rendercad_hush", "is not what login writes"],
  ["a list", "[]", "is not what login writes"],
  [
    "another version",
    JSON.stringify({ version: 99, signIns: [] }),
    "was written by another version of trueup",
  ],
  ["a sign-in without its host", file({ ...one, host: undefined, token: "rendercad_hush" }), "is damaged"],
  ["a sign-in without its e-mail", file({ ...one, email: 7, token: "rendercad_hush" }), "is damaged"],
  ["a sign-in without its time", file({ ...one, signedInAt: null, token: "rendercad_hush" }), "is damaged"],
  ["a token that is empty", file({ ...one, token: "" }), "is damaged"],
  [
    "a token that is somewhere else",
    file({ ...one, keptIn: "pocket", token: "rendercad_hush" }),
    "is damaged",
  ],
])("a file with %s is told, and nothing of it is repeated", async (_what, text, reason) => {
  await writeFile(path, text);
  const problems = await problemsOf(readSignIns(path));
  expect(problems).toMatchObject([{ code: "sign-in-file", message: `${path} ${reason}.` }]);
  expect(JSON.stringify(problems)).not.toContain("hush");
});
