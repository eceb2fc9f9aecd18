import { afterEach, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { idNamed, ourRows, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

type Renamed = {
  readonly table: string;
  readonly address: string;
  readonly block: (name: string, more?: string) => string;
  /** By which somebody else makes one. */
  readonly make: (ownerId: string) => { readonly path: string; readonly body: Json };
};

const told = ", lifecycle: { renamedFrom: old }";
const kinds: readonly Renamed[] = [
  {
    table: "postgres",
    address: "render/postgres/new",
    block: (name, more = "") =>
      `databases: [{ name: ${name}, plan: basic-256mb, postgresMajorVersion: "18"${more} }]\n`,
    make: (ownerId) => ({
      path: "/postgres",
      body: { name: "new", ownerId, plan: "basic_256mb", version: "18" },
    }),
  },
  {
    table: "keyValues",
    address: "render/key-value/new",
    block: (name, more = "") =>
      `services: [{ type: keyvalue, name: ${name}, plan: starter, ipAllowList: []${more} }]\n`,
    make: (ownerId) => ({ path: "/key-value", body: { name: "new", ownerId, plan: "starter" } }),
  },
  {
    table: "services",
    address: "render/service/new",
    block: (name, more = "") =>
      `services: [{ type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${more} }]\n`,
    make: (ownerId) => ({
      path: "/services",
      body: {
        type: "background_worker",
        name: "new",
        ownerId,
        image: { ownerId, imagePath: "nginx" },
        serviceDetails: { runtime: "image", plan: "starter" },
      },
    }),
  },
  {
    table: "environmentGroups",
    address: "render/env-group/new",
    block: (name, more = "") =>
      `envVarGroups: [{ name: ${name}, envVars: [{ key: LEVEL, value: info }]${more} }]\n`,
    make: (ownerId) => ({ path: "/env-groups", body: { name: "new", ownerId, envVars: [] } }),
  },
];

test.each(kinds)(
  "no rename to a name that somebody else's has: $address",
  async ({ table, address, block, make }) => {
    scene = await openScene();
    await scene.write(block("old"));
    expect((await scene.apply()).verdict).toBe("done");
    const own = idNamed(scene, table, "old");
    const { path, body } = make(scene.simulator.env["RENDER_OWNER_ID"]!);
    await scene.edit("POST", path, body);
    const other = idNamed(scene, table, "new");
    await scene.write(block("new", told));
    const before = writesOf(scene).length;
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(report.plan.refusals).toMatchObject([
      { code: "name-taken", address, message: expect.stringContaining(other) as unknown },
    ]);
    expect(writesOf(scene).slice(before)).toEqual([]);
    expect(new Map(ourRows(scene, table).map(({ id, name }) => [id, name]))).toEqual(
      new Map([
        [own, "old"],
        [other, "new"],
      ]),
    );
  },
);

test("a name that is free again is taken", async () => {
  const { block, make, table } = kinds[0]!;
  scene = await openScene();
  await scene.write(block("old"));
  await scene.apply();
  const own = idNamed(scene, table, "old");
  const { path, body } = make(scene.simulator.env["RENDER_OWNER_ID"]!);
  await scene.edit("POST", path, body);
  await scene.write(block("new", told));
  expect((await scene.apply()).verdict).toBe("refused");
  await scene.edit("PATCH", `${path}/${idNamed(scene, table, "new")}`, { name: "theirs" });
  expect((await scene.apply()).verdict).toBe("done");
  expect(idNamed(scene, table, "new")).toBe(own);
});
