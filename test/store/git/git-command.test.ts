import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isGitFailure, lastLine, openGit } from "../../../src/store/git/git-command.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "trueup-test-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test("git gets what it needs of the environment, asks nobody, and answers for this folder alone", async () => {
  const around = { PATH: process.env["PATH"], HOME: folder, GIT_DIR: join(folder, "other"), TOKEN: "hush" };
  const git = openGit(folder, around, { HELPER: "given" });
  await git.raw("init", "--initial-branch=state");
  await writeFile(join(folder, ".git", "config"), "[alias]\n\tsurroundings = !env\n", { flag: "a" });
  const lines = (await git.raw("surroundings")).split("\n");
  for (const line of [`HOME=${folder}`, "HELPER=given", "LC_ALL=C", "GIT_TERMINAL_PROMPT=0"])
    expect(lines).toContain(line);
  expect(lines.join("\n")).not.toContain("hush");
  expect(lines.join("\n")).not.toContain(around.GIT_DIR);
  expect(lines.filter((line) => line.endsWith("=undefined"))).toEqual([]);
});

test("what git refused is told by its own last word", async () => {
  const git = openGit(folder, { PATH: process.env["PATH"] });
  const error: unknown = await git.raw("rev-parse", "--show-toplevel").catch((caught: unknown) => caught);
  if (!isGitFailure(error)) throw error;
  expect(lastLine(error)).toMatch(/^fatal: not a git repository/u);
  expect(isGitFailure(new Error("fatal: no"))).toBe(false);
});
