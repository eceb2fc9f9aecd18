import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { byText } from "../../src/core/base/address.ts";
import type { Scene } from "../scene.ts";

const run = promisify(execFile);

/** One worker per name: the least that a file can declare. */
export function workers(...names: readonly string[]): string {
  const blocks = names.map(
    (name) => `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter }\n`,
  );
  return `services:\n${blocks.join("")}`;
}

export function database(name: string): string {
  return `databases:\n  - { name: ${name}, plan: basic-256mb }\n`;
}

/** Names in the account, sorted: what an apply must not have touched. */
export function namesIn(scene: Scene, table = "services"): readonly string[] {
  return scene
    .rows(table)
    .map((row) => row["name"] as string)
    .sort(byText);
}

/** Which file each address belongs to, as the inventory says it. */
export async function filesOf(scene: Scene): Promise<{ readonly [address: string]: string | undefined }> {
  const { resources } = await scene.inventory();
  return Object.fromEntries(Object.entries(resources).map(([address, { file }]) => [address, file]));
}

/** git in the folder of the scene, or in one below it. */
export type Git = (...words: readonly string[]) => Promise<string>;

/** Commits are a day apart, in the order they are made. */
export function makeGit(folder: string): Git {
  let day = 1;
  return async (...words) => {
    if (words.includes("commit") || words.includes("merge") || words.includes("revert")) day += 1;
    const date = `2026-10-${String(day).padStart(2, "0")}T12:00:00Z`;
    const { stdout } = await run("git", [...words], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_NAME: "Ada",
        GIT_AUTHOR_EMAIL: "ada@acme.test",
        GIT_COMMITTER_NAME: "Ada",
        GIT_COMMITTER_EMAIL: "ada@acme.test",
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    });
    return stdout.trim();
  };
}

/** A repository around the scene's files; the state is not of it. */
export async function openRepository(scene: Pick<Scene, "folder" | "write">, origin?: string): Promise<Git> {
  const git = makeGit(scene.folder);
  await git("init", "--quiet", "--initial-branch=main");
  if (origin !== undefined) await git("remote", "add", "origin", origin);
  await scene.write("state/\n", ".gitignore");
  await git("add", ".gitignore");
  await git("commit", "--quiet", "-m", "start");
  return git;
}

export async function commitAll(git: Git, message = "change"): Promise<string> {
  await git("add", "--all");
  await git("commit", "--quiet", "--allow-empty", "-m", message);
  return git("rev-parse", "HEAD");
}
