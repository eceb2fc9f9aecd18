import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { byText } from "../../src/core/base/address.ts";
import type { Json } from "../../src/core/base/json.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { program, type Ended } from "../shells/start-program.ts";
import { makeRepository, type Repository } from "../store/repository.ts";

/**
 * A team, its repository and its account. `push` is what a person does; `job` is what CI does afterwards: a shallow checkout on
 * a fresh runner of GitHub Actions, no terminal, and one line of shell.
 */
export type Team = {
  readonly simulator: Simulator;
  /** Writes the files (`null` deletes one), commits and pushes them. */
  push(files: { readonly [path: string]: string | null }): Promise<void>;
  git(...words: readonly string[]): Promise<string>;
  /** Runs `trueup ...` as one line of shell in a fresh checkout of `main`, or of `commit`. */
  job(line: string, options?: JobOptions): Promise<Ended>;
  rows(table: string): readonly { readonly [column: string]: Json }[];
  names(table: string): readonly string[];
  edit(method: string, path: string, body?: Json): Promise<void>;
  close(): Promise<void>;
};

export type JobOptions = {
  readonly commit?: string;
  readonly env?: { readonly [name: string]: string | undefined };
};

export async function openTeam(): Promise<Team> {
  const repository = await makeRepository();
  const simulator = await startSimulator({
    switches: { datastoreMs: 0, buildMs: 0, updateMs: 0, exportMs: 0 },
  });
  const desk = await repository.clone();
  const rows: Team["rows"] = (table) => simulator.save().tables[table] ?? [];
  return {
    simulator,
    git: (...words) => repository.git(desk, ...words),
    push: (files) => push(repository, desk, files),
    job: (line, options = {}) => runJob(repository, simulator, line, options),
    rows,
    names: (table) =>
      rows(table)
        .map((row) => row["name"] as string)
        .sort(byText),
    edit: (method, path, body) => editAccount(simulator, method, path, body),
    close: async () => {
      await simulator.close();
      await repository.close();
    },
  };
}

async function push(
  repository: Repository,
  desk: string,
  files: { readonly [path: string]: string | null },
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const full = join(desk, path);
    await mkdir(dirname(full), { recursive: true });
    await (text === null ? rm(full) : writeFile(full, text));
  }
  await repository.git(desk, "add", "--all");
  await repository.git(desk, "commit", "--quiet", "--allow-empty", "-m", "change");
  await repository.git(desk, "push", "--quiet", "origin", "HEAD:main");
}

async function runJob(
  repository: Repository,
  simulator: Simulator,
  line: string,
  { commit, env = {} }: JobOptions,
): Promise<Ended> {
  const checkout = await repository.checkOut();
  if (commit !== undefined) {
    await repository.git(checkout, "fetch", "--quiet", "--depth=1", "origin", commit);
    await repository.git(checkout, "checkout", "--quiet", "--detach", commit);
  }
  const script = `trueup() { "${process.execPath}" "${program}" "$@"; }\n${line}\n`;
  const given = {
    PATH: process.env["PATH"],
    HOME: repository.folder,
    LANG: "C.UTF-8",
    CI: "true",
    GITHUB_ACTIONS: "true",
    TRUEUP_STATE_KEY: "ab".repeat(32),
    ...simulator.env,
    ...env,
  };
  const child = spawn("sh", ["-c", script], {
    cwd: checkout,
    env: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

/** As somebody else, in the dashboard. */
async function editAccount(simulator: Simulator, method: string, path: string, body?: Json): Promise<void> {
  const edit = { api: "render", method, path, ...(body !== undefined && { body }) };
  const answer = await fetch(`${simulator.control}/edit`, { method: "POST", body: JSON.stringify(edit) });
  const { status, body: said } = (await answer.json()) as { readonly status: number; readonly body: Json };
  if (status >= 400) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(said)}`);
}

/** The line of shell under which a refused plan goes through, as the plan says it. */
export function answerOf({ stdout, stderr }: Ended): string {
  const found = /^Answer +(trueup .+)$/m.exec(`${stdout}\n${stderr}`);
  if (!found) throw new Error(`no line answers this:\n${stdout}\n${stderr}`);
  return found[1]!;
}

/** The YAML that the plan offers instead, to be pasted at the root of the file. */
export function blockOf({ stdout }: Pick<Ended, "stdout">): string {
  const [, block] = /^Or in the file, at its root\n([\s\S]*?)\n(?:\n|$)/m.exec(stdout) ?? [];
  if (block === undefined) throw new Error(`no block answers this:\n${stdout}`);
  return `${block}\n`;
}
