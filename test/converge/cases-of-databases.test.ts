import { afterEach, describe, expect, test } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import { postgresInstances } from "../../src/simulator/render/datastore/postgres-row.ts";
import { idNamed, variablesOf, writesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";
import {
  apply,
  database,
  expectNothingLeft,
  file,
  forget,
  ofDatabase,
  openFree,
  service,
  variables,
} from "./case-scene.ts";

/*
 * Scenes that people met on Render and its peers, several of each kind: other resources, other fields, other ways to get there.
 * Each is applied to an account that was made by an earlier file, or by somebody, and has to end with nothing left to do.
 */

let scene: Scene;
afterEach(() => scene.close());

describe("a pool and what refers to it", () => {
  const pooled = database("db", ", connectionPool: pgbouncer");
  const uses = service("api", variables(ofDatabase("D", "connectionPoolString")));
  const pooler = (): string => `@${idNamed(scene, "postgres", "db")}-pooler:`;

  test("made together", async () => {
    scene = await openFree();
    await apply(scene, file({ databases: [pooled], services: [uses] }));
    expect(variablesOf(scene, "api")["D"]).toContain(pooler());
    await expectNothingLeft(scene);
  });

  test("turned on together with a replica and a user, all referred to", async () => {
    scene = await openFree();
    await apply(scene, file({ databases: [database("db")], services: [service("api")] }));
    const grown = database("db", ", connectionPool: pgbouncer, readReplicas: [{ name: ro }], users: [app]");
    const all = variables(
      ofDatabase("D", "connectionPoolString"),
      ofDatabase("R", "host", "ro"),
      ofDatabase("U", "user"),
    );
    await apply(scene, file({ databases: [grown], services: [service("api", all)] }));
    expect(variablesOf(scene, "api")).toMatchObject({
      D: expect.stringContaining(pooler()) as string,
      U: "app",
    });
    await expectNothingLeft(scene);
  });

  test("turned off by somebody is turned on again", async () => {
    scene = await openFree();
    await apply(scene, file({ databases: [pooled], services: [uses] }));
    await scene.edit("PATCH", `/postgres/${idNamed(scene, "postgres", "db")}`, { connectionPool: "none" });
    await apply(scene, file({ databases: [pooled], services: [uses] }));
    expect(variablesOf(scene, "api")["D"]).toContain(pooler());
    await expectNothingLeft(scene);
  });

  test("turned off in the file with the reference changed", async () => {
    scene = await openFree();
    await apply(scene, file({ databases: [pooled], services: [uses] }));
    await apply(
      scene,
      file({
        databases: [database("db", ", connectionPool: none")],
        services: [service("api", variables(ofDatabase("D", "connectionString")))],
      }),
    );
    expect(variablesOf(scene, "api")["D"]).not.toContain("pooler");
    await expectNothingLeft(scene);
  });

  test.each([
    ["absent", ""],
    ["none", ", connectionPool: none"],
  ])("that the file does not turn on (%s) is refused before any write", async (_how, more) => {
    scene = await openFree();
    await scene.write(file({ databases: [database("db", more)], services: [uses] }));
    await expect(scene.apply()).rejects.toMatchObject({ problems: [{ code: "unknown-output" }] });
    expect(writesOf(scene)).toEqual([]);
  });
});

describe("the default user of a database is another one than the file says", () => {
  const all = service(
    "api",
    variables(ofDatabase("U", "user"), ofDatabase("P", "password"), ofDatabase("H", "host")),
  );
  const rotate = (username: string): Promise<unknown> =>
    scene.edit("POST", `/postgres/${idNamed(scene, "postgres", "db")}/credentials`, { username });

  test.each([
    ["with a user in the file", ", user: app"],
    ["with none", ""],
    ["with others declared", ", user: app, users: [reporting]"],
  ])("%s: what refers to it is wired again, the database stays", async (_how, more) => {
    scene = await openFree();
    const text = file({ databases: [database("db", more)], services: [all] });
    await apply(scene, text);
    const id = idNamed(scene, "postgres", "db");
    await rotate("first");
    await rotate("second");
    await apply(scene, text, { allowDataLoss: ["render/postgres/db"] });
    expect(idNamed(scene, "postgres", "db")).toBe(id);
    expect(variablesOf(scene, "api")).toMatchObject({ U: "second" });
    expect(hasWork(await scene.plan())).toBe(false);
  });

  test("an adoption writes nothing, and agreeing to the new user neither", async () => {
    scene = await openFree();
    await apply(scene, file({ databases: [database("db", ", user: app")] }));
    await rotate("second");
    await forget(scene);
    expect(await apply(scene, file({ databases: [database("db", ", user: app")] }))).toEqual([]);
    expect(await apply(scene, file({ databases: [database("db", ", user: app, users: [second]")] }))).toEqual(
      [],
    );
    await expectNothingLeft(scene);
  });

  test("users that the file declares are made and dropped, and the first one stays", async () => {
    scene = await openFree();
    for (const [users, last] of [
      ["[a]", "a"],
      ["[a, b]", "b"],
      ["[]", "app"],
    ] as const) {
      await apply(
        scene,
        file({ databases: [database("db", `, user: app, users: ${users}`)], services: [all] }),
        {
          allowDeletes: 9,
        },
      );
      expect(variablesOf(scene, "api")).toMatchObject({ U: last });
      await expectNothingLeft(scene);
    }
  });
});

describe("a rename in the file alone", () => {
  const keyValue = (name: string): string =>
    `{ type: keyvalue, name: ${name}, plan: starter, ipAllowList: [] }`;
  const inside = (one: string): string =>
    `projects: [{ name: p, environments: [{ name: e, databases: [${one}] }] }]\n`;
  const disk = ", disk: { name: d, mountPath: /data, sizeGB: 5 }";
  test.each([
    [
      "of a persistent Key Value",
      file({ services: [keyValue("old")] }),
      file({ services: [keyValue("new")] }),
    ],
    [
      "of a database, in its case",
      file({ databases: [database("old")] }),
      file({ databases: [database("OLD")] }),
    ],
    ["of a database of an environment", inside(database("old")), inside(database("new"))],
    [
      "of a service with a disk",
      file({ services: [service("old", disk)] }),
      file({ services: [service("new", disk)] }),
    ],
    [
      "of a database that becomes larger too",
      file({ databases: [database("old")] }),
      file({ databases: [database("new").replace("1gb", "4gb")] }),
    ],
    [
      "of two databases at once",
      file({ databases: [database("old"), database("older")] }),
      file({ databases: [database("new"), database("newer")] }),
    ],
  ])("%s is refused, with the line that says it", async (_what, first, second) => {
    scene = await openFree();
    await apply(scene, first);
    const sent = writesOf(scene).length;
    await scene.write(second);
    const { verdict, problems } = await scene.apply({ allowDeletes: 9 });
    expect(verdict).toBe("refused");
    const [refusal] = problems.filter(({ code }) => code === "looks-renamed");
    expect(refusal?.remedy).toContain("renamedFrom: old");
    expect(writesOf(scene)).toHaveLength(sent);
  });
});

describe("a disk that storage autoscaling grew", () => {
  const grown = ", diskSizeGB: 15, storageAutoscalingEnabled: true";
  const begin = async (size: number): Promise<{ readonly diskSizeGB?: number | undefined }> => {
    scene = await openFree();
    await apply(scene, file({ databases: [database("db", grown)] }));
    const row = scene.simulator.account.find(postgresInstances, idNamed(scene, "postgres", "db"))!;
    row.diskSizeGB = size;
    return row;
  };
  test.each([
    ["to an odd size", 97, grown, 97],
    ["with the file silent about autoscaling", 25, ", diskSizeGB: 15", 25],
    ["with the file silent about the size", 25, ", storageAutoscalingEnabled: true", 25],
    ["and the file asks for more", 25, ", diskSizeGB: 50, storageAutoscalingEnabled: true", 50],
    [
      "and the file turns autoscaling off at its own size",
      25,
      ", diskSizeGB: 25, storageAutoscalingEnabled: false",
      25,
    ],
  ])("%s", async (_what, live, more, size) => {
    const row = await begin(live);
    await apply(scene, file({ databases: [database("db", more)] }));
    await expectNothingLeft(scene);
    expect(row.diskSizeGB).toBe(size);
  });

  test("is adopted by its floor", async () => {
    await begin(30);
    await forget(scene);
    expect(await apply(scene, file({ databases: [database("db", grown)] }))).toEqual([]);
    await expectNothingLeft(scene);
  });
});
