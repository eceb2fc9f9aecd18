import { afterEach, expect, test } from "vitest";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const shop = `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - key: LOG_LEVEL
        value: info
      - key: DATABASE_URL
        fromDatabase: { name: main, property: connectionString }
      - key: SESSION_KEY
        generateValue: true
databases:
  - name: main
    plan: basic-256mb
    postgresMajorVersion: "18"
`;

test("a file becomes a plan, then an account, then an empty plan", async () => {
  scene = await openScene();
  await scene.write(shop);
  const plan = await scene.plan();
  expect(plan.steps.map((step) => step.id)).toEqual([
    "create render/postgres/main",
    "wait render/postgres/main available",
    "create render/service/api",
  ]);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  const again = await scene.plan();
  expect(again.changes.map((change) => change.action)).toEqual(["keep", "keep"]);
  expect(again.steps).toEqual([]);
});
