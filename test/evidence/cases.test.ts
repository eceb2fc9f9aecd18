import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runValidate } from "../../src/commands/validate.ts";
import { hasWork } from "../../src/core/model/plan.ts";
import { postgresInstances } from "../../src/simulator/render/datastore/postgres-row.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { idNamed, ourRows, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";
import { sharedFolder } from "./shared-folder.ts";

/*
 * The small inputs that came out wrong, each as it is in its file, with what its first comment calls right. They are read from
 * the evidence and stand nowhere else. A file without an expectation here fails.
 */

const folder = join(sharedFolder(), "cases");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/u, ""))
  .sort();
const textOf = (name: string): string => readFileSync(join(folder, `${name}.yaml`), "utf8");

let scene: Scene;

async function begin(text: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene({ limits: "off", ...options });
  await apply(text);
}

/** Applies a text, which has to succeed. */
async function apply(text: string, input: Parameters<Scene["apply"]>[0] = {}): Promise<readonly string[]> {
  await scene.write(text);
  const before = writesOf(scene).length;
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  return writesOf(scene).slice(before);
}

async function expectNothingLeft(): Promise<void> {
  const plan = await scene.plan();
  expect(plan.refusals).toEqual([]);
  expect(hasWork(plan)).toBe(false);
  expect((await scene.drift()).drifted).toEqual([]);
}

/** What `validate` says, as `severity code` by line. */
async function validate(text: string): Promise<readonly string[]> {
  scene = await openScene({ limits: "off" });
  await scene.write(text);
  const { problems } = await runValidate({ files: [] }, scene.deps);
  return problems.map(({ severity, code, where }) => `${severity} ${code} at line ${where?.line ?? 0}`);
}

const before = (text: string, ...changes: readonly (readonly [now: string, then: string])[]): string =>
  changes.reduce((all, [now, then]) => {
    expect(all).toContain(now);
    return all.replaceAll(now, then);
  }, text);

const lineOf = (text: string, part: string): number =>
  text.split("\n").findIndex((line) => line.includes(part) && !line.startsWith("#")) + 1;

const expectations: { readonly [name: string]: (text: string) => Promise<void> } = {
  "bulk-optional-writes-unchanged-service": async (text) => {
    await begin(text);
    const id = idNamed(scene, "services", "api");
    const writes = await apply(
      before(text, [
        "name: other, runtime: node, plan: starter",
        "name: other, runtime: node, plan: standard",
      ]),
    );
    expect(writes.filter((line) => line.includes(id))).toEqual([]);
    expect(writes).toHaveLength(2);
    expect(rowNamed(scene, "services", "other")).toMatchObject({ plan: "standard" });
    expect(rowNamed(scene, "services", "api")["deploys"]).toHaveLength(1);
  },

  "cron-impossible": async (text) =>
    expect(await validate(text)).toEqual([`error wrong-value at line ${lineOf(text, "61 *")}`]),

  "group-scoped-to-another-environment": async (text) =>
    expect(await validate(text)).toEqual([`error group-across at line ${lineOf(text, "fromGroup")}`]),

  "group-value-through-envvarkey": async (text) => {
    await begin(
      before(
        text,
        [/^envVarGroups.*\n/mu.exec(text)![0], ""],
        [", envVars: [{ fromGroup: g }]", ""],
        [/, envVars: \[\{ key: T, fromService.*\] \}/u.exec(text)![0], " }"],
      ),
    );
    await apply(text);
    const [{ value }] = rowNamed(scene, "environmentGroups", "g")["envVars"] as [{ value: string }];
    expect(variablesOf(scene, "b")).toEqual({ T: value });
    await expectNothingLeft();
  },

  "numinstances-under-live-autoscaling": async (text) => {
    await begin(
      before(text, [
        "numInstances: 1",
        "scaling: { minInstances: 2, maxInstances: 6, targetCPUPercent: 70 }",
      ]),
    );
    const row = scene.simulator.account.find(services, idNamed(scene, "services", "api"))!;
    row.numInstances = 4;
    expect(await apply(text)).toEqual([]);
    const notes = (await scene.plan()).changes.flatMap(({ notes: all }) => all);
    expect(JSON.stringify(notes)).toContain("autoscaling decides it (scaling: null turns that off)");
    row.numInstances = 6;
    await expectNothingLeft();
    expect(row).toMatchObject({ numInstances: 6, autoscaling: { min: 2, max: 6 } });
  },

  "pool-turned-on-with-reference": async (text) => {
    await begin(
      before(text, [", connectionPool: pgbouncer", ""], ["connectionPoolString", "connectionString"]),
    );
    const writes = await apply(text);
    expect(writes.map((line) => line.replace(/ \/.*\//u, " "))).toEqual([
      expect.stringMatching(/^PATCH dpg-/u),
      "PUT D 200",
      "POST deploys 202",
    ]);
    expect(variablesOf(scene, "api")["D"]).toContain("-pooler:6432/");
    await expectNothingLeft();
  },

  "postgres-default-user-rotated": async (text) => {
    await begin(text);
    const id = idNamed(scene, "postgres", "db");
    await scene.edit("POST", `/postgres/${id}/credentials`, { username: "rotated" });
    const plan = await scene.plan();
    expect(plan.refusals).toEqual([]);
    expect(plan.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      "keep render/postgres/db",
      "update render/service/api",
    ]);
    await apply(text, { allowDataLoss: ["render/postgres/db"] });
    expect(idNamed(scene, "postgres", "db")).toBe(id);
    expect(variablesOf(scene, "api")["DATABASE_URL"]).toContain("//rotated:");
  },

  "postgres-renamed-in-file": async (text) => {
    await begin(text);
    const id = idNamed(scene, "postgres", "db");
    const renamed = before(text, ["name: db", "name: db2"]);
    await scene.write(renamed);
    const sent = writesOf(scene).length;
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    const [refusal] = report.problems;
    expect(refusal).toMatchObject({ code: "looks-renamed", address: "render/postgres/db" });
    expect(refusal?.remedy).toContain("renamedFrom: db");
    expect(refusal?.remedy).toContain("--allow-data-loss render/postgres/db");
    expect(writesOf(scene)).toHaveLength(sent);
    await apply(before(renamed, ["name: db2, plan", "name: db2, lifecycle: { renamedFrom: db }, plan"]));
    expect(ourRows(scene, "postgres").map((row) => [row["id"], row["name"]])).toEqual([[id, "db2"]]);
    await expectNothingLeft();
  },

  "postgres-storage-autoscaled": async (text) => {
    await begin(text);
    const row = scene.simulator.account.find(postgresInstances, idNamed(scene, "postgres", "db"))!;
    row.diskSizeGB = 25;
    await expectNothingLeft();
    expect(await apply(text)).toEqual([]);
    expect(row.diskSizeGB).toBe(25);
  },

  "postgres-users-makes-own-default": async (text) => {
    await begin(before(text, [", users: [reporting]", ""]));
    const id = idNamed(scene, "postgres", "db");
    await apply(text);
    await expectNothingLeft();
    expect(idNamed(scene, "postgres", "db")).toBe(id);
    expect(rowNamed(scene, "postgres", "db")["users"]).toMatchObject([{ username: "reporting" }]);
  },

  "same-service-name-in-two-environments": async (text) => {
    await begin(text, { switches: { serviceNames: "environment" } });
    const made = (): unknown => ourRows(scene, "services").map(({ name, plan }) => [name, plan]);
    expect(made()).toEqual(
      expect.arrayContaining([
        ["api", "standard"],
        ["api", "starter"],
      ]),
    );
    await expectNothingLeft();
    await scene.close();
    scene = await openScene({ limits: "off" });
    await scene.write(text);
    const { verdict, problems } = await scene.apply();
    expect(verdict).toBe("failed");
    expect(problems).toMatchObject([
      { code: "name-taken", message: expect.stringMatching(/answered 409: .*api/u) as string },
    ]);
  },
};

test("every case has its expectation", () => {
  expect(cases).toEqual(Object.keys(expectations).sort());
});

describe("what was wrong is right", () => {
  afterEach(() => scene.close());

  test.each(cases)("%s", async (name) => {
    const expected = expectations[name];
    if (!expected) throw new Error(`no expectation for ${name}`);
    await expected(textOf(name));
  });
});
