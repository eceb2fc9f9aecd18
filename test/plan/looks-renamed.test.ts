import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plan } from "../../src/core/model/plan.ts";
import { idNamed, ourRows, rowNamed, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf } from "../providers/converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const shop = (database: string): string => `
databases: [{ name: ${database}, plan: basic-256mb }]
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: b
    startCommand: s
    envVars: [{ key: DATABASE_URL, fromDatabase: { name: ${database}, property: connectionString } }]
`;

type Worker = {
  readonly name: string;
  readonly start?: string;
  readonly root?: string;
  readonly more?: string;
};
const worker = ({ name, start = "jobs", root = ".", more = "" }: Worker): string =>
  `  - { type: worker, name: ${name}, runtime: node, plan: starter, rootDir: ${root}, buildCommand: b, startCommand: ${start}${more} }\n`;
const workers = (...list: readonly Worker[]): string => `services:\n${list.map(worker).join("")}`;

const codesOf = (plan: Plan): readonly string[] =>
  plan.refusals.map(({ code, address }) => `${code} ${address}`);

describe("a database under another name", () => {
  test("is refused with the line to paste, and nothing is written", async () => {
    await converge(scene, shop("db"));
    const before = scene.simulator.save().tables;
    await scene.write(shop("db2"));
    const sent = writesOf(scene).length;
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(codesOf(report.plan)).toEqual(["looks-renamed render/postgres/db"]);
    const [refusal] = report.problems;
    expect(refusal?.remedy).toContain("`lifecycle: { renamedFrom: db }` in the block of render/postgres/db2");
    expect(refusal?.answer).toEqual({
      flags: ["--allow-data-loss render/postgres/db"],
      word: "render/postgres/db",
      block: "moved:\n  - { from: render/postgres/db, to: render/postgres/db2 }",
    });
    expect(writesOf(scene)).toHaveLength(sent);
    expect(scene.simulator.save().tables["postgres"]).toEqual(before["postgres"]);
  });

  test.each([
    ["the line", shop("db2").replace("basic-256mb", "basic-256mb, lifecycle: { renamedFrom: db }")],
    ["the block", `${shop("db2")}moved:\n  - { from: render/postgres/db, to: render/postgres/db2 }\n`],
  ])("keeps its data with %s that the refusal gives", async (_what, file) => {
    await converge(scene, shop("db"));
    const id = idOf(scene, "postgres", "db");
    await converge(scene, file);
    expect(ourRows(scene, "postgres").map((row) => [row["id"], row["name"]])).toEqual([[id, "db2"]]);
  });

  test("is let go by the flag, its data exported first", async () => {
    await converge(scene, shop("db"));
    await scene.write(shop("db2"));
    const report = await scene.apply({ allowDataLoss: ["render/postgres/db"] });
    expect(report.verdict).toBe("done");
    expect(report.problems.map(({ code }) => code)).toEqual(["exported"]);
    expect(ourRows(scene, "postgres").map((row) => row["name"])).toEqual(["db2"]);
  });

  test("among several is refused with each of them", async () => {
    await converge(scene, shop("db"));
    await scene.write(shop("one").replace("databases: [", "databases: [{ name: two, plan: basic-256mb }, "));
    const { refusals } = await scene.plan();
    expect(refusals.map(({ code }) => code)).toEqual(["looks-renamed"]);
    expect(refusals[0]?.message).toContain("render/postgres/one and render/postgres/two are made");
    expect(refusals[0]?.answer).not.toHaveProperty("block");
  });
});

test("a Key Value instance that keeps nothing is no rename, and needs no consent", async () => {
  const cache = (name: string, plan: string): string =>
    `services: [{ type: keyvalue, name: ${name}, plan: ${plan}, ipAllowList: [] }]\n`;
  await converge(scene, cache("a", "free"));
  await converge(scene, cache("b", "free"));
  await converge(scene, cache("c", "starter"));
  await scene.write(cache("d", "starter"));
  expect(codesOf(await scene.plan())).toEqual(["looks-renamed render/key-value/c"]);
});

describe("a service", () => {
  const secrets =
    ", envVars: [{ key: STRIPE, sync: false }, { key: SESSION, generateValue: true }, { key: MODE, value: x }]";

  test("swapped for a like one is refused, and its hand-given values are named", async () => {
    await scene.write(workers({ name: "old", more: secrets }));
    await scene.write("STRIPE=sk\n", ".env.values");
    expect((await scene.apply({ values: ".env.values" })).verdict).toBe("done");
    const id = idNamed(scene, "services", "old");
    await scene.edit("PUT", `/services/${id}/env-vars/TYPED`, { value: "by hand" });
    await scene.write(workers({ name: "new", more: secrets }));
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(codesOf(report.plan)).toEqual(["looks-renamed render/service/old"]);
    expect(report.problems[0]?.message).toContain("SESSION, STRIPE, TYPED");
    expect(report.problems[0]?.message).not.toContain("MODE");
    expect(report.problems[0]?.answer).toMatchObject({ word: "yes" });
    await scene.write(workers({ name: "new", more: `${secrets}, lifecycle: { renamedFrom: old }` }));
    expect((await scene.apply()).verdict).toBe("done");
    expect(rowNamed(scene, "services", "new")["id"]).toBe(id);
  });

  test("of the same monorepo that does something else is deleted with a remark", async () => {
    await converge(scene, workers({ name: "mail", start: "mail" }, { name: "jobs" }));
    await scene.write(workers({ name: "billing", start: "billing" }, { name: "jobs" }));
    const plan = await scene.plan();
    expect(plan.refusals).toEqual([]);
    expect(plan.problems.map(({ code }) => code)).toContain("maybe-renamed");
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["jobs", "billing"]);
  });

  test("with a disk is one rename, answered by one line", async () => {
    const disk = ", disk: { name: data, mountPath: /data }";
    await converge(scene, workers({ name: "old", more: disk }));
    const { id } = rowNamed(scene, "services", "old");
    await scene.write(workers({ name: "new", more: disk }));
    const { refusals } = await scene.plan();
    expect(refusals.map(({ code, address }) => `${code} ${address}`)).toEqual([
      "looks-renamed render/service/old",
      "data-loss render/disk/old",
    ]);
    expect(refusals[1]?.answer).not.toHaveProperty("block");
    const block = refusals[0]?.answer?.block;
    await converge(scene, `${workers({ name: "new", more: disk })}${block}\n`);
    expect(rowNamed(scene, "services", "new")["id"]).toBe(id);
  });

  test("of another name whose disk alone is alike is refused for the disk", async () => {
    const disk = ", disk: { name: data, mountPath: /data }";
    await converge(scene, workers({ name: "old", more: disk }));
    await scene.write(workers({ name: "new", start: "other", more: disk }));
    const { refusals } = await scene.plan();
    expect(refusals.map(({ code, address }) => `${code} ${address}`)).toEqual([
      "looks-renamed render/disk/old",
    ]);
    expect(refusals[0]?.remedy).toContain("renamedFrom: old }` in the block of render/service/new");
  });

  test("that goes alone, as one cron job of three, needs nothing", async () => {
    await converge(scene, workers({ name: "a" }, { name: "b" }, { name: "c" }));
    await converge(scene, workers({ name: "a" }, { name: "b" }));
    await converge(scene, workers({ name: "a" }, { name: "b" }, { name: "d" }));
    expect(ourRows(scene, "services")).toHaveLength(3);
  });
});

test("a deletion names the values that nobody can give again", async () => {
  const more = ", envVars: [{ key: SESSION, generateValue: true }, { key: MODE, value: x }]";
  await converge(scene, workers({ name: "a", more }, { name: "b" }, { name: "c" }));
  await scene.edit("PUT", `/services/${idNamed(scene, "services", "a")}/env-vars/TYPED`, { value: "x" });
  await scene.write(workers({ name: "b" }, { name: "c" }));
  const { changes } = await scene.plan();
  expect(changes.find(({ action }) => action === "delete")?.notes).toEqual([
    { note: "goes-for-good", field: "envVars", entries: ["SESSION", "TYPED"] },
  ]);
  expect(await readFile(`${scene.folder}/state/default/inventory.json`, "utf8")).toContain("envVars.SESSION");
});
