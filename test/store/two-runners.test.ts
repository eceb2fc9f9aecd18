import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { openState } from "../../src/commands/files/load.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { ourRows, problemsOf, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { key } from "./contract.ts";
import { makeRepository, type Repository } from "./repository.ts";

const input: ApplyInput = { ...planDefaults, yes: true };
const minutes = 60_000;
const worker = (name: string): string =>
  `  - {type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true"}\n`;
const two = `services:\n${worker("one")}${worker("two")}`;
const chain = `services:
  - {type: worker, name: one, runtime: node, plan: starter, buildCommand: "true", startCommand: "true", envVars: [{key: URL, fromDatabase: {name: main, property: connectionString}}]}
databases:
  - {name: main, plan: basic-256mb, postgresMajorVersion: "18"}
`;

let scene: Scene;
let repository: Repository | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await scene.close();
  await repository?.close();
  repository = undefined;
});

/** Two machines with the same file and state: one folder, or two checkouts of one repository. */
async function openMachines(backend: "file" | "git", services = two): Promise<readonly [Deps, Deps]> {
  scene = await openScene();
  if (backend === "file") {
    await scene.write(services);
    return [deps("ada", scene.folder), deps("grace", scene.folder)];
  }
  repository = await makeRepository();
  // What a killed holder leaves behind goes with the rest.
  vi.stubEnv("TMPDIR", repository.folder);
  const folders = [await repository.checkOut(), await repository.checkOut()] as const;
  for (const folder of folders)
    await writeFile(join(folder, "trueup.yaml"), `state: {backend: git}\n${services}`);
  return [deps("ada", folders[0]), deps("grace", folders[1])];
}

function deps(name: string, folder: string): Deps {
  const environment = {
    ...scene.deps.environment,
    PATH: process.env["PATH"],
    HOME: scene.folder,
    TRUEUP_STATE_KEY: key,
  };
  return { ...scene.deps, folder, environment, user: { name, host: "test", pid: process.pid } };
}

/** A run that stands still before its first write, until it is let go. */
function pausing(of: Deps): {
  readonly deps: Deps;
  readonly reached: Promise<void>;
  readonly letGo: () => void;
} {
  let reach: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const send: Deps["world"]["send"] = async (request) => {
    if (request.method !== "GET") {
      reach();
      await gate;
    }
    return of.world.send(request);
  };
  return { deps: { ...of, world: { ...of.world, send } }, reached, letGo };
}

const creations = (): readonly string[] =>
  writesOf(scene).filter((line) => line.startsWith("POST /services "));

describe.each(["file", "git"] as const)("two runners on one state (%s)", (backend) => {
  test("exactly one writes, and the other is told who does", async () => {
    const [ada, grace] = await openMachines(backend);
    const first = pausing(ada);
    const running = runApply(input, first.deps);
    // A run that fails before its first write fails the test instead of keeping it waiting.
    await Promise.race([first.reached, running]);
    const sent = scene.requests.length;
    expect(await problemsOf(runApply(input, grace))).toMatchObject([
      { code: "locked", message: expect.stringContaining("ada on test") as string },
    ]);
    expect(scene.requests.length, "nothing was even read").toBe(sent);
    first.letGo();
    expect((await running).verdict).toBe("done");
    expect(creations()).toHaveLength(2);
    const after = await runApply(input, grace);
    expect(after.results, "the other one finds it done").toEqual([]);
    expect(creations()).toHaveLength(2);
  });

  test("with --lock-timeout the other waits, and plans what is left then", async () => {
    const [ada, grace] = await openMachines(backend);
    const first = pausing(ada);
    const running = runApply(input, first.deps);
    await Promise.race([first.reached, running]);
    // Its clock moves as it waits; the first is let go when it has looked twice.
    let looked = 0;
    const waiting: Deps["world"] = {
      ...grace.world,
      sleep: async (time) => {
        looked += 1;
        if (looked === 2) {
          first.letGo();
          await running;
        }
        await grace.world.sleep(time);
      },
    };
    const second = await runApply({ ...input, lockTimeout: 4 * minutes }, { ...grace, world: waiting });
    expect(looked).toBeGreaterThanOrEqual(2);
    expect(second.results).toEqual([]);
    expect(creations()).toHaveLength(2);
  });

  test("a killed holder keeps the other out for the lease and no longer, and nothing is made twice", async () => {
    // One step, so that nothing of the killed run goes on beside it.
    const [ada, grace] = await openMachines(backend, `services:\n${worker("one")}`);
    let died: () => void = () => undefined;
    const dead = new Promise<"died">((resolve) => (died = () => resolve("died")));
    let isDead = false;
    const never = new Promise<never>(() => undefined);
    const send: Deps["world"]["send"] = async (request) => {
      if (isDead) return never;
      const answer = await ada.world.send(request);
      if (request.method === "GET") return answer;
      // Killed after the API has done it, and before anybody could write that down.
      isDead = true;
      died();
      return never;
    };
    const sleep: Deps["world"]["sleep"] = (time) => (isDead ? never : ada.world.sleep(time));
    await Promise.race([runApply(input, { ...ada, world: { ...ada.world, send, sleep } }), dead]);
    expect(creations().length).toBeGreaterThan(0);
    expect(await problemsOf(runApply(input, grace))).toMatchObject([{ code: "locked" }]);
    await grace.world.sleep(4 * minutes);
    expect(await problemsOf(runApply(input, grace))).toMatchObject([{ code: "locked" }]);
    await grace.world.sleep(2 * minutes);
    const report: RunReport = await runApply(input, grace);
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["one"]);
    const { store } = await openState(input, grace);
    expect((await store.runs()).map((run) => [run.by?.user, run.verdict])).toEqual([
      ["grace", "done"],
      ["ada", "unfinished"],
    ]);
  });

  test("a run that lost its lock stops before its next write", async () => {
    // The service needs the database, so one write is under way and the other is still to come.
    const [ada, grace] = await openMachines(backend, chain);
    const first = pausing(ada);
    let writes = 0;
    const send: Deps["world"]["send"] = (request) => {
      if (request.method !== "GET") writes += 1;
      return first.deps.world.send(request);
    };
    const running = runApply(input, { ...first.deps, world: { ...first.deps.world, send } });
    await Promise.race([first.reached, running]);
    const underWay = writes;
    const { store } = await openState(input, grace);
    expect((await store.breakLock())?.holder.user).toBe("ada");
    await grace.world.sleep(2 * minutes);
    first.letGo();
    const ended = await running.then(
      (report) => report.problems,
      (error: unknown) => problemsOf(Promise.reject(error)),
    );
    expect(ended[0]).toMatchObject({ code: "lock-lost" });
    expect(writes).toBe(underWay);
  });
});
