import { afterEach, expect, test } from "vitest";
import { runGraph } from "../../src/commands/graph.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const text = `
services:
  - type: web
    name: api
    runtime: docker
    repo: https://github.com/acme/api
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
  - type: worker
    name: jobs
    runtime: docker
    repo: https://github.com/acme/jobs
    envVars:
      - { key: API, fromService: { type: web, name: api, property: host } }
databases:
  - { name: main, plan: basic-256mb }
`;

test("resources with what would be done to them, dropped ones with what they needed", async () => {
  scene = await openScene();
  await scene.write(text);
  await scene.apply();
  await scene.write(
    text.replace(/ {2}- type: worker[\s\S]*(?=databases)/u, "").replace("basic-256mb", "basic-1gb"),
  );
  const graph = await runGraph({ ...planDefaults, steps: false }, scene.deps);
  expect(graph).toEqual({
    nodes: [
      { id: "render/postgres/main", label: "render/postgres/main", mark: "update" },
      { id: "render/service/api", label: "render/service/api", mark: "keep" },
      { id: "render/service/jobs", label: "render/service/jobs", mark: "delete" },
    ],
    edges: [
      { from: "render/service/api", to: "render/postgres/main" },
      { from: "render/service/jobs", to: "render/service/api" },
    ],
  });
});

test("steps, each after what it needs", async () => {
  scene = await openScene();
  await scene.write(text);
  const { nodes, edges } = await runGraph({ ...planDefaults, steps: true }, scene.deps);
  const plan = await scene.plan();
  expect(nodes.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id).sort());
  expect(edges).toContainEqual({
    from: "create render/service/api",
    to: "wait render/postgres/main available",
  });
});
