import { afterEach, describe, expect, test } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import type { Transport } from "../../src/world/transport.ts";
import { ourRows, rowNamed } from "../observe.ts";
import { makeJumpingClock, openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

async function applyThenPlan(text: string): Promise<readonly string[]> {
  await scene.write(text);
  const report = await scene.apply({ allowDeletes: 5, allowReplace: ["*"] });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  const again = await scene.plan();
  expect(hasWork(again)).toBe(false);
  expect(again.changes.filter(({ action }) => action !== "keep")).toEqual([]);
  return report.results.map(({ step }) => step);
}

/** A private service whose region decides whether it is made anew. */
const service = (name: string, region: string, other: string): string => `
  - type: pserv
    name: ${name}
    runtime: docker
    region: ${region}
    envVars:
      - {key: OTHER, fromService: {type: pserv, name: ${other}, property: hostport}}`;

describe("two services that refer to each other", () => {
  const both = (region: string): string =>
    `services:${service("a", region, "b")}${service("b", region, "a")}`;

  test("can both be replaced", async () => {
    scene = await openScene();
    await applyThenPlan(both("oregon"));
    const before = ourRows(scene, "services").map(({ id }) => id);
    await applyThenPlan(both("ohio"));
    const after = ourRows(scene, "services");
    expect(after.map(({ region }) => region)).toEqual(["ohio", "ohio"]);
    expect(after.filter(({ id }) => before.includes(id))).toEqual([]);
  });

  test("can both be deleted", async () => {
    scene = await openScene();
    await applyThenPlan(`${both("oregon")}${service("c", "oregon", "c")}`);
    const steps = await applyThenPlan(`services:${service("c", "oregon", "c")}`);
    expect([...steps].sort()).toEqual(["delete render/service/a", "delete render/service/b"]);
    expect(ourRows(scene, "services").map(({ name }) => name)).toEqual(["c"]);
  });

  test("can be parted: one is replaced, the other one deleted", async () => {
    scene = await openScene();
    await applyThenPlan(both("oregon"));
    await applyThenPlan(`services:${service("a", "ohio", "a")}`);
    expect(ourRows(scene, "services").map(({ name, region }) => [name, region])).toEqual([["a", "ohio"]]);
  });
});

test("what is written to a new object is not taken for somebody else's change of the old one", async () => {
  const text = (region: string): string => `
envVarGroups:
  - {name: shared, envVars: [{key: LEVEL, value: info}]}
services:
  - type: pserv
    name: api
    runtime: docker
    region: ${region}
    suspended: true
    envVars:
      - fromGroup: shared
`;
  const clock = makeJumpingClock();
  // So slow that what the plan read does not count as fresh any more.
  const slowCreation =
    (send: Transport): Transport =>
    async (request) => {
      if (request.method === "POST" && request.url.endsWith("/services")) await clock.sleep(90_000);
      return send(request);
    };
  scene = await openScene({ clock, send: slowCreation });
  await applyThenPlan(text("oregon"));
  await applyThenPlan(text("ohio"));
  expect(rowNamed(scene, "services", "api")).toMatchObject({ region: "ohio", suspenders: ["user"] });
});
