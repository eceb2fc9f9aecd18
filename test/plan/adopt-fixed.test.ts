import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import { postgresInstances } from "../../src/simulator/render/datastore/postgres-row.ts";
import { idNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const serviceIn = (region: string, plan = "starter"): string => `
services:
  - { type: web, name: api, runtime: node, plan: ${plan}, region: ${region}, buildCommand: npm ci, startCommand: npm start }
`;

/** A service in Oregon that this state does not own. */
async function makeForeign(): Promise<void> {
  await scene.write(serviceIn("oregon"));
  expect((await scene.apply()).verdict).toBe("done");
  await rm(`${scene.folder}/state`, { recursive: true });
}

function idOfApi(): unknown {
  return scene.rows("services").find(({ name }) => name === "api")?.["id"];
}

test("adopting never replaces: what cannot change in place stays, and is said in every plan", async () => {
  await makeForeign();
  const id = idOfApi();
  await scene.write(serviceIn("frankfurt", "standard"));
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
  expect(idOfApi()).toBe(id);
  const [api] = scene.rows("services").filter(({ name }) => name === "api");
  expect(api).toMatchObject({ region: "oregon", plan: "standard" });
  const again = await scene.plan();
  expect(isPending(again)).toBe(false);
  expect(again.steps).toEqual([]);
  expect(again.changes[0]?.notes).toEqual([
    {
      note: "stays",
      field: "region",
      before: { show: "public", value: "oregon" },
      after: { show: "public", value: "frankfurt" },
      verdict: "unknown",
      text: 'region is "oregon" and the file says "frankfurt": it cannot change in place, and stays as it is; write "oregon" to agree, or replace it with --allow-replace render/service/api',
    },
  ]);
  expect((await scene.drift()).drifted).toEqual([]);
});

test("another wish in the file replaces it then, as it does everything that is ours", async () => {
  await makeForeign();
  const id = idOfApi();
  await scene.write(serviceIn("frankfurt"));
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
  await scene.write(serviceIn("ohio"));
  const plan = await scene.plan();
  expect(plan.changes.map(({ action }) => action)).toEqual(["replace"]);
  expect(plan.changes[0]?.fields).toMatchObject([{ field: "region", verdict: "file" }]);
  expect(plan.refusals).toMatchObject([
    { code: "replace", answer: { flags: ["--allow-replace render/service/api"] } },
  ]);
  expect((await scene.apply()).verdict).toBe("refused");
  expect(idOfApi()).toBe(id);
  expect((await scene.apply({ allowReplace: ["render/service/api"] })).verdict).toBe("done");
  expect(idOfApi()).not.toBe(id);
});

test("without --adopt a run that nobody watches touches nothing of what it does not own", async () => {
  await makeForeign();
  const id = idOfApi();
  await scene.write(serviceIn("frankfurt"));
  const report = await scene.apply();
  expect(report.verdict).toBe("refused");
  expect(report.problems.map(({ code }) => code)).toEqual(["adopt"]);
  expect(idOfApi()).toBe(id);
});

test("what somebody else changes later is drift, also where no call of ours could change it", async () => {
  await scene.write(`databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "16" }]\n`);
  expect((await scene.apply()).verdict).toBe("done");
  // An upgrade, which only Render's dashboard offers.
  const row = scene.simulator.account.find(postgresInstances, idNamed(scene, "postgres", "main"));
  Object.assign(row ?? {}, { version: "17" });
  expect((await scene.drift()).drifted).toMatchObject([
    { address: "render/postgres/main", verdict: "changed" },
  ]);
});
