import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import { idNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene({ environment: { HUB_TOKEN: "dckr_pat_example" } });
});
afterEach(() => scene.close());

const file = `
registryCredentials:
  - { name: hub, registry: DOCKER, username: acme, authToken: { fromEnvironment: HUB_TOKEN } }
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - { key: LEVEL, value: info }
      - { key: OLD, value: gone soon }
`;

async function applyAndLoseKey(): Promise<void> {
  await scene.write(file);
  expect((await scene.apply()).verdict).toBe("done");
  await rm(join(scene.folder, "state/key"));
}

test("under another key live and the file are compared, and nothing is called drift", async () => {
  await applyAndLoseKey();
  await scene.edit("PUT", `/services/${idNamed(scene, "services", "api")}/env-vars/LEVEL`, {
    value: "debug",
  });
  const plan = await scene.plan();
  expect(plan.problems.map(({ code }) => code)).toContain("digest-key-changed");
  const change = plan.changes.find(({ address }) => address === "render/service/api");
  expect(change?.fields.map(({ entry, verdict }) => [entry, verdict])).toEqual([["LEVEL", "unknown"]]);
  expect((await scene.drift()).drifted).toEqual([]);
});

test("what is owned stays owned, and what no API shows is not sent again", async () => {
  await applyAndLoseKey();
  expect(isPending(await scene.plan())).toBe(false);
  await scene.write(file.replace("      - { key: OLD, value: gone soon }\n", ""));
  const from = scene.requests.length;
  expect((await scene.apply()).verdict).toBe("done");
  const writes = scene.requests.slice(from).filter(({ method }) => method !== "GET");
  expect(writes.map(({ method, path }) => `${method} ${path.replace(/srv-\w+/u, "*")}`)).toEqual([
    "DELETE /services/*/env-vars/OLD",
    "POST /services/*/deploys",
  ]);
  const settled = await scene.plan();
  expect(settled.problems).toEqual([]);
  expect(settled.steps).toEqual([]);
});
