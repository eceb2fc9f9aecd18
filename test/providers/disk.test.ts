import { afterEach, beforeEach, expect, test } from "vitest";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, readsOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const worker = (disk = ""): string => `
services:
  - type: worker
    name: queue
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
${disk}`;
const diskOf = (size: number, mountPath = "/var/data"): string =>
  `    disk: { name: data, mountPath: ${mountPath}, sizeGB: ${size} }\n`;

const agreed = { allowDataLoss: ["render/disk/queue"] };

function liveDisk(): unknown {
  return rowNamed(scene, "services", "queue")["disk"];
}

test("a new service and its disk are one call, and both are owned", async () => {
  await converge(scene, worker(diskOf(5)));
  expect(liveDisk()).toMatchObject({ name: "data", mountPath: "/var/data", sizeGB: 5 });
  const writes = scene.requests.filter(({ method }) => method !== "GET");
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /services"]);
  const { resources } = await scene.inventory();
  expect(resources["render/disk/queue"]?.id).toBe((liveDisk() as { id: string }).id);
  expect(await readsOf(scene)).toEqual(["GET /blueprints", "GET /services"]);
});

test("a disk without a size has the ten gigabytes of Blueprints", async () => {
  await converge(scene, worker("    disk: { name: data, mountPath: /var/data }\n"));
  expect(liveDisk()).toMatchObject({ sizeGB: 10 });
});

test("a disk of an existing service is its own call, and takes effect with one deploy", async () => {
  await converge(scene, worker());
  await scene.write(worker(diskOf(5)));
  expect(stepsOf(await scene.plan())).toEqual(["create render/disk/queue", "deploy render/service/queue"]);
  await converge(scene, worker(diskOf(5)));
  await scene.write(worker(diskOf(10, "/var/more")));
  expect(stepsOf(await scene.plan())).toEqual([
    "update render/disk/queue settings",
    "deploy render/service/queue",
  ]);
  await converge(scene, worker(diskOf(10, "/var/more")));
  expect(liveDisk()).toMatchObject({ mountPath: "/var/more", sizeGB: 10 });
});

test("a disk that the file drops is deleted, and the service is deployed without it", async () => {
  await converge(scene, worker(diskOf(5)));
  await scene.write(worker());
  const plan = await scene.plan();
  expect(plan.changes[0]).toMatchObject({ action: "delete", address: "render/disk/queue", losesData: true });
  expect(plan.refusals).toMatchObject([{ code: "data-loss", address: "render/disk/queue" }]);
  await converge(scene, worker(), agreed);
  expect(liveDisk()).toBeUndefined();
});

test("a smaller disk is refused", async () => {
  await converge(scene, worker(diskOf(10)));
  await scene.write(worker(diskOf(5)));
  const plan = await scene.plan();
  expect(plan.refusals.map(({ code, address }) => `${code} ${address}`)).toEqual([
    "disk-shrink render/disk/queue",
  ]);
});

test("somebody else's mount path is seen and reverted", async () => {
  await converge(scene, worker(diskOf(5)));
  const { id } = liveDisk() as { id: string };
  await scene.edit("PATCH", `/disks/${id}`, { mountPath: "/elsewhere" });
  expect(verdictsOf(await scene.plan())).toEqual(["update render/disk/queue outside"]);
  await converge(scene, worker(diskOf(5)));
  expect(liveDisk()).toMatchObject({ id, mountPath: "/var/data" });
});

test("a service that must be replaced takes its disk along, and that is refused until agreed to", async () => {
  const inRegion = (region: string): string =>
    worker(diskOf(5)).replace("plan: starter", `plan: starter\n    region: ${region}`);
  await converge(scene, inRegion("oregon"));
  const before = liveDisk() as { id: string };
  const moved = inRegion("frankfurt");
  await scene.write(moved);
  const plan = await scene.plan();
  expect(plan.refusals.map(({ code, address }) => `${code} ${address}`)).toEqual([
    "data-loss render/disk/queue",
    "replace render/service/queue",
  ]);
  await converge(scene, moved, { ...agreed, allowReplace: ["render/service/queue"] });
  expect(rowNamed(scene, "services", "queue")).toMatchObject({ region: "frankfurt" });
  expect((liveDisk() as { id: string }).id).not.toBe(before.id);
});

test("a lost answer to the creation leaves neither object to be adopted", async () => {
  await scene.close();
  let lost = false;
  scene = await openScene({
    send: (send) => async (request) => {
      const answer = await send(request);
      if (request.method !== "POST" || lost) return answer;
      lost = true;
      throw new Error("the connection broke");
    },
  });
  await converge(scene, worker(diskOf(5)));
  expect(Object.keys((await scene.inventory()).resources).sort()).toEqual([
    "render/disk/queue",
    "render/service/queue",
  ]);
});

test("a service gives up its instances before it gets a disk, and its disk before it gets instances", async () => {
  const scaled =
    "    scaling: { minInstances: 2, maxInstances: 3, targetCPUPercent: 60 }\n    numInstances: 2\n";
  const single = `    scaling:\n    numInstances: 1\n${diskOf(5)}`;
  await converge(scene, worker(scaled));
  await converge(scene, worker(single));
  expect(liveDisk()).toMatchObject({ sizeGB: 5 });
  await converge(scene, worker(scaled), agreed);
  expect(liveDisk()).toBeUndefined();
  expect(rowNamed(scene, "services", "queue")).toMatchObject({ autoscaling: { enabled: true, min: 2 } });
});
