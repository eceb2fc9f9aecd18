import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problem, ProblemError } from "../../src/core/base/problem.ts";
import { writeCommand } from "../../src/shells/cli/base/command-line.ts";
import { reportFailure } from "../../src/shells/cli/base/failure.ts";
import { readBytes } from "../../src/shells/cli/base/read-bytes.ts";
import { problemsOf } from "../observe.ts";
import { spellOutFiles } from "../../src/shells/cli/base/file-words.ts";

let folder: string;
const inside = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await mkdir(inside("state"));
  for (const name of ["app-b.yaml", "app-a.yaml", "db.yml", "notes.txt", "state/inventory.yaml"])
    await writeFile(inside(name), "services: []\n");
});
afterAll(() => rm(folder, { recursive: true }));

test("-f takes a file, a folder and a glob; what stands for nothing is kept for the error", () => {
  expect(spellOutFiles("trueup.yaml")).toEqual(["trueup.yaml"]);
  expect(spellOutFiles(folder)).toEqual(["app-a.yaml", "app-b.yaml", "db.yml"].map(inside));
  expect(spellOutFiles(inside("app-*"))).toEqual(["app-a.yaml", "app-b.yaml"].map(inside));
  expect(spellOutFiles(inside("web-*"))).toEqual([inside("web-*")]);
  expect(spellOutFiles(inside("state/none"))).toEqual([inside("state/none")]);
});

test("a folder stands for its file of a usual name, and one without YAML files is told to be a folder", async () => {
  await mkdir(inside("shop"));
  for (const name of ["compose.yaml", "render.yaml", "render.staging.yaml"])
    await writeFile(inside(`shop/${name}`), "");
  expect(spellOutFiles(inside("shop"))).toEqual([inside("shop/render.yaml")]);
  await writeFile(inside("shop/trueup.yaml"), "");
  expect(spellOutFiles(inside("shop"))).toEqual([inside("shop/trueup.yaml")]);
  expect(spellOutFiles(inside("shop/render*"))).toHaveLength(2);
  await mkdir(inside("empty"));
  expect(spellOutFiles(inside("empty"))).toEqual([inside("empty")]);
  const [only] = await problemsOf(readBytes(inside("empty")));
  expect(only).toMatchObject({ code: "file-not-found", severity: "error" });
  expect(await readBytes(inside("none"))).toBeUndefined();
});

test("a hint names a folder once where all its files were given, and else each file", () => {
  const all = ["app-a.yaml", "app-b.yaml", "db.yml"].map(inside);
  expect(writeCommand("trueup apply", { file: all, overlay: [] })).toBe(`trueup apply -f ${folder}`);
  const some = all.slice(0, 2);
  expect(writeCommand("trueup apply", { file: some, overlay: [] })).toBe(
    `trueup apply -f ${some.join(" -f ")}`,
  );
});

test("an error that knows only its place is shown with the lines of the file", () => {
  const file = inside("app-a.yaml");
  const stderr = new PassThrough();
  const shell = { stdin: process.stdin, stdout: new PassThrough(), stderr, env: {}, program: "" };
  const where = { file, line: 1, column: 1 };
  const failure = new ProblemError([problem("error", "unknown-target", "None.", "Correct it.", { where })]);
  expect(reportFailure(failure, { file: [file] }, shell)).toBe(1);
  expect(String(stderr.read())).toContain("> 1 | services: []\n");
});
