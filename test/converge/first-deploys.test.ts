import { afterEach, describe, expect, test } from "vitest";
import { idNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const commands = "buildCommand: npm ci\n    startCommand: npm start";

async function applyThenPlan(text: string) {
  await scene.write(text);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  const again = await scene.plan();
  expect(again.steps).toEqual([]);
  expect(again.changes.every((change) => change.action === "keep")).toBe(true);
  return report;
}

type Deploy = { readonly status: string; readonly envKeys: readonly string[] };

function deploysOf(name: string): readonly Deploy[] {
  const service = scene
    .rows("services")
    .find((row) => row["name"] === name && row["ownerId"] === scene.simulator.env["RENDER_OWNER_ID"]);
  return service?.["deploys"] as unknown as readonly Deploy[];
}

/** Deploys that somebody let go on. */
function runningDeploys(name: string): readonly Deploy[] {
  return deploysOf(name).filter(({ status }) => status !== "canceled");
}

describe("services that refer to each other", () => {
  test("are created first and wired after; no deploy without its variables goes live", async () => {
    scene = await openScene();
    const report = await applyThenPlan(`
services:
  - type: web
    name: front
    runtime: node
    ${commands}
    envVars:
      - { key: BACK, fromService: { type: pserv, name: back, property: hostport } }
  - type: pserv
    name: back
    runtime: node
    ${commands}
    envVars:
      - { key: FRONT, fromService: { type: web, name: front, envVarKey: RENDER_EXTERNAL_URL } }
`);
    expect(report.results.map((result) => result.step)).toContain("cancel render/service/front");
    expect(deploysOf("front")).toHaveLength(2);
    expect(deploysOf("back")).toHaveLength(2);
    expect(runningDeploys("front").map(({ envKeys }) => envKeys)).toEqual([["BACK"]]);
    expect(runningDeploys("back").map(({ envKeys }) => envKeys)).toEqual([["FRONT"]]);
  });

  test("may refer to themselves", async () => {
    scene = await openScene();
    await applyThenPlan(`
services:
  - type: web
    name: front
    runtime: node
    ${commands}
    envVars:
      - { key: SELF, fromService: { type: web, name: front, property: host } }
`);
    expect(deploysOf("front")).toHaveLength(2);
    expect(runningDeploys("front").map(({ envKeys }) => envKeys)).toEqual([["SELF"]]);
  });
});

test("a first deploy that was over before it could be cancelled is told, and nothing of it is left to do", async () => {
  scene = await openScene({
    send: (send) => async (request) =>
      request.url.endsWith("/cancel")
        ? { status: 409, headers: {}, text: '{"message":"it is live"}' }
        : send(request),
  });
  await scene.write(`
services:
  - type: web
    name: front
    runtime: node
    ${commands}
    envVars:
      - { key: SELF, fromService: { type: web, name: front, property: host } }
`);
  const report = await scene.apply();
  expect(report.verdict).toBe("done");
  expect(report.results.filter(({ status }) => status !== "done")).toEqual([]);
  expect(report.results).toContainEqual({
    step: "cancel render/service/front",
    status: "done",
    problem: expect.objectContaining({ code: "late-cancel", severity: "warning" }) as unknown,
  });
  expect((await scene.inventory()).pending).toBeUndefined();
  expect((await scene.plan()).steps).toEqual([]);
});

describe("env groups", () => {
  const groups = `
envVarGroups:
  - name: shared
    envVars:
      - { key: LEVEL, value: info }
      - { key: TOKEN, generateValue: true }
services:
  - type: web
    name: api
    runtime: node
    ${commands}
    envVars:
      - fromGroup: shared
  - type: worker
    name: jobs
    runtime: node
    ${commands}
    envVars:
      - fromGroup: shared
      - { key: OWN, value: "1" }
`;

  test("are linked before the first deploy that can go live", async () => {
    scene = await openScene();
    await applyThenPlan(groups);
    expect(runningDeploys("api").map(({ envKeys }) => envKeys)).toEqual([["LEVEL", "TOKEN"]]);
    expect(runningDeploys("jobs").map(({ envKeys }) => envKeys)).toEqual([["LEVEL", "OWN", "TOKEN"]]);
  });

  test("deploy each owned linked service once when they change", async () => {
    scene = await openScene();
    await applyThenPlan(groups);
    const before = deploysOf("api").length;
    const report = await applyThenPlan(
      groups.replace("value: info", "value: debug").replace('value: "1"', 'value: "2"'),
    );
    expect(report.results.map((result) => result.step).filter((step) => step.startsWith("deploy"))).toEqual([
      "deploy render/service/api",
      "deploy render/service/jobs",
    ]);
    expect(deploysOf("api")).toHaveLength(before + 1);
  });

  test("that the file drops from a service are unlinked, and links of others stay", async () => {
    scene = await openScene();
    await applyThenPlan(groups);
    await applyThenPlan(
      groups.replace("      - fromGroup: shared\n      - { key: OWN", "      - { key: OWN"),
    );
    const plan = await scene.plan();
    expect(plan.changes).toHaveLength(3);
  });
});

test("a change of more than ten variables replaces the list and keeps what is not ours", async () => {
  scene = await openScene();
  const text = (value: string) => `
services:
  - type: web
    name: api
    runtime: node
    ${commands}
    envVars:
      - { key: KEPT, generateValue: true }
${Array.from({ length: 12 }, (_, index) => `      - { key: KEY_${index}, value: "${value}${index}" }`).join("\n")}
`;
  await applyThenPlan(text("a"));
  const id = idNamed(scene, "services", "api");
  await scene.edit("PUT", `/services/${id}/env-vars/FOREIGN`, { value: "theirs" });
  const kept = await scene.edit("GET", `/services/${id}/env-vars/KEPT`);
  const report = await applyThenPlan(text("b"));
  expect(report.results.map((result) => result.step)).toEqual([
    "update render/service/api envVars",
    "deploy render/service/api",
  ]);
  expect(await scene.edit("GET", `/services/${id}/env-vars/FOREIGN`)).toMatchObject({ value: "theirs" });
  expect(await scene.edit("GET", `/services/${id}/env-vars/KEPT`)).toEqual(kept);
});
