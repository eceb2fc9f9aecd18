import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { renderRun } from "../../src/views/run/run.ts";
import { idNamed, ourRows, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const keys = Array.from({ length: 12 }, (_, index) => `SECRET_${index + 1}`);
const asked = keys.map((key) => `{key: ${key}, sync: false}`).join(", ");
const other = (plan: string): string =>
  `  - {type: web, name: other, runtime: node, plan: ${plan}, buildCommand: b, startCommand: s}\n`;
const api = (more: string, name = "api"): string =>
  `  - {type: web, name: ${name}, runtime: node, plan: starter, buildCommand: b, startCommand: s${more}}\n`;

/** What the change of the other service's plan takes. */
const others = ["PATCH /services/*", "POST /services/*/deploys"];

async function openWith(text: string): Promise<void> {
  scene = await openScene();
  await scene.write(text);
  expect((await scene.apply()).verdict).toBe("done");
}

/** What an apply wrote, ids as stars, and its report. */
async function applied(input: Parameters<Scene["apply"]>[0] = {}) {
  const before = writesOf(scene).length;
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  const writes = writesOf(scene)
    .slice(before)
    .map((write) => write.replace(/ \d+$/u, "").replaceAll(/\/[a-z]{3}-[0-9a-v]{20}/gu, "/*"));
  return { report, writes };
}

function statusesOf({ results }: RunReport): { readonly [status: string]: number } {
  const counts: { [status: string]: number } = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe("values that nobody gives", () => {
  test("eleven and more of them write nothing to their service and deploy it not, beside another's work", async () => {
    await openWith(
      `services:\n${other("starter")}${api(`, envVars: [{key: LEVEL, value: info}, ${asked}]`)}`,
    );
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/BY_HAND`, { value: "kept" });
    await scene.write(
      `services:\n${other("standard")}${api(`, envVars: [{key: LEVEL, value: info}, ${asked}]`)}`,
    );
    const { report, writes } = await applied();
    expect(writes).toEqual(others);
    expect(statusesOf(report)).toEqual({ done: 2, skipped: 13 });
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info", BY_HAND: "kept" });
  });

  test("a bare adoption of a live service with twelve of them writes nothing", async () => {
    scene = await openScene();
    await scene.write(`services:\n${api(", envVars: [{key: BY_HAND, value: kept}]")}`);
    await scene.apply();
    await scene.write(`services:\n${api(`, envVars: [${asked}]`)}`);
    await rm(join(scene.folder, "state"), { recursive: true });
    const { report, writes } = await applied({ adopt: true });
    expect(writes).toEqual([]);
    expect(statusesOf(report)).toEqual({ done: 1, skipped: 13 });
    expect(variablesOf(scene, "api")).toEqual({ BY_HAND: "kept" });
  });

  test("beside three changed variables these are single calls, and nothing is replaced as a whole", async () => {
    const text = (level: string): string =>
      `services:\n${api(`, envVars: [{key: A, value: ${level}}, {key: B, value: ${level}}, {key: C, value: ${level}}, ${asked}]`)}`;
    await openWith(text("one"));
    await scene.write(text("two"));
    const { writes } = await applied();
    expect(writes).toEqual([
      "PUT /services/*/env-vars/A",
      "PUT /services/*/env-vars/B",
      "PUT /services/*/env-vars/C",
      "POST /services/*/deploys",
    ]);
  });

  test("of secret files and of a group nothing is written, and no linked service is deployed", async () => {
    const files = Array.from({ length: 11 }, (_, index) => `{name: f${index}, sync: false}`).join(", ");
    const text = (plan: string): string =>
      `envVarGroups:\n  - {name: shared, envVars: [{key: LEVEL, value: info}, ${asked}], secretFiles: [${files}]}\n` +
      `services:\n${other(plan)}${api(`, envVars: [{fromGroup: shared}], secretFiles: [${files}]`)}`;
    await openWith(text("starter"));
    await scene.write(text("standard"));
    const { writes } = await applied();
    expect(writes).toEqual(others);
    expect(ourRows(scene, "environmentGroups")).toMatchObject([
      { envVars: [{ key: "LEVEL", value: "info" }] },
    ]);
  });

  test("do not make a rename or a move deploy the service", async () => {
    await openWith(`services:\n${api(`, envVars: [{key: LEVEL, value: info}, {key: KEY_1, sync: false}]`)}`);
    const before = writesOf(scene).length;
    await scene.write(
      `projects:\n  - {name: shop, environments: [{name: live, services: [\n` +
        `      {type: web, name: renamed, runtime: node, plan: starter, buildCommand: b, startCommand: s,\n` +
        `       lifecycle: {renamedFrom: api}, envVars: [{key: LEVEL, value: info}, {key: KEY_1, sync: false}]}]}]}\n`,
    );
    const report = await scene.apply();
    expect(report.verdict).toBe("done");
    const writes = writesOf(scene).slice(before);
    expect(writes.some((write) => write.startsWith("PATCH /services/"))).toBe(true);
    expect(writes.filter((write) => write.includes("/deploys"))).toEqual([]);
    expect(report.results).toContainEqual({ step: "deploy render/service/renamed", status: "skipped" });
  });
});

describe("values that somebody gives", () => {
  test("have the hash that the plan had without them, one or all twelve, and arrive in single calls", async () => {
    await openWith(`services:\n${api(`, envVars: [{key: A, value: one}, ${asked}]`)}`);
    await scene.write(
      `services:\n${api(`, envVars: [{key: ZED, value: new}, ${asked}, {key: A, value: two}]`)}`,
    );
    const { hash } = await scene.plan();
    for (const many of [1, 12]) {
      const lines = keys.slice(0, many).map((key) => `${key}=given ${key}\n`);
      await writeFile(join(scene.folder, `${many}.env`), lines.join(""));
      expect((await scene.plan({ values: `${many}.env` })).hash).toBe(hash);
    }
    const { writes } = await applied({ values: "12.env" });
    expect(writes).not.toContain("PUT /services/*/env-vars");
    expect(variablesOf(scene, "api")).toEqual({
      A: "two",
      ZED: "new",
      ...Object.fromEntries(keys.map((key) => [key, `given ${key}`])),
    });
  });

  test("one of twelve is written and deployed, and the others are told as skipped", async () => {
    await openWith(`services:\n${api(`, envVars: [${asked}]`)}`);
    await writeFile(join(scene.folder, "values.env"), "SECRET_3=given\n");
    const { report, writes } = await applied({ values: "values.env" });
    expect(writes).toEqual(["PUT /services/*/env-vars/SECRET_3", "POST /services/*/deploys"]);
    expect(statusesOf(report)).toEqual({ done: 2, skipped: 11 });
    expect(isPending(await scene.plan())).toBe(false);
  });
});

describe("a skipped step", () => {
  test("is told as skipped by events, report, JSON of the run and the kept record, and as done by none", async () => {
    await openWith(`services:\n${other("starter")}${api(", envVars: [{key: KEY_1, sync: false}]")}`);
    await scene.write(`services:\n${other("standard")}${api(", envVars: [{key: KEY_1, sync: false}]")}`);
    scene.events.length = 0;
    const { report } = await applied();
    const skipped = ["update render/service/api envVars.KEY_1", "deploy render/service/api"];
    expect(report.results.filter(({ status }) => status === "skipped").map(({ step }) => step)).toEqual(
      skipped,
    );
    const told = (name: string) =>
      scene.events.flatMap((event) => (event.event === name && "step" in event ? [event.step] : []));
    expect(told("step-skipped")).toEqual(skipped);
    const done = ["update render/service/other settings", "deploy render/service/other"];
    expect(told("step-done")).toEqual(done);
    expect(told("step-began")).toEqual(done);
    const [record] = (await readdir(join(scene.folder, "state/default/runs"))).filter((name) =>
      name.startsWith(report.run),
    );
    const kept = JSON.parse(await scene.read(`state/default/runs/${record}`)) as {
      readonly steps: readonly { readonly step: string; readonly status: string }[];
    };
    expect(kept.steps.filter(({ status }) => status === "skipped").map(({ step }) => step)).toEqual(skipped);
    const text = renderRun(report, { columns: 120, colour: false, unicode: false });
    expect(text).toMatch(
      /^Done {3}2 steps in .*, 2 skipped: there was nothing to write\nStill without a value/u,
    );
    expect(rowNamed(scene, "services", "api")["envVars"]).toEqual([]);
  });
});
