import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stateOf } from "../file/read.ts";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, stepsOf } from "./converge.ts";

let scene: Scene;
afterEach(() => scene.close());

const web = (more: string): string => `
services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm ci
    startCommand: npm start
    ${more}
`;

async function refusals(text: string): Promise<readonly string[]> {
  await scene.write(text);
  return (await scene.plan()).refusals.map(({ code, address }) => `${code} ${address}`);
}

describe("a free service that is there", () => {
  beforeEach(async () => {
    scene = await openScene({ load: [stateOf(web("plan: free"))] });
  });

  test.each([
    ["disk: { name: data, mountPath: /data }", "render/disk/api"],
    ["numInstances: 2", "render/service/api"],
    ["scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 60 }", "render/service/api"],
    ["preDeployCommand: npm run migrate", "render/service/api"],
    ["maintenanceMode: { enabled: true }", "render/service/api"],
  ])("gets no %s, and nothing is written", async (more, address) => {
    expect(await refusals(web(more))).toEqual([`not-on-free ${address}`]);
    expect((await scene.apply({ adopt: true })).verdict).toBe("refused");
    expect(scene.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("runs no job before a deploy", async () => {
    const text = web("lifecycle: { beforeDeploy: { job: make } }");
    expect(await refusals(text)).toEqual([]);
    expect(await refusals(text.replace("npm start", "npm run serve"))).toEqual([
      "not-on-free render/service/api",
    ]);
  });

  test.each(["maintenanceMode: { enabled: false }", "maintenanceMode:"])(
    "is as the file says with %s",
    async (more) => {
      await converge(scene, web(more), { adopt: true });
      expect(scene.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    },
  );

  test("leaves the plan first when it gets what only others have", async () => {
    const paid = web("plan: starter\n    numInstances: 2\n    maintenanceMode: { enabled: true }");
    await converge(scene, paid, { adopt: true });
    expect(rowNamed(scene, "services", "api")).toMatchObject({ plan: "starter", numInstances: 2 });
    await converge(scene, web("plan: starter\n    maintenanceMode:\n    numInstances: 1"));
    expect(rowNamed(scene, "services", "api")).toMatchObject({ maintenanceMode: { enabled: false } });
  });

  test("leaves the plan before its disk is made", async () => {
    await converge(scene, web("plan: starter\n    disk: { name: data, mountPath: /data }"), { adopt: true });
    expect(rowNamed(scene, "services", "api")["disk"]).toMatchObject({ name: "data" });
  });
});

describe("a disk and several instances", () => {
  beforeEach(async () => void (scene = await openScene()));

  const disk = "disk: { name: data, mountPath: /data }";

  test.each([
    ["/scale", "POST", { numInstances: 2 }],
    [
      "/autoscaling",
      "PUT",
      { enabled: true, min: 1, max: 2, criteria: { cpu: { enabled: true, percentage: 60 } } },
    ],
  ])("of somebody else's (%s) are told before anything is written", async (path, method, body) => {
    await converge(scene, web("plan: starter"));
    await scene.edit(method, `/services/${idOf(scene, "services", "api")}${path}`, body);
    expect(await refusals(web(`plan: starter\n    ${disk}`))).toEqual(["disk-and-scaling render/disk/api"]);
    await converge(scene, web(`plan: starter\n    ${disk}\n    numInstances: 1\n    scaling:`));
    expect(rowNamed(scene, "services", "api")).toMatchObject({ numInstances: 1, disk: { name: "data" } });
  });

  test("a disk that no file declares keeps a service from getting several", async () => {
    await converge(scene, web("plan: starter"));
    const serviceId = idOf(scene, "services", "api");
    await scene.edit("POST", "/disks", { serviceId, name: "theirs", mountPath: "/data", sizeGB: 1 });
    expect(await refusals(web("plan: starter\n    numInstances: 2"))).toEqual([
      "disk-and-scaling render/service/api",
    ]);
  });
});

describe("what no creation takes", () => {
  beforeEach(async () => void (scene = await openScene()));

  test("PostgreSQL 10", async () => {
    const text = `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "10" }]`;
    expect(await refusals(text)).toEqual(["retired-version render/postgres/main"]);
  });

  test("a second free database", async () => {
    const two = `databases: [{ name: one, plan: free }, { name: two, plan: free }]`;
    expect(await refusals(two)).toEqual(["free-plan render/postgres/two"]);
    await converge(scene, two.replace("two, plan: free", "two, plan: basic-256mb"));
    expect(
      await refusals(
        two
          .replace("]", ", { name: three, plan: free }]")
          .replace("two, plan: free", "two, plan: basic-256mb"),
      ),
    ).toEqual(["free-plan render/postgres/three"]);
    expect(
      await refusals(
        "databases: [{ name: three, plan: free }, { name: one }, { name: two, plan: basic-256mb }]",
      ),
    ).toEqual(["free-plan render/postgres/three"]);
  });

  test("the key of a variable that begins with a digit, on a service and in a group", async () => {
    const group = "envVarGroups: [{ name: shared, envVars: [{ key: 2FA, value: on }] }]\n";
    expect(await refusals(`${web('envVars: [{ key: 3SCALE, value: "1" }]')}${group}`)).toEqual([
      "variable-key render/env-group/shared",
      "variable-key render/service/api",
    ]);
    const plan = await scene.plan();
    expect(plan.refusals.map(({ where }) => where?.line)).toEqual([9, 8]);
    await converge(scene, web('envVars: [{ key: SCALE.x-y_3, value: "1" }]'));
    expect(await refusals(web('envVars: [{ key: 3SCALE, value: "1" }]'))).toEqual([
      "variable-key render/service/api",
    ]);
    expect(stepsOf(await scene.plan())).not.toEqual([]);
  });
});
