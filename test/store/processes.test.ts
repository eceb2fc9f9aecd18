import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { isObject } from "../../src/core/base/json.ts";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/start.ts";
import { runTrueup, type Ended } from "../shells/start-program.ts";
import { key } from "./contract.ts";
import { makeRepository, type Repository } from "./repository.ts";

const services = `services:
  - {type: worker, name: one, runtime: node, plan: starter, repo: "https://github.com/acme/app", buildCommand: "true", startCommand: "true"}
`;

let simulator: Simulator;
let repository: Repository | undefined;
let folder: string;
let onWrite: (() => void) | undefined;
afterEach(async () => {
  await simulator.close();
  await repository?.close();
  repository = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** The folders of two runners on one state. */
async function open(backend: "file" | "git", options: SimulatorOptions): Promise<readonly [string, string]> {
  onWrite = undefined;
  const onRequest = (line: RequestLine): void => {
    if (line.method !== "GET") onWrite?.();
  };
  simulator = await startSimulator({ ...options, onRequest });
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  if (backend === "file") {
    await writeFile(join(folder, "trueup.yaml"), services);
    return [folder, folder];
  }
  repository = await makeRepository();
  const folders = [await repository.checkOut(), await repository.checkOut()] as const;
  for (const one of folders) await writeFile(join(one, "trueup.yaml"), `state: {backend: git}\n${services}`);
  await mkdir(join(folder, "home"));
  return folders;
}

/** Calls `act` with the process when the API has got its first write. */
function apply(
  inside: string,
  more: readonly string[] = [],
  act?: (child: ChildProcess) => void,
): Promise<Ended> {
  let child: ChildProcess | undefined;
  if (act) {
    onWrite = () => {
      onWrite = undefined;
      if (child) act(child);
    };
  }
  return runTrueup(["apply", "--yes", "--json", "--log-level", "debug", ...more], {
    folder: inside,
    env: { ...simulator.env, TRUEUP_STATE_KEY: key, TMPDIR: folder },
    onStderr: (_text, process) => (child = process),
  });
}

const made = (): number => {
  const rows: readonly unknown[] = simulator.save().tables["services"] ?? [];
  return rows.filter((row) => isObject(row) && row["name"] === "one").length;
};

describe.each(["file", "git"] as const)("two processes on one state (%s)", (backend) => {
  test("the second exits 6 while the first holds the lock, and finds nothing to do after it", async () => {
    const [first, second] = await open(backend, { limits: "off" });
    const before = made();
    let stop: (child: ChildProcess) => void = () => undefined;
    const stopped = new Promise<ChildProcess>((resolve) => (stop = resolve));
    const running = apply(first, [], (child) => {
      child.kill("SIGSTOP");
      stop(child);
    });
    const child = await stopped;
    const refused = await apply(second);
    expect(refused.code).toBe(6);
    expect(JSON.parse(refused.stdout)).toMatchObject({ problems: [{ code: "locked" }] });
    child.kill("SIGCONT");
    expect((await running).code).toBe(0);
    expect((await apply(second)).code).toBe(0);
    expect(made() - before).toBe(1);
  });

  test("one that was killed frees the lock after its lease at the latest, and nothing is made twice", async () => {
    const [first, second] = await open(backend, { limits: "off", clock: "virtual" });
    const before = made();
    expect((await apply(first, [], (child) => child.kill("SIGKILL"))).code).toBeNull();
    expect(made() - before, "the API had done it").toBe(1);
    // In a folder the death is seen; on a branch nobody can know, and the lease decides.
    if (backend === "git") expect((await apply(second)).code).toBe(6);
    expect((await apply(second, ["--lock-timeout", "6m"])).code).toBe(0);
    expect(made() - before).toBe(1);
  });
});
