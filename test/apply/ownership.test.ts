import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { idNamed, ourRows, rowNamed, variablesOf, workspaceIds, writesOf } from "../observe.ts";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const web = (variables: string, more = ""): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
${variables.replaceAll(/^/gm, "      ")}
${more}`;
const level = "- {key: LEVEL, value: info}";
const mode = "- {key: MODE, value: fast}";
const database = `
databases:
  - {name: main, plan: basic-256mb, postgresMajorVersion: "18"}
`;

async function apply(text: string, input: Partial<ApplyInput> = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply({ noExport: true, ...input });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

/** Made by somebody else in the workspace given, or in ours. */
async function makeService(name: string, ownerId = scene.simulator.env["RENDER_OWNER_ID"]!): Promise<string> {
  const made = (await scene.edit("POST", "/services", {
    type: "web_service",
    name,
    ownerId,
    repo: "https://github.com/acme/theirs",
    envVars: [{ key: "LEVEL", value: "theirs" }],
    serviceDetails: { runtime: "node", envSpecificDetails: { buildCommand: "true", startCommand: "true" } },
  })) as { readonly service: { readonly id: string } };
  return made.service.id;
}

function rowOf(id: string): Json {
  return scene.rows("services").find((row) => row["id"] === id)!;
}

describe("entries", () => {
  test("a variable that the file never declared is kept and reported", async () => {
    scene = await openScene();
    await apply(web(level));
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/THEIRS`, { value: "kept" });
    const plan = await scene.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.changes[0]?.notes).toEqual([{ note: "not-in-file", field: "envVars", entries: ["THEIRS"] }]);
    await apply(web(`${level}\n${mode}`));
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info", MODE: "fast", THEIRS: "kept" });
  });

  test("a variable that an apply declared and the file no longer has is deleted, others are not", async () => {
    scene = await openScene();
    await apply(web(`${level}\n${mode}`));
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/THEIRS`, { value: "kept" });
    await apply(web(level));
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info", THEIRS: "kept" });
    expect((await scene.inventory()).resources["render/service/api"]?.fields).not.toHaveProperty([
      "envVars.MODE",
    ]);
  });

  test("envVarsExclusive deletes what the file never declared", async () => {
    scene = await openScene();
    await apply(web(level));
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/THEIRS`, { value: "gone" });
    await apply(web(level, "    envVarsExclusive: true\n"));
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info" });
  });

  test("a variable that somebody deleted and the file dropped is forgotten without a call", async () => {
    scene = await openScene();
    await apply(web(`${level}\n${mode}`));
    const id = idNamed(scene, "services", "api");
    await scene.edit("DELETE", `/services/${id}/env-vars/MODE`);
    await scene.write(web(level));
    const before = writesOf(scene).length;
    expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene)).toHaveLength(before);
    expect((await scene.plan()).steps).toEqual([]);
  });
});

describe("resources", () => {
  test("a resource taken out of the file is deleted, and nothing else", async () => {
    scene = await openScene();
    await apply(web(level) + database);
    const theirs = await makeService("theirs");
    const before = rowOf(theirs);
    await apply(web(level), { allowDataLoss: ["render/postgres/*"] });
    expect(ourRows(scene, "postgres")).toEqual([]);
    expect(rowOf(theirs)).toEqual(before);
    expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/service/api"]);
  });

  test("a resource that was made by hand is never deleted, whatever the file says", async () => {
    scene = await openScene();
    const theirs = await makeService("theirs");
    const before = rowOf(theirs);
    await apply(web(level));
    await apply(database);
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["theirs"]);
    expect(rowOf(theirs)).toEqual(before);
  });

  test("the second workspace with equal names is neither matched nor touched", async () => {
    scene = await openScene();
    const [, second] = workspaceIds(scene);
    const theirs = await makeService("api", second);
    const before = rowOf(theirs);
    await scene.write(web(level));
    expect((await scene.plan()).changes).toMatchObject([{ address: "render/service/api", action: "create" }]);
    await apply(web(level));
    await apply(database);
    expect(rowOf(theirs)).toEqual(before);
    expect(writesOf(scene).filter((call) => call.includes(theirs))).toEqual([]);
  });

  test("a preview is no match, though it is a service of that name", async () => {
    scene = await openScene();
    const image = (name: string): string => `
services:
  - {type: web, name: ${name}, runtime: image, plan: starter, image: {url: docker.io/acme/api:1}}
`;
    await apply(image("api"));
    const id = idNamed(scene, "services", "api");
    await scene.edit("POST", `/services/${id}/preview`, {
      name: "api-pr-7",
      imagePath: "docker.io/acme/api:2",
    });
    const preview = rowNamed(scene, "services", "api-pr-7");
    expect(preview["parentServerId"]).toBe(id);
    await scene.write(image("api-pr-7"));
    const { changes } = await scene.plan();
    expect(changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      "delete render/service/api",
      "create render/service/api-pr-7",
    ]);
    expect(rowNamed(scene, "services", "api-pr-7")).toEqual(preview);
  });

  test("a read replica is no database of its own", async () => {
    scene = await openScene();
    await apply(`
databases:
  - {name: main, plan: basic-1gb, postgresMajorVersion: "18", diskSizeGB: 10, readReplicas: [{name: reader}]}
`);
    await scene.write(`
databases:
  - {name: main, plan: basic-1gb, postgresMajorVersion: "18", diskSizeGB: 10, readReplicas: [{name: reader}]}
  - {name: reader, plan: basic-256mb, postgresMajorVersion: "18"}
`);
    expect((await scene.plan()).changes).toMatchObject([
      { address: "render/postgres/main", action: "keep" },
      { address: "render/postgres/reader", action: "create" },
    ]);
  });

  test("with the inventory deleted, everything is adopted by name and nothing is written to the account", async () => {
    scene = await openScene();
    await apply(web(level) + database);
    await rm(join(scene.folder, "state/default/inventory.json"));
    const plan = await scene.plan();
    expect(plan.changes.map((change) => change.action)).toEqual(["adopt", "adopt"]);
    const before = writesOf(scene).length;
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    expect(writesOf(scene)).toHaveLength(before);
    expect((await scene.plan()).steps).toEqual([]);
  });
});
