import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { hasWork } from "../../src/core/plan.ts";
import type { Problem } from "../../src/core/problem.ts";
import type { RunReport } from "../../src/core/report.ts";
import { readDesired } from "../../src/file/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { generateState } from "../../src/simulator/generator.ts";
import type { RequestLine } from "../../src/simulator/server.ts";
import { ourRows, writesOf } from "../observe.ts";
import { openScene, start, type Scene } from "../scene.ts";
import { program, runTrueup } from "../shells/start-program.ts";
import { countGets, sumOf } from "./count-gets.ts";
import { writeStateText } from "./state-text.ts";

const [services, seed] = [200, 1];
const generated = generateState({ services, seed });
const text = writeStateText(generated);
const hour = 3_600_000;

/** What one hour allows of services, databases and caches together (documented). */
const creationsAnHour = 20;
const createdKinds = ["render/service", "render/postgres", "render/key-value"];
const creations = generated.resources.filter(({ kind }) => createdKinds.includes(kind)).length;

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

test("the file says what the generator made", () => {
  const { state, problems } = readDesired([{ name: "trueup.yaml", text }], {
    kinds: fileKinds,
    today: "2026-11-22",
  });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  const addresses = (resources: readonly { readonly address: string }[] = []): readonly string[] =>
    resources.map(({ address }) => address).sort();
  expect(addresses(state?.resources)).toEqual(addresses(generated.resources));
});

describe("an account of 200 services", () => {
  test("is adopted without any other change, and then the plan is empty", async () => {
    scene = await openScene({ services, seed });
    await scene.write(text);
    const plan = await scene.plan();
    const changed = plan.changes.filter(({ action, fields }) => action !== "adopt" || fields.length > 0);
    expect(changed.map(({ action, address, fields }) => [action, address, ...fields])).toEqual([]);
    expect((await scene.apply({ adopt: true })).problems).toEqual([]);
    expect(writesOf(scene)).toEqual([]);
    await expectEmptyPlan(scene);
  });

  test("is made in one apply that never meets a limit", async () => {
    scene = await openScene({ clock: makeSharedClock() });
    await scene.write(text);
    expect(errorsIn(await scene.apply())).toEqual([]);
    expect(ourRows(scene, "services")).toHaveLength(services);
    expectPaced(scene.requests, scene.world.now() - start);
    await expectEmptyPlan(scene);
  });

  test("is made by the real program on the virtual clock", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-generated-"));
    try {
      await writeFile(join(folder, "trueup.yaml"), text);
      const sim = ["sim", "--clock", "virtual", "--requests", "requests.ndjson", "--"];
      const apply = [process.execPath, program, "apply", "--yes", "--quiet"];
      const ended = await runTrueup([...sim, ...apply], { folder });
      expect(ended.stderr).not.toContain("429");
      expect(ended.code).toBe(0);
      const lines = (await readFile(join(folder, "requests.ndjson"), "utf8")).trimEnd().split("\n");
      const requests = lines.map((line) => JSON.parse(line) as RequestLine);
      expectPaced(requests, requests.at(-1)!.t - requests[0]!.t);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Whoever sleeps moves the time, and those who sleep at once sleep beside each other: a lease outlives all of them. */
function makeSharedClock(): {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
} {
  let now = start;
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      const until = now + Math.max(0, milliseconds);
      await setImmediate();
      now = Math.max(now, until);
    },
  };
}

/** A cancel can come too late here, as one waits while others move the clock. */
function errorsIn({ problems }: RunReport): readonly Problem[] {
  return problems.filter(({ severity }) => severity === "error");
}

/** Not one call too many, and no hour more than the creations need. */
function expectPaced(requests: readonly RequestLine[], took: number): void {
  expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  const made = requests.filter(({ budget, status }) => budget === "render/create" && status === 201);
  expect(made).toHaveLength(creations);
  const windows = Math.ceil(creations / creationsAnHour);
  expect(took).toBeGreaterThan((windows - 2) * hour);
  expect(took).toBeLessThan(windows * hour);
}

async function expectEmptyPlan(at: Scene): Promise<void> {
  const { state } = readDesired([{ name: "trueup.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
  const sent = at.requests.length;
  const plan = await at.plan();
  expect(hasWork(plan)).toBe(false);
  expect(plan.changes.filter(({ action }) => action !== "keep")).toEqual([]);
  const gets = countGets(state!, at);
  expect(at.requests.length - sent, JSON.stringify(gets)).toBe(sumOf(gets));
}
