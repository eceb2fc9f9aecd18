import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { planFileText } from "../../src/commands/run/plan-file.ts";
import { idNamed, ourRows, problemsOf, rowNamed, setFaults, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const shop = (level: string): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - {key: LEVEL, value: ${level}}
      - {key: SESSION_KEY, generateValue: true}
      - {key: DATABASE_URL, fromDatabase: {name: main, property: connectionString}}
databases:
  - {name: main, plan: basic-256mb, postgresMajorVersion: "18"}
`;

describe("twice is once", () => {
  test("a second apply sends no write and leaves the state as it is", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    const sent = writesOf(scene);
    const before = await scene.read("state/default/inventory.json");
    const report = await scene.apply();
    expect(report).toMatchObject({ verdict: "done", results: [], problems: [] });
    expect(writesOf(scene)).toEqual(sent);
    expect(await scene.read("state/default/inventory.json")).toBe(before);
  });

  test("plans of the same world are the same, byte for byte", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await scene.write(shop("debug"));
    // Two reads of one account in one minute, but for the calls that the first one spent.
    const first = JSON.stringify(await scene.plan());
    expect(JSON.stringify(await scene.plan())).toBe(first);
  });

  test("a lost answer to a creation makes one object, not two", async () => {
    scene = await openScene({
      faults: "drop-after-commit@POST /services#1,drop-after-commit@POST /postgres#1",
    });
    await scene.write(shop("info"));
    const report = await scene.apply();
    expect(report.problems).toEqual([]);
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["api"]);
    expect(ourRows(scene, "postgres").map((row) => row["name"])).toEqual(["main"]);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a creation that never reached the API is sent again: at once where a second is refused, else after a quarter of an hour", async () => {
    scene = await openScene({ faults: "reset-before@POST /services#1,500@POST /postgres#1" });
    await scene.write(shop("info"));
    const first = await scene.apply();
    expect(first.problems).toMatchObject([{ code: "uncertain-create", address: "render/postgres/main" }]);
    expect(ourRows(scene, "postgres")).toHaveLength(0);
    await scene.world.sleep(15 * 60_000);
    expect((await scene.apply()).problems).toEqual([]);
    expect(ourRows(scene, "services")).toHaveLength(1);
    expect(ourRows(scene, "postgres")).toHaveLength(1);
  });

  test("a lost answer to a deploy makes one deploy, not two", async () => {
    scene = await openScene({ faults: "drop-after-commit@POST /services/*/deploys#1" });
    await scene.write(shop("info"));
    await scene.apply();
    await scene.write(shop("debug"));
    expect((await scene.apply()).problems).toEqual([]);
    expect(rowNamed(scene, "services", "api")["deploys"]).toHaveLength(2);
  });
});

describe("a failure in mid-run", () => {
  test("blocks what depends on it, lets the rest go on, and the next run carries on", async () => {
    scene = await openScene({ faults: "500@POST /postgres" });
    await scene.write(`${shop("info")}
envVarGroups:
  - {name: shared, envVars: [{key: REGION, value: west}]}
`);
    const report = await scene.apply();
    expect(report.verdict).toBe("failed");
    expect(report.results.map(({ step, status }) => `${status} ${step}`)).toEqual([
      "done create render/env-group/shared",
      "uncertain create render/postgres/main",
      "blocked wait render/postgres/main available",
      "blocked create render/service/api",
    ]);
    expect(report.problems).toMatchObject([
      {
        code: "uncertain-create",
        address: "render/postgres/main",
      },
    ]);
    expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/env-group/shared"]);
    await setFaults(scene, "");
    await scene.world.sleep(15 * 60_000);
    expect((await scene.apply()).results.map((result) => result.step)).toEqual([
      "create render/postgres/main",
      "wait render/postgres/main available",
      "create render/service/api",
    ]);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a refused write is reported with the API's reason and its address", async () => {
    scene = await openScene({ switches: { freeServices: false } });
    await scene.write(shop("info"));
    await scene.apply();
    const before = (await scene.inventory()).resources;
    await scene.write(shop("info").replace("plan: starter", "plan: free"));
    const report = await scene.apply();
    expect(report.verdict).toBe("failed");
    const id = idNamed(scene, "services", "api");
    expect(report.problems).toEqual([
      {
        code: "rejected",
        severity: "error",
        message: `PATCH /services/${id} answered 400: free web services cannot be created through the API: use the dashboard.`,
        remedy: "Render refused the content of the call; change the file accordingly.",
        address: "render/service/api",
      },
    ]);
    expect((await scene.inventory()).resources).toEqual(before);
  });

  test("a key that may not write stops the run at its first write", async () => {
    const refused: string[] = [];
    scene = await openScene({
      send: (send) => async (request) => {
        if (request.method === "GET") return send(request);
        refused.push(`${request.method} ${new URL(request.url).pathname}`);
        return {
          status: 401,
          headers: { "content-type": "application/json" },
          text: '{"message":"unauthorized"}',
        };
      },
    });
    await scene.write(shop("info"));
    const report = await scene.apply();
    expect(refused).toEqual(["POST /v1/postgres"]);
    expect(report.problems).toMatchObject([
      { code: "unauthorized", message: "POST /postgres answered 401: unauthorized." },
    ]);
  });
});

describe("a saved plan", () => {
  async function save(): Promise<void> {
    await writeFile(join(scene.folder, "plan.json"), planFileText(await scene.plan()));
  }

  test("is applied when planning again gives the same work, also when something unrelated moved", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await scene.write(shop("debug"));
    await save();
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/THEIRS`, { value: "kept" });
    expect((await scene.apply({ planFile: "plan.json", yes: false })).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toMatchObject({ LEVEL: "debug", THEIRS: "kept" });
  });

  test("is not applied when the work is another one, and says which", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await scene.write(shop("debug"));
    await save();
    const id = idNamed(scene, "services", "api");
    await scene.edit("DELETE", `/services/${id}/env-vars/DATABASE_URL`);
    const sent = writesOf(scene);
    expect(await problemsOf(scene.apply({ planFile: "plan.json" }))).toEqual([
      {
        code: "plan-moved",
        severity: "error",
        message:
          "The saved plan no longer fits what is live and in the file: new: update render/service/api envVars.DATABASE_URL; different: deploy render/service/api.",
        remedy: "Look at a new plan and apply that one.",
      },
    ]);
    expect(writesOf(scene)).toEqual(sent);
  });

  test.each([
    ["nothing.json", undefined, "The plan file nothing.json is not there."],
    ["torn.json", '{"kind": "trueup', "The plan file torn.json is not a saved plan."],
    ["other.json", '{"kind": "something else"}', "The plan file other.json is not a saved plan."],
    [
      "newer.json",
      '{"kind": "trueup plan", "formatVersion": "2.0", "hash": "0", "steps": []}',
      "The plan file newer.json was saved by another version of trueup.",
    ],
  ])("%s is refused before anything is read", async (name, text, message) => {
    scene = await openScene();
    await scene.write(shop("info"));
    if (text !== undefined) await writeFile(join(scene.folder, name), text);
    expect(await problemsOf(scene.apply({ planFile: name }))).toMatchObject([{ code: "plan-file", message }]);
    expect(scene.requests).toEqual([]);
  });
});

test("without a person and without --yes nothing is applied", async () => {
  scene = await openScene();
  await scene.write(shop("info"));
  expect(await problemsOf(scene.apply({ yes: false }))).toEqual([
    {
      code: "not-confirmed",
      severity: "error",
      message: "There is no terminal to confirm on, so nothing was applied.",
      remedy: "Look at the plan, then run again with --yes.",
    },
  ]);
  expect(writesOf(scene)).toEqual([]);
});
