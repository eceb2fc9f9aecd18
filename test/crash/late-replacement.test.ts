import { expect, test } from "vitest";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { ourRows, setFaults, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { finish, input } from "./course.ts";
import { Mortal } from "./mortal.ts";

const database = (version: string): string =>
  `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "${version}" }]\n`;
const cache = (region: string): string =>
  `services: [{ type: keyvalue, name: main, plan: starter, region: ${region}, ipAllowList: [] }]\n`;
const service = (region: string): string =>
  `services: [{ type: worker, name: main, runtime: image, image: { url: nginx }, plan: starter, region: ${region} }]\n`;

const replacements = [
  ["database", "postgres", "/postgres", database("17"), database("18")],
  ["key value store", "keyValues", "/key-value", cache("oregon"), cache("ohio")],
  ["service", "services", "/services", service("oregon"), service("ohio")],
] as const;

/** The former one is there, and lists show the new one only after so many seconds. */
async function replaceLate(from: string, to: string, lag: number): Promise<Scene> {
  const scene = await openScene();
  await scene.write(from);
  await scene.apply();
  await scene.world.sleep(600_000);
  await scene.write(to);
  await setFaults(scene, `lag:${lag},lag-deletes:${lag}`);
  return scene;
}

test.each(replacements)(
  "a %s whose new one was made without an answer is replaced by one, although lists lag and the one that stepped aside is there",
  async (_kind, table, path, from, to) => {
    const scene = await replaceLate(from, to, 90);
    // It steps aside, and the next call makes the one that takes its place.
    expect(await new Mortal(scene, { at: "after-write", number: 2 }).apply(input)).toBe("died");
    expect(writesOf(scene).at(-1)).toMatch(new RegExp(`^POST ${path} 201`, "u"));
    expect((await finish(scene)).verdict).toBe("done");
    expect(ourRows(scene, table)).toMatchObject([{ name: "main" }]);
    expect(await scene.inventory()).not.toHaveProperty("pending");
    await scene.close();
  },
);

test.each(replacements)(
  "a %s whose new one is owned is not made again by the next run, whose lists show only the one that stepped aside",
  async (_kind, table, path, from, to) => {
    const scene = await replaceLate(from, to, 600);
    // The sixth line comes after the outcome of its creation.
    expect(await new Mortal(scene, { at: "append", number: 6 }).apply(input)).toBe("died");
    expect((await finish(scene)).verdict).toBe("done");
    const made = writesOf(scene).filter((line) => line.startsWith(`POST ${path} `));
    expect(made).toEqual([`POST ${path} 201`, `POST ${path} 201`]);
    expect(ourRows(scene, table)).toMatchObject([{ name: "main" }]);
    await scene.close();
  },
);

test("a database that stepped aside for one that nobody saw is said to be uncertain, as one that is made anew is", async () => {
  const scene = await openScene();
  await scene.write(database("17"));
  await scene.apply();
  await scene.write(database("18"));
  expect(await new Mortal(scene, { at: "before-write", number: 2 }).apply(input)).toBe("died");
  const note = expect.objectContaining({ note: "uncertain", from: expect.any(Number) as number }) as object;
  const plan = await scene.plan({ allowDataLoss: ["*"] });
  expect(plan.changes).toMatchObject([
    { action: "replace", notes: expect.arrayContaining([note]) as object },
  ]);
  expect(renderPlan(plan, { columns: 200, colour: false, unicode: true })).toContain(
    "uncertain, may be sent again at",
  );
  expect(await new Mortal(scene).apply(input)).toMatchObject({ problems: [{ code: "uncertain-create" }] });
  expect(ourRows(scene, "postgres")).toHaveLength(1);
  await scene.world.sleep(15 * 60_000);
  expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "done" });
  expect(ourRows(scene, "postgres")).toMatchObject([{ name: "main", version: "18" }]);
  expect((await scene.plan()).changes.flatMap(({ notes }) => notes)).toEqual([]);
  await scene.close();
});
