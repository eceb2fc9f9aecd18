import { afterEach, describe, expect, test } from "vitest";
import { openScene, type Scene } from "../scene.ts";
import { idNamed, rowNamed } from "../observe.ts";
import { swallow } from "./swallow.ts";

let scene: Scene;
afterEach(() => scene.close());

const web = (level: string, more = ""): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - key: LEVEL
        value: ${level}
${more}`;

type Deploy = { readonly status: string; readonly trigger: string; readonly envKeys: readonly string[] };

/** A look at the service first: the simulator moves deploys on when somebody looks. */
async function deploysOf(name: string): Promise<readonly Deploy[]> {
  const id = idNamed(scene, "services", name);
  await scene.world.sleep(60_000);
  await scene.edit("GET", `/services/${id}/deploys`);
  return rowNamed(scene, "services", name)["deploys"] as readonly Deploy[];
}

async function applied(text: string): Promise<readonly string[]> {
  await scene.write(text);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  return report.results.map((result) => result.step);
}

describe("deploys", () => {
  test("a new service whose variables are complete costs one POST and its own first deploy", async () => {
    scene = await openScene();
    expect(await applied(web("info"))).toEqual(["create render/service/api"]);
    const writes = scene.requests.filter((request) => request.method !== "GET");
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /services"]);
    expect(await deploysOf("api")).toMatchObject([{ status: "live", envKeys: ["LEVEL"] }]);
  });

  test("several changes of one service make one deploy, after the last write", async () => {
    scene = await openScene();
    await applied(web("info"));
    const steps = await applied(
      web("debug", "      - key: MODE\n        value: fast\n    healthCheckPath: /ready\n"),
    );
    expect(steps.filter((step) => step.startsWith("deploy "))).toEqual(["deploy render/service/api"]);
    expect(steps.at(-1)).toBe("deploy render/service/api");
    expect(await deploysOf("api")).toMatchObject([
      { status: "deactivated" },
      { status: "live", envKeys: ["LEVEL", "MODE"] },
    ]);
  });

  test("a change that takes effect at once makes none", async () => {
    scene = await openScene();
    await applied(web("info", "    numInstances: 1\n"));
    expect(await applied(web("info", "    numInstances: 2\n"))).toEqual([
      "update render/service/api numInstances",
    ]);
    expect(await deploysOf("api")).toHaveLength(1);
  });

  test("lifecycle.deploy: skip leaves it to people", async () => {
    scene = await openScene();
    const skip = "    lifecycle: {deploy: skip}\n";
    await applied(web("info", skip));
    expect(await applied(web("debug", skip))).toEqual(["update render/service/api envVars.LEVEL"]);
    expect(await deploysOf("api")).toHaveLength(1);
  });

  test("a suspended service gets none, because it would fail", async () => {
    scene = await openScene();
    await applied(web("info", "    suspended: true\n"));
    const before = await deploysOf("api");
    expect(await applied(web("debug", "    suspended: true\n"))).toEqual([
      "update render/service/api envVars.LEVEL",
    ]);
    expect(await deploysOf("api")).toEqual(before);
  });

  test("a writer of deploys that sends nothing is found out by the rows", async () => {
    const broken = swallow("POST /services/*/deploys");
    scene = await openScene({ send: broken.send });
    await applied(web("info"));
    broken.begin();
    await applied(web("debug"));
    expect(broken.count()).toBe(1);
    expect(await deploysOf("api")).toHaveLength(1);
  });

  test("a group's change deploys each owned linked service once, and nobody else's", async () => {
    scene = await openScene();
    const both = (region: string): string => `
envVarGroups:
  - name: shared
    envVars:
      - key: REGION
        value: ${region}
services:
  - {type: worker, name: one, runtime: node, plan: starter, buildCommand: "true", startCommand: "true", envVars: [{fromGroup: shared}]}
  - {type: worker, name: two, runtime: node, plan: starter, buildCommand: "true", startCommand: "true", envVars: [{fromGroup: shared}]}
`;
    await applied(both("west"));
    const theirs = (await scene.edit("POST", "/services", {
      type: "background_worker",
      name: "theirs",
      ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
      repo: "https://github.com/acme/theirs",
      serviceDetails: {
        runtime: "node",
        envSpecificDetails: { buildCommand: "true", startCommand: "true" },
      },
    })) as { readonly service: { readonly id: string } };
    const group = idNamed(scene, "environmentGroups", "shared");
    await scene.edit("POST", `/env-groups/${group}/services/${theirs.service.id}`);
    const before = (await deploysOf("theirs")).length;
    await scene.write(both("east"));
    expect((await scene.plan()).changes.find(({ name }) => name === "shared")?.notes).toEqual([
      { note: "remark", text: "needs a deploy by its owner: theirs" },
    ]);
    const deploys = (await applied(both("east"))).filter((step) => step.startsWith("deploy "));
    expect(deploys).toEqual(["deploy render/service/one", "deploy render/service/two"]);
    expect(await deploysOf("theirs")).toHaveLength(before);
  });

  test("a service that needs its own address is completed before its first deploy goes live", async () => {
    scene = await openScene();
    const self = web(
      "info",
      "      - key: OWN_URL\n        fromService: {type: web, name: api, envVarKey: RENDER_EXTERNAL_URL}\n",
    );
    const steps = await applied(self);
    expect(steps).toEqual([
      "create render/service/api",
      "cancel render/service/api",
      "update render/service/api envVars.OWN_URL",
      "deploy render/service/api",
    ]);
    const deploys = await deploysOf("api");
    expect(deploys).toMatchObject([
      { status: "canceled" },
      { status: "live", envKeys: ["LEVEL", "OWN_URL"] },
    ]);
    expect((await scene.plan()).steps).toEqual([]);
  });
});
