import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { checkBlueprint } from "../../src/shells/cli/simulator/check-blueprint.ts";
import { runProgram } from "../../src/shells/cli/program.ts";
import type { Output } from "../../src/shells/cli/base/shell.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";

/** What was written at once to the screen. */
type Ran = { readonly writes: readonly string[]; readonly code: number };

/** Where the program is played for pictures and documents: a folder, a simulated account, and a time that never differs. */
export type Stage = {
  readonly folder: string;
  /** Runs one command line, its words behind `trueup`, as a shell would. */
  run(
    words: readonly string[],
    screen: { readonly columns: number; readonly terminal: boolean },
  ): Promise<Ran>;
  /** A change by somebody else; `{name}` in the path stands for the id of the service of that name. */
  edit(method: string, path: string, body?: unknown): Promise<void>;
  close(): Promise<void>;
};

/** A Sunday morning; what is played shows times of that day. */
const begin = Date.UTC(2026, 10, 22, 9, 12, 0);
export const somebody = "ada@acme.dev";

/**
 * Time stands still but for the jumps of the simulator's clock, and the digests have a fixed key, so that the same words play
 * the same way on every machine. The process is in the folder until `close`, which puts back what was changed of it.
 */
export async function openStage({
  account = [],
}: { readonly account?: readonly string[] } = {}): Promise<Stage> {
  const [now, home] = [Date.now, process.cwd()];
  Date.now = () => begin;
  const folder = await mkdtemp(join(tmpdir(), "trueup-stage-"));
  process.chdir(folder);
  const simulator = await startSimulator({
    clock: "virtual",
    limits: "documented",
    load: account.map((text) => read(text)),
    announcedAs: null,
    checkBlueprint,
  });
  const env = {
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    ...simulator.env,
    TRUEUP_STATE_KEY: "5e".repeat(32),
  };
  return {
    folder,
    run: (words, screen) => run(words, screen, env),
    edit: (method, path, body) => edit(simulator, method, path, body),
    async close() {
      process.chdir(home);
      Date.now = now;
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function read(text: string): NonNullable<ReturnType<typeof readDesired>["state"]> {
  const { state, problems } = readDesired([{ name: "account.yaml", text }], {
    kinds: fileKinds,
    today: "2026-11-22",
  });
  if (!state) throw new Error(problems.map(({ message }) => message).join("\n"));
  return state;
}

async function run(
  words: readonly string[],
  { columns, terminal }: { readonly columns: number; readonly terminal: boolean },
  env: { readonly [name: string]: string | undefined },
): Promise<Ran> {
  const writes: string[] = [];
  const screen = (): Output =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write(text, _encoding, done) {
          writes.push(String(text));
          done();
        },
      }),
      { columns, isTTY: terminal },
    );
  // Nobody types.
  const stdin = new PassThrough().end() as unknown as NodeJS.ReadStream;
  const code = await runProgram(words, { stdin, stdout: screen(), stderr: screen(), env, program: "" });
  return { writes, code };
}

async function edit(simulator: Simulator, method: string, path: string, body: unknown): Promise<void> {
  const [, name] = /\{([^}]+)\}/u.exec(path) ?? [];
  const found =
    name === undefined ? [] : await ask(simulator, { method: "GET", path: `/services?name=${name}` });
  const [first] = found as readonly { readonly service: { readonly id: string } }[];
  await ask(simulator, { method, path: path.replace(/\{[^}]+\}/u, first?.service.id ?? ""), body });
}

async function ask(simulator: Simulator, change: { readonly [member: string]: unknown }): Promise<unknown> {
  const answer = await fetch(`${simulator.control}/edit`, {
    method: "POST",
    body: JSON.stringify({ api: "render", actor: { type: "user", email: somebody }, ...change }),
  });
  const { status, body } = (await answer.json()) as { readonly status: number; readonly body: unknown };
  if (status >= 300)
    throw new Error(`${JSON.stringify(change)} was answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}
