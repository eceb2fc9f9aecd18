import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const kinds = [
  {
    kind: "service",
    table: "services",
    path: "/services",
    file: (name: string, more = "") =>
      `services: [{ type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter, disk: { name: data, mountPath: /data }${more} }]`,
  },
  {
    kind: "postgres",
    table: "postgres",
    path: "/postgres",
    file: (name: string, more = "") => `databases: [{ name: ${name}, plan: basic-256mb${more} }]`,
  },
  {
    kind: "key-value",
    table: "keyValues",
    path: "/key-value",
    file: (name: string, more = "") =>
      `services: [{ type: keyvalue, name: ${name}, plan: starter, ipAllowList: []${more} }]`,
  },
  {
    kind: "env-group",
    table: "environmentGroups",
    path: "/env-groups",
    file: (name: string, more = "") =>
      `envVarGroups: [{ name: ${name}, envVars: [{ key: A, value: "1" }]${more} }]`,
  },
] as const;

describe.each(kinds)("a $kind", ({ kind, table, path, file }) => {
  const renamed = file("new", ", lifecycle: { renamedFrom: old }");

  test("is renamed in place, and stays ours when the file forgets its old name", async () => {
    await converge(scene, file("old"));
    const before = idOf(scene, table, "old");
    await scene.write(renamed);
    expect(stepsOf(await scene.plan()).filter((step) => !step.startsWith("converge"))).toEqual([
      `update render/${kind}/new name`,
    ]);
    await converge(scene, renamed);
    expect(idOf(scene, table, "new")).toBe(before);
    await converge(scene, file("new"));
    expect((await scene.inventory()).resources[`render/${kind}/new`]?.id).toBe(before);
    expect((await scene.inventory()).resources[`render/${kind}/old`]).toBeUndefined();
  });

  test("that somebody else renamed keeps its identity and gets its name back", async () => {
    await converge(scene, file("old"));
    const before = idOf(scene, table, "old");
    await scene.edit("PATCH", `${path}/${before}`, { name: "theirs" });
    expect(verdictsOf(await scene.plan())).toEqual([`update render/${kind}/old outside`]);
    await converge(scene, file("old"));
    expect(rowNamed(scene, table, "old")["id"]).toBe(before);
  });

  test("that was never ours is found under its old name, and adopted with the new one", async () => {
    await converge(scene, file("old"));
    const before = idOf(scene, table, "old");
    await rm(join(scene.folder, "state"), { recursive: true });
    await converge(scene, renamed, { adopt: true });
    expect(idOf(scene, table, "new")).toBe(before);
  });
});
