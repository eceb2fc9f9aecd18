import { afterEach, describe, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const screen = { columns: 100, colour: false, unicode: true } as const;

/** What was asked for meanwhile, by path, ids as stars, queries left out. */
async function getsOf(work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const sent = scene.requests.length;
  await work();
  const counts = new Map<string, number>();
  for (const { path } of scene.requests.slice(sent).filter((one) => one.method === "GET")) {
    const shape = path.replaceAll(/\/[a-z]{3}-[0-9a-v]{20}(?:-[a-z])?/g, "/*");
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return counts;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

const kindOf = (path: string): boolean => path.endsWith("/connection-info");

describe("adopting an account of 350 resources", () => {
  test("costs what its plan costs, reads each datastore once, asks RENDERCAD nothing, and takes the time that was promised", async () => {
    scene = await openScene({ services: 200, seed: 3, limits: "documented" });
    const { text, resources } = await runExport({ literals: [] }, scene.deps);
    expect(resources.length).toBeGreaterThan(340);
    expect(text).not.toMatch(/^rendercad:/mu);
    await scene.write(text);
    let promised = 0;
    const planned = await getsOf(async () => {
      const plan = await scene.plan({ adopt: true });
      promised = plan.schedule.end;
      expect(plan.schedule.reading?.calls).toBe(plan.reads.calls);
      expect(plan.schedule.tightest).toBe("render/read");
      expect(renderPlan(plan, screen)).toMatch(
        /Time {3}about (?:\d+ s|1 min|2 min), limited by render\/read/,
      );
    });
    let took = 0;
    const adopted = await getsOf(async () => {
      const report = await scene.apply({ adopt: true });
      expect(report.verdict).toBe("done");
      took = report.took;
    });
    expect(Math.abs(took - promised)).toBeLessThan(15_000);
    expect(adopted).toEqual(planned);
    expect(sumOf(adopted)).toBeGreaterThan(350);
    const datastores = new Set(scene.requests.filter(({ path }) => kindOf(path)).map(({ path }) => path));
    const read = [...adopted].filter(([path]) => kindOf(path)).reduce((sum, [, count]) => sum + count, 0);
    expect(read).toBeGreaterThan(20);
    expect(read).toBeLessThanOrEqual(datastores.size);
    expect(scene.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    const later = scene.requests.slice(-sumOf(adopted));
    expect(later.filter(({ api }) => api === "rendercad")).toEqual([]);
  });
});

test("one read of a datastore serves all variables that a run writes, and what the run itself changes is read again", async () => {
  const variable = (key: string, property: string) =>
    `{ key: ${key}, fromDatabase: { name: main, property: ${property} } }`;
  const worker = (name: string, variables: string) =>
    `  - { type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: b, startCommand: s, envVars: [${variables}] }\n`;
  const wired = ["one", "two", "three"].map((name) =>
    worker(
      name,
      `${variable("A", "connectionString")}, ${variable("B", "password")}, ${variable("C", "user")}`,
    ),
  );
  const database = (more: string) => `databases: [{ name: main, plan: basic-256mb${more} }]\nservices:\n`;
  const infoReads = async (): Promise<number> => {
    const counts = await getsOf(async () => expect((await scene.apply()).verdict).toBe("done"));
    return [...counts].filter(([path]) => kindOf(path)).reduce((sum, [, count]) => sum + count, 0);
  };
  scene = await openScene({ limits: "off" });
  await scene.write(database("") + ["one", "two", "three"].map((name) => worker(name, "")).join(""));
  await scene.apply();
  await scene.write(database("") + wired.join(""));
  // The plan reads it to compare, the run to write.
  expect(await infoReads()).toBe(2);
  await scene.write(database(", users: [reporting]") + wired.join(""));
  expect(await infoReads()).toBe(1);
  expect((await scene.plan()).steps).toEqual([]);
});
