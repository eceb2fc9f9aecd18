import { afterEach, expect, test } from "vitest";
import { showOwned, showStanding } from "../../../src/commands/state/state-show.ts";
import { Mortal } from "../../crash/mortal.ts";
import { input } from "../../crash/course.ts";
import { setFaults } from "../../observe.ts";
import { openScene, start, type Scene } from "../../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const files = { files: [] };
const worker = (name: string, more = ""): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${more} }`;
const workers = (count: number): string =>
  `services:\n${Array.from({ length: count }, (_, index) => worker(`w${String(index).padStart(2, "0")}`)).join("\n")}\n`;

const show = () => showStanding(files, scene.deps);

test("after a run that was stopped: what is done, what waits for which limit, and until when", async () => {
  scene = await openScene();
  await scene.write(workers(24));
  expect((await scene.apply({ maxDuration: 300_000 })).verdict).toBe("stopped");
  const { unfinished } = await show();
  expect(unfinished).toMatchObject({ steps: 24, done: 20, verdict: "stopped", isRunning: false });
  const [window] = scene.requests.filter(({ budget }) => budget === "render/create");
  const hour = Math.ceil(window!.t / 3_600_000) * 3_600_000;
  const { next, left, end } = unfinished!;
  expect(next!.budget).toBe("render/create");
  expect(Math.abs(next!.at - hour)).toBeLessThanOrEqual(2_000);
  expect(left).toHaveLength(4);
  for (const { wait, status } of left) {
    expect(status).toBe("left");
    expect(wait).toEqual({ for: "budget", budget: "render/create", until: next!.at });
  }
  expect(end).toBeGreaterThan(next!.at);
  await scene.apply({ resume: true, yes: false });
  expect((await show()).unfinished).toBeUndefined();
});

test("after a run that was killed: a call without an answer is uncertain, and what needs it waits for it", async () => {
  scene = await openScene();
  const self =
    ", envVars: [{ key: SELF, fromService: { type: worker, name: api, envVarKey: RENDER_SERVICE_NAME } }]";
  await scene.write(`services:\n${worker("api", self)}\n`);
  expect(await new Mortal(scene, { at: "after-write", number: 1 }).apply(input)).toBe("died");
  const { unfinished, inventory } = await show();
  expect(unfinished).toMatchObject({ done: 0, verdict: "unfinished" });
  expect(unfinished!.left[0]).toMatchObject({ step: "create render/service/api", status: "uncertain" });
  expect(inventory.pending).toHaveProperty("render/service/api");
  expect(await showOwned("render/service/api", files, scene.deps)).toMatchObject({
    pending: { creation: { at: start } },
  });
});

test("a step that failed says why, and those behind it that they wait for it", async () => {
  scene = await openScene({ faults: "402@POST /services/*/deploys" });
  await scene.write(`services:\n${worker("api", ", envVars: [{ key: LEVEL, value: info }]")}\n`);
  await scene.apply();
  await scene.write(`services:\n${worker("api", ", envVars: [{ key: LEVEL, value: debug }]")}\n`);
  expect((await scene.apply()).verdict).toBe("failed");
  const { unfinished } = await show();
  expect(unfinished).toMatchObject({ steps: 2, done: 1, verdict: "failed" });
  expect(unfinished!.left).toEqual([
    {
      step: "deploy render/service/api",
      address: "render/service/api",
      status: "failed",
      code: "payment-required",
      wait: { for: "nothing" },
    },
  ]);
  await setFaults(scene, "");
  await scene.apply({ resume: true, yes: false });
  expect((await show()).unfinished).toBeUndefined();
});

test("nothing is asked of an account, and nothing is written", async () => {
  scene = await openScene();
  await scene.write(workers(1));
  const before = scene.requests.length;
  expect(await show()).toEqual({
    place: `${scene.folder}/state/default`,
    inventory: { version: 2, lineage: "", serial: 0, resources: {}, files: {} },
    at: scene.world.now(),
  });
  expect(scene.requests.length).toBe(before);
});
