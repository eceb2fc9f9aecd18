import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { moveOwned } from "../../src/commands/state/state.ts";
import { hasWork } from "../../src/core/model/plan.ts";
import { converge, idOf, stepsOf, verdictsOf } from "../providers/converge.ts";
import { ourRows, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

/*
 * Digests of what was last applied are bound to an address. After a rename they have to say as much as before: nobody changed
 * anything, and what the file or somebody changed beside it is told by its own verdict.
 */

let scene: Scene;
beforeEach(
  async () => void (scene = await openScene({ limits: "off", environment: { HUB: "pat_1", TOKEN: "t" } })),
);
afterEach(() => scene.close());

const from = (name: string): string => `, lifecycle: { renamedFrom: ${name} }`;
const drifted = async (): Promise<readonly unknown[]> =>
  (await scene.drift()).drifted.map(({ address, verdict }) => `${verdict} ${address}`);

const asked = (name: string, more = "", level = "info"): string =>
  `services: [{ type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: b, startCommand: s, ` +
  `envVars: [{ key: TYPED, sync: false }, { key: LEVEL, value: ${level} }, { key: MADE, generateValue: true }, { key: TOKEN, fromEnvironment: TOKEN }], ` +
  `secretFiles: [{ name: a.txt, sync: false }], scaling: { minInstances: 1, maxInstances: 3, targetCPUPercent: 70 }${more} }]\n`;

async function begin(): Promise<void> {
  await scene.write(asked("old"));
  expect((await scene.apply()).verdict).toBe("done");
  const path = `/services/${idOf(scene, "services", "old")}`;
  await scene.edit("PUT", `${path}/env-vars/TYPED`, { value: "by hand" });
  await scene.edit("PUT", `${path}/secret-files/a.txt`, { content: "by hand" });
  await converge(scene, asked("old"));
}

test("values that somebody typed in are no drift after a rename: before its run, after it, and under a third name", async () => {
  await begin();
  let former = "old";
  for (const name of ["new", "newer"]) {
    await scene.write(asked(name, from(former)));
    expect(verdictsOf(await scene.plan())).toEqual([`update render/service/${name} file`]);
    expect(await drifted()).toEqual([]);
    const sent = writesOf(scene).length;
    await converge(scene, asked(name, from(former)));
    expect(writesOf(scene).slice(sent)).toEqual([expect.stringMatching(/^PATCH \/services\/[^/]+ 200$/u)]);
    expect(await drifted()).toEqual([]);
    former = name;
  }
});

test("what the file changes in the edit that renames, and what somebody changed meanwhile, have their own verdicts", async () => {
  await begin();
  await scene.write(asked("new", from("old"), "debug").replace("maxInstances: 3", "maxInstances: 4"));
  expect(verdictsOf(await scene.plan())).toEqual(["update render/service/new file"]);
  await scene.edit("PUT", `/services/${idOf(scene, "services", "old")}/env-vars/TYPED`, { value: "another" });
  expect(await drifted()).toEqual(["changed render/service/new"]);
});

test("state move keeps them too", async () => {
  await begin();
  await scene.edit("PATCH", `/services/${idOf(scene, "services", "old")}`, { name: "new" });
  await moveOwned("render/service/old", "render/service/new", { files: [] }, scene.deps);
  await scene.write(asked("new"));
  expect(stepsOf(await scene.plan()).filter((id) => !id.startsWith("converge"))).toEqual([]);
  expect(await drifted()).toEqual([]);
  await converge(scene, asked("new"));
});

test("a token that no API shows is not sent again because its credential has another name", async () => {
  const file = (name: string, more = ""): string =>
    `registryCredentials: [{ name: ${name}, registry: DOCKER, username: acme, authToken: { fromEnvironment: HUB }${more} }]\n`;
  await converge(scene, file("hub"));
  await scene.write(file("docker", from("hub")));
  const [change] = (await scene.plan()).changes;
  expect(change?.fields.map(({ field }) => field)).toEqual(["name"]);
  await converge(scene, file("docker", from("hub")));
});

test("a database whose user somebody rotated is renamed, and not replaced", async () => {
  const file = (name: string, more = ""): string =>
    `databases: [{ name: ${name}, plan: basic-256mb, user: app, region: ohio${more} }]\n`;
  await converge(scene, file("db"));
  const id = idOf(scene, "postgres", "db");
  await scene.edit("POST", `/postgres/${id}/credentials`, { username: "rotated" });
  await scene.write(file("main", from("db")));
  const plan = await scene.plan();
  expect(plan.refusals).toEqual([]);
  expect(plan.changes.map(({ action }) => action)).toEqual(["update"]);
  await converge(scene, file("main", from("db")));
  expect(ourRows(scene, "postgres").map((row) => row["id"])).toEqual([id]);
});

describe("a former name that another block has", () => {
  const worker = (name: string, more = ""): string =>
    `  - { type: worker, name: ${name}, runtime: image, plan: starter, image: { url: nginx }${more} }\n`;

  test("is no name of a live object: two blocks never take one", async () => {
    await converge(scene, `services:\n${worker("a")}`);
    const id = idOf(scene, "services", "a");
    await rm(join(scene.folder, "state"), { recursive: true });
    const both = `services:\n${worker("b", from("a"))}${worker("a")}`;
    await scene.write(both);
    expect((await scene.plan()).problems).toMatchObject([{ code: "moved-declared", severity: "warning" }]);
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    expect(hasWork(await scene.plan())).toBe(false);
    expect(idOf(scene, "services", "a")).toBe(id);
    expect(ourRows(scene, "services")).toHaveLength(2);
  });
});
