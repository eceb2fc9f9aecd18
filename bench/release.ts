/**
 * Makes a release. Without a word more it is a rehearsal: everything is built, packed and described in `dist/release`, and neither
 * the project nor a registry is touched.
 *
 *   npm run release -- 0.2.0              rehearses: package, third parties' licences, SBOM, sums, the changelog's piece
 *   npm run release -- 0.2.0 --commit     writes version and changelog, commits, tags (the tag also has the Action's bundle)
 *   npm run release -- 0.2.0 --publish    hands the package to npm, with provenance where a workflow vouches for it
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isNewer } from "./release/changelog.ts";
import { prepareRelease } from "./release/stage.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { commit: { type: "boolean", default: false }, publish: { type: "boolean", default: false } },
});
const [version = ""] = positionals;
const root = process.cwd();
const action = "dist/action";
const folder = resolve("dist/release");
const own = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly version: string;
  readonly repository?: unknown;
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const git = (words: readonly string[], env: { readonly [name: string]: string } = {}): string =>
  execFileSync("git", [...words], { encoding: "utf8", env: { ...process.env, ...env } }).trim();

/** Before the first release the number that stands in the project is the one to release. */
function checkStart(): void {
  const isFirst = version === own.version && git(["tag", "--list", `v${version}`]) === "";
  if (!isFirst && !isNewer(version, own.version))
    throw new Error(`Which version? One newer than ${own.version}: npm run release -- MAJOR.MINOR.PATCH`);
  if ((values.commit || values.publish) && git(["status", "--porcelain"]) !== "")
    throw new Error("There are changes that are not committed.");
  if (values.publish && own.repository === undefined)
    throw new Error("package.json names no repository, and npm compares where a package comes from with it.");
}

/**
 * The Action's bundle says its version, so it is built anew. Where the branch has it, it is part of the release's commit; else the tag is a
 * commit beside the branch, which has it.
 */
function commitAndTag(changes: { readonly [path: string]: string }, notes: string): void {
  for (const [path, text] of Object.entries(changes)) writeFileSync(path, text);
  execFileSync("npm", ["run", "--silent", "build:action"], { stdio: "inherit" });
  const isOnBranch = git(["ls-files", action]) !== "";
  const paths = [...Object.keys(changes), ...(isOnBranch ? [action] : [])];
  git(["add", "--", ...paths]);
  git(["commit", "--quiet", "--message", `Release ${version}`]);
  const tagged = isOnBranch ? "HEAD" : commitBeside();
  git([
    "tag",
    "--annotate",
    `v${version}`,
    "--message",
    `${version}\n\n${notes}`,
    "--cleanup=verbatim",
    tagged,
  ]);
  say(`Tagged    v${version}. Next: git push origin HEAD v${version}`);
}

function commitBeside(): string {
  const index = { GIT_INDEX_FILE: join(folder, "index") };
  git(["read-tree", "HEAD"], index);
  git(["add", "--force", action], index);
  const tree = git(["write-tree"], index);
  return git(["commit-tree", tree, "-p", "HEAD", "-m", `Release ${version}, with the Action's bundle`]);
}

/** Npm signs where a package comes from when a workflow of a public repository may ask for a token of its identity. */
function publish(tarball: string): void {
  const vouched = (process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "") !== "";
  say(
    vouched
      ? "Provenance: this workflow."
      : "Provenance: none, since no workflow with id-token: write runs this.",
  );
  const words = ["publish", tarball, "--access", "public", ...(vouched ? ["--provenance"] : [])];
  execFileSync("npm", words, { stdio: "inherit" });
}

try {
  checkStart();
  const day = new Date().toISOString().slice(0, 10);
  const prepared = await prepareRelease(version, { root, folder, day });
  say(`Package   ${prepared.tarball}, ${prepared.files.length} files`);
  say(`SBOM      ${prepared.sbom}`);
  say(`Sums      ${join(folder, "SHA256SUMS")}\n\n${prepared.notes}\n`);
  if (values.commit) commitAndTag(prepared.changes, prepared.notes);
  if (values.publish) publish(prepared.tarball);
  if (!values.commit && !values.publish) say("Rehearsed: the project and the registry are as they were.");
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
