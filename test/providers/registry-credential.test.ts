import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ourRows, rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, setVariable, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ environment: { HUB_TOKEN: "dckr_pat_first" } })));
afterEach(() => scene.close());

const credential = (username = "acme", more = ""): string => `
registryCredentials:
  - { name: hub, registry: DOCKER, username: ${username}, authToken: { fromEnvironment: HUB_TOKEN }${more} }
`;
const service = `
services:
  - type: web
    name: api
    runtime: image
    image: { url: acme/api, creds: { fromRegistryCreds: { name: hub } } }
    plan: starter
`;

test("a credential is made before the service that pulls with it, and read with one list", async () => {
  await converge(scene, credential() + service);
  const row = rowNamed(scene, "registryCredentials", "hub");
  expect(row).toMatchObject({ registry: "DOCKER", username: "acme", authToken: "dckr_pat_first" });
  expect(rowNamed(scene, "services", "api")["registryCredentialId"]).toBe(row["id"]);
  expect(await readsOf(scene)).toEqual(["GET /blueprints", "GET /registrycredentials", "GET /services"]);
  expect(JSON.stringify([await scene.inventory(), await scene.plan()])).not.toContain("dckr_pat");
});

test("a new token is sent, and one that did not move is not", async () => {
  await converge(scene, credential());
  setVariable(scene, "HUB_TOKEN", "dckr_pat_second");
  expect(verdictsOf(await scene.plan())).toEqual(["update render/registry-credential/hub source"]);
  await converge(scene, credential());
  expect(rowNamed(scene, "registryCredentials", "hub")["authToken"]).toBe("dckr_pat_second");
});

test("a token that somebody else may have changed is sent again when that is asked for, and deploys what pulls with it", async () => {
  await converge(scene, credential() + service);
  const id = idOf(scene, "registryCredentials", "hub");
  const body = { name: "hub", registry: "DOCKER", username: "acme", authToken: "theirs" };
  await scene.edit("PATCH", `/registrycredentials/${id}`, body);
  expect((await scene.plan()).steps).toEqual([]);
  const report = await scene.apply({ rewrites: ["render/registry-credential/hub"] });
  expect(report.verdict).toBe("done");
  expect(report.results.map(({ step }) => step)).toContain("deploy render/service/api");
  expect(rowNamed(scene, "registryCredentials", "hub")["authToken"]).toBe("dckr_pat_first");
  expect((await scene.plan()).steps).toEqual([]);
});

test("somebody else's user name is seen and reverted, with the token that the call needs", async () => {
  await converge(scene, credential());
  const id = idOf(scene, "registryCredentials", "hub");
  const body = { name: "hub", registry: "DOCKER", username: "theirs", authToken: "theirs" };
  await scene.edit("PATCH", `/registrycredentials/${id}`, body);
  expect(verdictsOf(await scene.plan())).toEqual(["update render/registry-credential/hub outside"]);
  await converge(scene, credential());
  expect(rowNamed(scene, "registryCredentials", "hub")).toMatchObject({
    id,
    username: "acme",
    authToken: "dckr_pat_first",
  });
});

test("an adopted credential keeps its token, which nobody can see", async () => {
  const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
  const theirs = { ownerId, name: "hub", registry: "DOCKER", username: "acme", authToken: "theirs" };
  await scene.edit("POST", "/registrycredentials", theirs);
  await scene.write(credential());
  const [change] = (await scene.plan()).changes;
  expect(change).toMatchObject({
    action: "adopt",
    fields: [],
    notes: [{ note: "cannot-verify", field: "authToken" }],
  });
  await converge(scene, credential(), { adopt: true });
  expect(rowNamed(scene, "registryCredentials", "hub")["authToken"]).toBe("theirs");
});

test("without the token that each call needs nothing is sent, neither a change nor a creation, and that is told", async () => {
  const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
  const theirs = { ownerId, name: "hub", registry: "DOCKER", username: "acme", authToken: "theirs" };
  await scene.edit("POST", "/registrycredentials", theirs);
  const asking = credential().replace("fromEnvironment: HUB_TOKEN", "sync: false");
  await converge(scene, asking, { adopt: true });
  const id = idOf(scene, "registryCredentials", "hub");
  await scene.edit("PATCH", `/registrycredentials/${id}`, { ...theirs, username: "robot" });
  const told = async (input = {}): Promise<readonly string[]> =>
    (await scene.apply(input)).results.flatMap((one) =>
      "problem" in one && one.problem ? [one.problem.code] : [],
    );
  expect(await told()).toEqual(["value-needed"]);
  expect(rowNamed(scene, "registryCredentials", "hub")).toMatchObject({ username: "robot" });
  await scene.edit("DELETE", `/registrycredentials/${id}`);
  expect(await told({ recreateGone: true })).toEqual(["value-needed"]);
  expect(ourRows(scene, "registryCredentials")).toEqual([]);
  await writeFile(join(scene.folder, "values.env"), "render/registry-credential/hub authToken=given\n");
  expect(await told({ recreateGone: true, values: "values.env" })).toEqual([]);
  expect(rowNamed(scene, "registryCredentials", "hub")).toMatchObject({
    username: "acme",
    authToken: "given",
  });
});

test("a new name is one call, also together with another change", async () => {
  await converge(scene, credential());
  const id = idOf(scene, "registryCredentials", "hub");
  const renamed = credential("robot", ", lifecycle: { renamedFrom: hub }").replace(
    "name: hub",
    "name: docker",
  );
  await scene.write(renamed);
  expect(stepsOf(await scene.plan())).toEqual([
    "converge render/registry-credential/docker",
    "update render/registry-credential/docker name",
  ]);
  await converge(scene, renamed);
  expect(rowNamed(scene, "registryCredentials", "docker")).toMatchObject({ id, username: "robot" });
});

test("a dropped credential is deleted after the service that used it", async () => {
  await converge(scene, credential() + service);
  await converge(
    scene,
    'services: [{ type: cron, name: other, runtime: image, image: { url: nginx }, schedule: "0 3 * * *", plan: starter }]',
  );
  expect(ourRows(scene, "registryCredentials")).toEqual([]);
});

test("a service that pulls with a credential is deployed once after it changed, and another is not", async () => {
  const other = service.replace("name: api", "name: open").replace(/, creds: .*(?= \}\n)/u, "");
  await converge(scene, credential() + service + other.replace("services:\n", ""));
  setVariable(scene, "HUB_TOKEN", "dckr_pat_second");
  expect(stepsOf(await scene.plan())).toEqual([
    "update render/registry-credential/hub settings",
    "deploy render/service/api",
  ]);
  await converge(scene, credential() + service + other.replace("services:\n", ""));
});
