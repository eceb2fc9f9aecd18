import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const database = (keys: string): string => `
databases:
  - name: main
    plan: basic-256mb
    ${keys}
`;

function main(): { readonly [column: string]: Json } {
  return rowNamed(scene, "postgres", "main");
}

function replicas(): readonly { readonly name: string; readonly parameterOverrides: Json }[] {
  return main()["readReplicas"] as never;
}

function edit(body: Json): Promise<Json> {
  return scene.edit("PATCH", `/postgres/${idOf(scene, "postgres", "main")}`, body);
}

describe("parameters", () => {
  test("are the file's as a whole: one that somebody adds is seen and goes", async () => {
    const text = database("parameterOverrides: { work_mem: 8MB }");
    await converge(scene, text);
    await edit({ parameterOverrides: { work_mem: "8MB", max_connections: "50" } });
    expect(verdictsOf(await scene.plan())).toEqual(["update render/postgres/main outside"]);
    await converge(scene, text);
    expect(main()["parameterOverrides"]).toEqual({ work_mem: "8MB" });
  });

  test("are cleared by an empty map, and left alone without one", async () => {
    await converge(scene, database("parameterOverrides: { work_mem: 8MB }"));
    await converge(scene, database(""));
    expect(main()["parameterOverrides"]).toEqual({ work_mem: "8MB" });
    await converge(scene, database("parameterOverrides: {}"));
    expect(main()["parameterOverrides"]).toEqual({});
  });
});

describe.each(["replace", "keep"] as const)(
  "parameters of read replicas, by a PATCH that would %s them",
  (how) => {
    beforeEach(async () => {
      await scene.close();
      scene = await openScene({ switches: { replicaOverrides: how } });
    });

    test("are not ours where the file has none, and stay when another replica comes", async () => {
      await converge(scene, database("readReplicas: [{ name: one }]"));
      await edit({ readReplicas: [{ name: "one", parameterOverrides: { work_mem: "8MB" } }] });
      expect(stepsOf(await scene.plan())).toEqual([]);
      const both = database("readReplicas: [{ name: two }, { name: one }]");
      await scene.write(both);
      expect(verdictsOf(await scene.plan())).toEqual(["update render/postgres/main file"]);
      await converge(scene, both);
      expect(replicas()).toMatchObject([
        { name: "two", parameterOverrides: {} },
        { name: "one", parameterOverrides: { work_mem: "8MB" } },
      ]);
    });

    test("are the file's as a whole where it has some, and cleared by an empty map", async () => {
      const one = database("readReplicas: [{ name: one, parameterOverrides: { work_mem: 8MB } }]");
      await converge(scene, one);
      await edit({ readReplicas: [{ name: "one", parameterOverrides: { work_mem: "8MB", jit: "off" } }] });
      expect(verdictsOf(await scene.plan())).toEqual(["update render/postgres/main outside"]);
      await converge(scene, one);
      expect(replicas()).toMatchObject([{ parameterOverrides: { work_mem: "8MB" } }]);
      await converge(scene, database("readReplicas: [{ name: one, parameterOverrides: {} }]"));
      expect(replicas()).toMatchObject([{ parameterOverrides: {} }]);
    });
  },
);

test("a replica that the list lacks counts as a delete", async () => {
  const guarded = (replicas: string): string =>
    `${database(`readReplicas: [${replicas}]`)}settings: { guards: { maxDeletes: 0 } }\n`;
  await converge(scene, guarded("{ name: one }, { name: two }"));
  await converge(scene, guarded("{ name: two }, { name: one }, { name: three }"));
  await scene.write(guarded("{ name: two }"));
  expect((await scene.plan()).refusals).toMatchObject([{ code: "max-deletes" }]);
  await converge(scene, guarded(""), { allowDeletes: 1 });
  expect(replicas()).toEqual([]);
});
