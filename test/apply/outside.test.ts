import { afterEach, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import { isDrifted } from "../../src/core/run/report.ts";
import { openScene, type Scene } from "../scene.ts";
import { idNamed, rowNamed, variablesOf } from "../observe.ts";

let scene: Scene;
afterEach(() => scene.close());

const web = (level: string, path = "/health"): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    healthCheckPath: ${path}
    envVars:
      - key: LEVEL
        value: ${level}
`;

async function openWith(text: string): Promise<string> {
  scene = await openScene();
  await scene.write(text);
  expect((await scene.apply()).verdict).toBe("done");
  return idNamed(scene, "services", "api");
}

function healthCheckPath(): unknown {
  return rowNamed(scene, "services", "api")["healthCheckPath"];
}

test("a setting that somebody changed is seen as changed outside, and reverted", async () => {
  const id = await openWith(web("info"));
  await scene.edit("PATCH", `/services/${id}`, { serviceDetails: { healthCheckPath: "/theirs" } });
  const plan = await scene.plan();
  expect(isPending(plan)).toBe(true);
  expect(plan.changes).toHaveLength(1);
  expect(isDrifted(plan.changes[0]!)).toBe(true);
  expect(plan.changes[0]?.fields).toMatchObject([
    {
      field: "healthCheckPath",
      before: { show: "public", value: "/theirs" },
      after: { show: "public", value: "/health" },
      verdict: "outside",
    },
  ]);
  expect((await scene.apply()).verdict).toBe("done");
  expect(healthCheckPath()).toBe("/health");
  expect((await scene.plan()).steps).toEqual([]);
});

test("a variable that somebody changed is shown by fingerprint, and reverted", async () => {
  const id = await openWith(web("info"));
  await scene.edit("PUT", `/services/${id}/env-vars/LEVEL`, { value: "their-secret" });
  const plan = await scene.plan();
  expect(plan.changes[0]?.fields).toMatchObject([
    {
      field: "envVars",
      entry: "LEVEL",
      before: { show: "secret", fingerprint: expect.stringMatching(/^[0-9a-f]{4}$/) as string },
      after: { show: "public", value: "info" },
      verdict: "outside",
    },
  ]);
  expect(JSON.stringify(plan)).not.toContain("their-secret");
  expect((await scene.apply()).verdict).toBe("done");
  expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info" });
});

test("a change of the file alone is told from one of both sides", async () => {
  const id = await openWith(web("info"));
  await scene.write(web("info", "/ready"));
  expect((await scene.plan()).changes[0]?.fields).toMatchObject([{ verdict: "file" }]);
  await scene.edit("PATCH", `/services/${id}`, { serviceDetails: { healthCheckPath: "/theirs" } });
  expect((await scene.plan()).changes[0]?.fields).toMatchObject([{ verdict: "both" }]);
});

test("when live has moved to what the file asks, only the inventory changes", async () => {
  const id = await openWith(web("info"));
  await scene.edit("PATCH", `/services/${id}`, { serviceDetails: { healthCheckPath: "/ready" } });
  await scene.write(web("info", "/ready"));
  const plan = await scene.plan();
  expect(isPending(plan)).toBe(false);
  expect(plan.changes).toMatchObject([{ action: "keep", fields: [], converged: ["healthCheckPath"] }]);
  const sent = scene.requests.length;
  expect((await scene.apply()).verdict).toBe("done");
  expect(scene.requests.slice(sent).filter((request) => request.method !== "GET")).toEqual([]);
  expect((await scene.plan()).steps).toEqual([]);
  await scene.edit("PATCH", `/services/${id}`, { serviceDetails: { healthCheckPath: "/theirs" } });
  expect((await scene.plan()).changes[0]?.fields).toMatchObject([{ verdict: "outside" }]);
});

test("a variable that somebody deleted is put back", async () => {
  const id = await openWith(web("info"));
  await scene.edit("DELETE", `/services/${id}/env-vars/LEVEL`);
  expect((await scene.plan()).changes[0]?.fields).toMatchObject([
    { entry: "LEVEL", before: { show: "absent" }, verdict: "outside" },
  ]);
  expect((await scene.apply()).verdict).toBe("done");
  expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info" });
});

test("a service that somebody deleted is made again", async () => {
  const id = await openWith(web("info"));
  await scene.edit("DELETE", `/services/${id}`);
  expect((await scene.plan()).changes).toMatchObject([{ action: "create", recreates: true }]);
  expect((await scene.apply({ recreateGone: true })).verdict).toBe("done");
  expect(rowNamed(scene, "services", "api")["id"]).not.toBe(id);
  expect((await scene.plan()).steps).toEqual([]);
});

test("what somebody deleted and the file dropped is forgotten", async () => {
  const id = await openWith(
    `${web("info")}\ndatabases: [{name: main, plan: basic-256mb, postgresMajorVersion: "18"}]\n`,
  );
  await scene.edit("DELETE", `/services/${id}`);
  await scene.write(`databases: [{name: main, plan: basic-256mb, postgresMajorVersion: "18"}]\n`);
  const plan = await scene.plan();
  expect(isPending(plan)).toBe(false);
  expect(plan.changes.map((change) => change.action)).toEqual(["keep", "forget"]);
  expect((await scene.apply()).verdict).toBe("done");
  expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/postgres/main"]);
});

test("a setting that the file does not name is nobody's business", async () => {
  const id = await openWith(web("info"));
  await scene.edit("PATCH", `/services/${id}`, { autoDeployTrigger: "off" });
  const plan = await scene.plan();
  expect(plan.steps).toEqual([]);
  expect(isPending(plan)).toBe(false);
});
