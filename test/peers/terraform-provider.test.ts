import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { HttpRequest } from "../../src/world/transport.ts";
import { findLeaks } from "../canary/scan.ts";
import { stateOf } from "../file/read.ts";
import { ourRows, rowNamed, variablesOf, writesOf, type Row } from "../observe.ts";
import { converge, idOf, stepsOf, verdictsOf } from "../providers/converge.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

/**
 * The open issues of the official Terraform provider (render-oss/terraform-provider-render) that a user would meet again
 * in any tool of this kind: one test each, with the number of the issue, showing that trueup does not have it.
 */
let scene: Scene;
afterEach(() => scene.close());

const web = (lines = ""): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
${lines.replaceAll(/^(?=.)/gm, "    ")}
`;
const image = (tag: string, lines = ""): string => `
services:
  - type: web
    name: api
    runtime: image
    plan: starter
    image: { url: docker.io/acme/api:${tag} }
${lines.replaceAll(/^(?=.)/gm, "    ")}
`;

function service(): Row {
  return rowNamed(scene, "services", "api");
}

function serviceId(): string {
  return idOf(scene, "services", "api");
}

/** A worker that somebody made by hand. */
async function makeTheirs(): Promise<string> {
  const made = await scene.edit("POST", "/services", {
    type: "background_worker",
    name: "theirs",
    ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
    image: { imagePath: "docker.io/acme/theirs", ownerId: scene.simulator.env["RENDER_OWNER_ID"]! },
    serviceDetails: { runtime: "image" },
  });
  return (made as { readonly service: { readonly id: string } }).service.id;
}

/** A scene, and the body of every PATCH that trueup sends in it. */
async function openWatched(options: SceneOptions = {}): Promise<readonly unknown[]> {
  const bodies: unknown[] = [];
  const watch = (request: HttpRequest): void => {
    if (request.method === "PATCH") bodies.push(JSON.parse(request.body ?? "null"));
  };
  scene = await openScene({
    ...options,
    send: (send) => (request) => {
      watch(request);
      return send(request);
    },
  });
  return bodies;
}

test("#18 settings of previews that no API has: one clear warning each, and the rest of the file is applied", async () => {
  scene = await openScene();
  await scene.write(
    web(
      "previews: { generation: automatic, plan: starter }\nenvVars:\n  - { key: MODE, value: live, previewValue: test }",
    ),
  );
  const report = await scene.apply();
  expect(report.verdict).toBe("done");
  expect(report.plan.problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    "warning no-api",
    "warning no-api",
  ]);
  const [previewValue, plan] = report.plan.problems.map(({ message }) => message).sort();
  expect(previewValue).toContain("`previewValue` has no API");
  expect(plan).toContain("`previews.plan` of the web service api has no API");
  expect(service()["previews"]).toBe("automatic");
  expect(variablesOf(scene, "api")).toEqual({ MODE: "live" });
});

test("#31 a service is linked to its group before the first deploy that can go live", async () => {
  scene = await openScene();
  await converge(
    scene,
    `envVarGroups: [{ name: staging, envVars: [{ key: DATABASE_HOST, value: db }] }]${web("envVars: [{ fromGroup: staging }]")}`,
  );
  await scene.world.sleep(60_000);
  await scene.edit("GET", `/services/${serviceId()}/deploys`);
  const deploys = service()["deploys"] as readonly { readonly status: string; readonly envKeys: string[] }[];
  const went = deploys.filter(({ status }) => status !== "canceled");
  expect(went).toMatchObject([{ status: "live", envKeys: ["DATABASE_HOST"] }]);
});

test("#32 what the server adds by itself is no difference: maintenance mode, pull request previews, ports", async () => {
  scene = await openScene();
  await converge(scene, web());
  expect(service()["maintenanceMode"]).toEqual({ enabled: false, uri: "" });
  await converge(scene, web("maintenanceMode: { enabled: false }"));
  await converge(scene, web("maintenanceMode: { enabled: true, uri: https://acme.test/closed }"));
  await scene.write(web());
  expect(verdictsOf(await scene.plan())).toEqual([]);
});

test("#43 linking a service to a group detaches nobody from it", async () => {
  scene = await openScene();
  const file = (link: string): string =>
    `envVarGroups: [{ name: staging, envVars: [{ key: LEVEL, value: info }] }]${web(link)}`;
  await converge(scene, file(""));
  const theirs = await makeTheirs();
  const group = idOf(scene, "environmentGroups", "staging");
  await scene.edit("POST", `/env-groups/${group}/services/${theirs}`);
  const linked = (): unknown => rowNamed(scene, "environmentGroups", "staging")["serviceIds"];
  await converge(scene, file("envVars: [{ fromGroup: staging }]"));
  expect(linked()).toEqual([theirs, serviceId()]);
  await converge(scene, file(""));
  expect(linked()).toEqual([theirs]);
});

test("#48 an environment is a resource of its own: others of its project are left alone", async () => {
  scene = await openScene();
  await scene.edit("POST", "/projects", {
    name: "shop",
    ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
    environments: [{ name: "production" }],
  });
  const production = rowNamed(scene, "environments", "production");
  const file = (environment: string): string => `
projects:
  - name: shop
    environments:
      - { name: ${environment}, permissions: { protection: enabled } }
`;
  await converge(scene, file("staging"), { adopt: true });
  expect(Object.keys((await scene.inventory()).resources)).toEqual([
    "render/environment/shop%2Fstaging",
    "render/project/shop",
  ]);
  await scene.write(file("test"));
  expect(stepsOf(await scene.plan())).toEqual([
    "create render/environment/shop%2Ftest",
    "delete render/environment/shop%2Fstaging",
  ]);
  await converge(scene, file("test"));
  expect(ourRows(scene, "environments").map(({ name }) => name)).toEqual(["production", "test"]);
  expect(rowNamed(scene, "environments", "production")).toEqual(production);
});

test("#58 what somebody deleted in the dashboard is planned to be made again", async () => {
  scene = await openScene();
  const file = `${web()}databases: [{ name: main, plan: basic-1gb, postgresMajorVersion: "18" }]\n`;
  await converge(scene, file);
  await scene.edit("DELETE", `/services/${serviceId()}`);
  await scene.edit("DELETE", `/postgres/${idOf(scene, "postgres", "main")}`);
  const plan = await scene.plan();
  expect(plan.problems).toEqual([]);
  expect(plan.changes.map(({ address, action, recreates }) => ({ address, action, recreates }))).toEqual([
    { address: "render/postgres/main", action: "create", recreates: true },
    { address: "render/service/api", action: "create", recreates: true },
  ]);
  // All that this state owns is gone at once, which a run asks about.
  await converge(scene, file, { recreateGone: true });
});

describe("#60 an unchanged service is not in the plan", () => {
  test("however many instances somebody runs, when the file does not say", async () => {
    scene = await openScene();
    await converge(scene, web());
    await scene.edit("POST", `/services/${serviceId()}/scale`, { numInstances: 3 });
    expect(verdictsOf(await scene.plan())).toEqual([]);
    await converge(scene, web("healthCheckPath: /ready"));
    expect(service()).toMatchObject({ numInstances: 3, healthCheckPath: "/ready" });
  });

  test("and a change of a service says what changes and nothing else", async () => {
    const bodies = await openWatched();
    await converge(scene, image("1"));
    await scene.write(image("1", "healthCheckPath: /ready"));
    expect((await scene.plan()).changes.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual([
      "healthCheckPath",
    ]);
    await converge(scene, image("1", "healthCheckPath: /ready"));
    expect(bodies).toEqual([{ serviceDetails: { healthCheckPath: "/ready" } }]);
  });
});

test("#65 the www domain that Render adds to an apex one is neither an error nor a difference", async () => {
  scene = await openScene();
  await converge(scene, web("domains: [acme.dev]"));
  const names = (): unknown =>
    (service()["customDomains"] as readonly { readonly name: string }[]).map(({ name }) => name).sort();
  expect(names()).toEqual(["acme.dev", "www.acme.dev"]);
  await converge(scene, web("domains: [acme.dev, www.acme.dev]"));
  await converge(scene, web());
  expect(names()).toEqual([]);
});

test("#80 a free service can be changed: nothing is sent that did not change", async () => {
  const file = (path: string): string =>
    web(`healthCheckPath: ${path}`).replace("plan: starter", "plan: free");
  const bodies = await openWatched({ load: [stateOf(file("/health"))] });
  await converge(scene, file("/health"), { adopt: true });
  await converge(scene, file("/ready"));
  expect(bodies).toEqual([{ serviceDetails: { healthCheckPath: "/ready" } }]);
  expect(service()["healthCheckPath"]).toBe("/ready");
  // The simulator does refuse what the provider sends, so that the above means something.
  await expect(
    scene.edit("PATCH", `/services/${serviceId()}`, {
      serviceDetails: { maintenanceMode: { enabled: false, uri: "" } },
    }),
  ).rejects.toThrow("non-free tier");
});

test("#90 no value of a variable or a secret file is kept in the state, in any spelling", async () => {
  const planted = { environment: "environment-9f86d081884c7d65", somebody: "somebody-60303ae22b998861" };
  scene = await openScene({ environment: { API_TOKEN: planted.environment } });
  const file = (level: string): string =>
    web(`envVars:
  - { key: TOKEN, fromEnvironment: API_TOKEN }
  - { key: THEIRS, sync: false }
  - { key: MADE, generateValue: true }
  - { key: LEVEL, value: ${level} }
secretFiles: [{ name: token.txt, fromEnvironment: API_TOKEN }]`);
  await scene.write(file("info"));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.edit("PUT", `/services/${serviceId()}/env-vars/THEIRS`, { value: planted.somebody });
  await converge(scene, file("debug"));
  const { MADE: made = "", ...rest } = variablesOf(scene, "api");
  expect(rest).toEqual({ TOKEN: planted.environment, THEIRS: planted.somebody, LEVEL: "debug" });
  expect(made).not.toBe("");
  const state = join(scene.folder, "state");
  const entries = await readdir(state, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(2);
  const places = Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path)])),
  );
  expect(findLeaks({ ...planted, made }, places)).toEqual([]);
});

test("#104 a suspended service can be changed: it is not deployed, and what was written is remembered", async () => {
  scene = await openScene();
  await converge(scene, web("envVars: [{ key: LEVEL, value: info }]"));
  await scene.edit("POST", `/services/${serviceId()}/suspend`);
  const before = writesOf(scene).length;
  await converge(scene, web("envVars: [{ key: LEVEL, value: debug }]\nhealthCheckPath: /ready"));
  expect(
    writesOf(scene)
      .slice(before)
      .filter((line) => line.includes("/deploys")),
  ).toEqual([]);
  expect(service()["healthCheckPath"]).toBe("/ready");
  expect(variablesOf(scene, "api")).toEqual({ LEVEL: "debug" });
});
