import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Pending } from "../../src/core/model/inventory.ts";
import { idNamed, rowNamed, setFaults } from "../observe.ts";
import { openScene, start, type Scene } from "../scene.ts";
import { finish, formNow, input, lateCancels, setOut, walk, type Journey } from "./course.ts";
import { Mortal } from "./mortal.ts";
import { cutAt } from "./points.ts";

/** Its first deploy is cancelled and its own host is written, then it is deployed: four calls in this order. */
const journey: Journey = {
  name: "a service that knows its own host",
  to: `
workspace: Acme
services:
  - type: web
    name: front
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars: [{ key: SELF, fromService: { type: web, name: front, property: host } }]
`,
};
const lag = "lag:45,lag-deletes:45";

test.each(["before-write", "after-write"] as const)(
  "a run that is killed at its deploy (%s) while lists lag: the cancelled one, which shows later, is not taken for it",
  async (at) => {
    const course = await walk(journey);
    expect(course.passed.writes).toBe(4);
    expect(await cutAt(course, { at, number: 4 }, lag)).toEqual([]);
    await course.close();
  },
);

test("a deploy whose call never arrived is asked for again, although a list shows the cancelled one only now", async () => {
  const course = await walk(journey);
  const scene = await setOut(course);
  await setFaults(scene, `${lag},reset-before@POST /services/*/deploys#1`);
  const first = await new Mortal(scene).apply(input);
  expect(first).toMatchObject({ verdict: "done" });
  const form = await formNow(scene, lateCancels(await finish(scene)));
  expect(form).toBe(course.form);
  await scene.close();
  await course.close();
});

describe("a deploy of a service that has deploys already", () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const minute = 60_000;
  const api = "render/service/api";
  const fileWith = (level: string): string =>
    `services: [{ type: web, name: api, runtime: image, image: { url: nginx }, plan: starter, envVars: [{ key: LEVEL, value: ${level} }] }]`;
  const deploysNow = () =>
    rowNamed(scene, "services", "api")["deploys"] as readonly { readonly id: string }[];

  /** Live with one deploy, and a file that asks for another one. */
  async function changed(): Promise<void> {
    scene = await openScene();
    await scene.write(fileWith("info"));
    expect((await scene.apply()).verdict).toBe("done");
    await scene.world.sleep(30 * minute);
    await scene.write(fileWith("debug"));
  }

  /** Somebody's, half a minute before ours, which the lists show only when ours is asked for. */
  async function deployedByHand(): Promise<string> {
    await scene.edit("POST", `/services/${idNamed(scene, "services", "api")}/deploys`, {});
    await scene.world.sleep(minute / 2);
    return deploysNow().at(-1)!.id;
  }

  test("is asked for again when its call never arrived, although somebody's earlier one shows only now", async () => {
    await changed();
    await setFaults(scene, "lag:45,reset-before@POST /services/*/deploys#1");
    const theirs = await deployedByHand();
    expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "done" });
    expect(deploysNow()).toHaveLength(3);
    expect(deploysNow().at(-1)!.id).not.toBe(theirs);
  });

  test("is asked for by the next run, and somebody's earlier one is not taken for it", async () => {
    await changed();
    await setFaults(scene, "lag:45");
    await deployedByHand();
    expect(await new Mortal(scene, { at: "before-write", number: 2 }).apply(input)).toBe("died");
    await scene.world.sleep(minute);
    expect((await finish(scene)).verdict).toBe("done");
    expect(deploysNow()).toHaveLength(3);
  });

  test("is not asked for twice because a list shows it late to the run after a kill", async () => {
    await changed();
    await setFaults(scene, "lag:45");
    expect(await new Mortal(scene, { at: "after-write", number: 2 }).apply(input)).toBe("died");
    expect(deploysNow()).toHaveLength(2);
    expect((await finish(scene)).verdict).toBe("done");
    expect(deploysNow()).toHaveLength(2);
  });

  test("counts by its id alone where an earlier version noted no time", async () => {
    await changed();
    await setFaults(scene, "reset-before@POST /services/*/deploys");
    expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "failed" });
    await setFaults(scene, "");
    const path = join(scene.folder, "state/default/inventory.json");
    const inventory = JSON.parse(await readFile(path, "utf8")) as { pending: { [address: string]: Pending } };
    const { deployAt, ...before } = inventory.pending[api]!;
    expect(deployAt).toBeGreaterThan(start);
    expect(before.deployAfter).toBe(deploysNow()[0]!.id);
    await writeFile(path, JSON.stringify({ ...inventory, pending: { [api]: before } }));
    await deployedByHand();
    expect((await finish(scene)).verdict).toBe("done");
    expect(deploysNow()).toHaveLength(2);
    expect((await scene.inventory()).pending).toBeUndefined();
  });
});
