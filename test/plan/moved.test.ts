import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemsOf, rowNamed, ourRows } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, stepsOf } from "../providers/converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const database = (name: string): string => `databases: [{ name: ${name}, plan: basic-256mb }]\n`;
const worker = (name: string): string =>
  `services: [{ type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter, disk: { name: data, mountPath: /data } }]\n`;
const moved = (...pairs: readonly (readonly [string, string])[]): string =>
  `moved:\n${pairs.map(([from, to]) => `  - { from: ${from}, to: ${to} }\n`).join("")}`;

describe("moved", () => {
  test("renames the live object in place, under plain --yes, and is harmless and said once afterwards", async () => {
    await converge(scene, database("db"));
    const id = idOf(scene, "postgres", "db");
    const file = database("main") + moved(["render/postgres/db", "render/postgres/main"]);
    await converge(scene, file);
    expect(idOf(scene, "postgres", "main")).toBe(id);
    expect(ourRows(scene, "postgres")).toHaveLength(1);
    expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/postgres/main"]);
    const again = await scene.plan();
    expect(stepsOf(again)).toEqual([]);
    expect(again.problems).toMatchObject([{ code: "consent-done", severity: "note" }]);
  });

  test("takes the disk of a service along", async () => {
    await converge(scene, worker("old"));
    const before = rowNamed(scene, "services", "old");
    await converge(scene, worker("new") + moved(["render/service/old", "render/service/new"]));
    expect(rowNamed(scene, "services", "new")).toMatchObject({ id: before["id"], disk: before["disk"] });
    expect(Object.keys((await scene.inventory()).resources).sort()).toEqual([
      "render/disk/new",
      "render/service/new",
    ]);
  });

  test("finds the object by its former name where the state is lost", async () => {
    await converge(scene, database("db"));
    const id = idOf(scene, "postgres", "db");
    await rm(join(scene.folder, "state"), { recursive: true });
    const file = database("main") + moved(["render/postgres/db", "render/postgres/main"]);
    await converge(scene, file, { adopt: true });
    expect(ourRows(scene, "postgres").map((row) => [row["id"], row["name"]])).toEqual([[id, "main"]]);
  });

  test("to a name that another owned object has is an error, and neither is touched", async () => {
    const two = "databases: [{ name: db, plan: basic-256mb }, { name: main, plan: basic-256mb }]\n";
    await converge(scene, two);
    const before = ourRows(scene, "postgres");
    await scene.write(database("main") + moved(["render/postgres/db", "render/postgres/main"]));
    const input = { allowDataLoss: ["render/postgres/*"] };
    expect(await problemsOf(scene.apply(input))).toMatchObject([{ code: "moved-taken" }]);
    expect(ourRows(scene, "postgres")).toEqual(before);
  });

  test("to what no block declares renames nothing, and the end of its data is refused", async () => {
    await converge(scene, database("db") + worker("jobs"));
    await scene.write(worker("jobs") + moved(["render/postgres/db", "render/postgres/main"]));
    const plan = await scene.plan();
    expect(plan.problems.map(({ code }) => code)).toContain("moved-nowhere");
    expect(plan.refusals.map(({ code }) => code)).toContain("data-loss");
  });

  test.each([
    [
      "of two owned objects to one name",
      "databases: [{ name: main, plan: basic-256mb, lifecycle: { renamedFrom: old } }]\n" +
        moved(["render/postgres/db", "render/postgres/main"]),
    ],
    [
      "of one object to two names",
      "databases: [{ name: a, plan: basic-256mb, lifecycle: { renamedFrom: db } }, { name: old, plan: basic-256mb }, { name: b, plan: basic-256mb, lifecycle: { renamedFrom: db } }]\n",
    ],
  ])("and renamedFrom %s are an error, and nothing is forgotten", async (_what, file) => {
    await converge(scene, "databases: [{ name: db, plan: basic-256mb }, { name: old, plan: basic-256mb }]\n");
    const before = [ourRows(scene, "postgres"), await scene.inventory()];
    await scene.write(file);
    expect((await problemsOf(scene.apply())).map(({ code }) => code)).toContain("renames-meet");
    expect([ourRows(scene, "postgres"), await scene.inventory()]).toEqual(before);
  });

  const wrong: readonly (readonly [string, string, string, number])[] = [
    [
      "a chain",
      database("c") +
        moved(["render/postgres/a", "render/postgres/b"], ["render/postgres/b", "render/postgres/c"]),
      "moved-chain",
      4,
    ],
    [
      "a circle",
      database("a") +
        moved(["render/postgres/a", "render/postgres/b"], ["render/postgres/b", "render/postgres/a"]),
      "moved-chain",
      4,
    ],
    [
      "a from that is still declared",
      database("a") + moved(["render/postgres/a", "render/postgres/b"]),
      "moved-declared",
      3,
    ],
    ["another kind", database("a") + moved(["render/key-value/b", "render/postgres/a"]), "moved-kind", 3],
    [
      "a kind that cannot be renamed",
      moved(["render/custom-domain/a.dev", "render/custom-domain/b.dev"]),
      "moved-kind",
      2,
    ],
    ["no address", database("a") + moved(["postgres/b", "render/postgres/a"]), "consent-address", 3],
  ];
  test.each(wrong)("with %s is an error that has a place", async (_what, file, code, line) => {
    await scene.write(file);
    expect(await problemsOf(scene.plan())).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code, where: expect.objectContaining({ line }) as unknown }),
      ]),
    );
  });
});
