import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasDrift } from "../../src/core/planning/drift.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { converge, idOf, verdictsOf } from "../providers/converge.ts";
import { openScene, type Scene } from "../scene.ts";

/* Of an object a file names some members. Another choice of them is a change of the file alone, and the others stay as they are. */

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ limits: "off" })));
afterEach(() => scene.close());

const web = (more: string, runtime = "runtime: node, buildCommand: b, startCommand: s"): string =>
  `services: [{ type: web, name: api, plan: starter, ${runtime}, ${more} }]\n`;
const image = (more: string): string =>
  `registryCredentials: [{ name: hub, registry: DOCKER, username: u, authToken: { fromEnvironment: HUB } }]\n${web(`image: { ${more} }`, "runtime: image")}`;
const row = () => scene.simulator.account.find(services, idOf(scene, "services", "api"))!;
const scaling = (more: string): string => web(`scaling: { minInstances: 1, maxInstances: 3, ${more} }`);

describe("the file moved, and nobody else", () => {
  test.each([
    [
      "a member more",
      web("maintenanceMode: { enabled: true }"),
      web("maintenanceMode: { enabled: true, uri: 'https://m.acme.test' }"),
    ],
    [
      "a member less, and another value",
      web("maintenanceMode: { enabled: true, uri: 'https://m.acme.test' }"),
      web("maintenanceMode: { enabled: false }"),
    ],
    ["another member", web("buildFilter: { paths: [a] }"), web("buildFilter: { ignoredPaths: [docs] }")],
    [
      "both lists for one",
      web("buildFilter: { paths: [a] }"),
      web("buildFilter: { paths: [b], ignoredPaths: [c] }"),
    ],
    ["another target", scaling("targetCPUPercent: 70"), scaling("targetMemoryPercent: 60")],
    [
      "notifications of previews too",
      web("notifications: { send: failure }"),
      web("notifications: { send: all, previews: true }"),
    ],
    [
      "another image, without its credential",
      image("url: acme/a:1, creds: { fromRegistryCreds: { name: hub } }"),
      image("url: acme/a:2"),
    ],
  ])("%s", async (_what, first, second) => {
    scene.setVariable("HUB", "pat_1");
    await converge(scene, first);
    await scene.write(second);
    expect(verdictsOf(await scene.plan())).toEqual(["update render/service/api file"]);
    expect(hasDrift(await scene.drift())).toBe(false);
    await converge(scene, second);
  });

  test("somebody who changed a member as well is told", async () => {
    await converge(scene, web("maintenanceMode: { enabled: true, uri: 'https://m.acme.test' }"));
    row().maintenanceMode = { enabled: true, uri: "https://theirs.test" };
    await scene.write(web("maintenanceMode: { enabled: false }"));
    expect(verdictsOf(await scene.plan())).toEqual(["update render/service/api both"]);
  });
});

describe("a member that the file does not name", () => {
  test("stays when the page of the maintenance mode is somebody's, and the mode is turned on", async () => {
    await converge(scene, web("maintenanceMode: { enabled: false }"));
    row().maintenanceMode = { enabled: false, uri: "https://theirs.test" };
    await converge(scene, web("maintenanceMode: { enabled: true }"));
    expect(row().maintenanceMode).toEqual({ enabled: true, uri: "https://theirs.test" });
  });

  test("stays when the mode is on, and only its page is declared", async () => {
    await converge(scene, web("region: oregon"));
    row().maintenanceMode = { enabled: true, uri: "" };
    await converge(scene, web("maintenanceMode: { uri: 'https://m.acme.test' }"));
    expect(row().maintenanceMode).toEqual({ enabled: true, uri: "https://m.acme.test" });
    await converge(scene, web("maintenanceMode: null"));
    expect(row().maintenanceMode).toEqual({ enabled: false, uri: "" });
  });
});

test("autoscaling is said as a whole: a target that the file leaves out is off, and one that somebody turns on is drift", async () => {
  await converge(scene, scaling("targetCPUPercent: 70"));
  const { autoscaling } = row();
  if (!autoscaling) throw new Error("autoscaling is off");
  row().autoscaling = {
    ...autoscaling,
    criteria: { ...autoscaling.criteria, memory: { enabled: true, percentage: 80 } },
  };
  expect(hasDrift(await scene.drift())).toBe(true);
  await converge(scene, scaling("targetCPUPercent: 70"));
  expect(row().autoscaling?.criteria.memory.enabled).toBe(false);
});
