import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { stepsOf } from "../providers/converge.ts";
import { idNamed, problemsOf, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

/*
 * Values that refer to what the same plan makes, on creation and on change, all in one run (product page, section 7). Each
 * service takes the outputs of one sort; what it has in the account is compared with the rows that these come from.
 */
const service = (name: string, variables: string, more = ""): string =>
  `  - { type: web, name: ${name}, runtime: node, plan: starter, buildCommand: b, startCommand: s${more}, envVars: [${variables}] }\n`;
const fromDatabase = (key: string, name: string, property: string): string =>
  `{ key: ${key}, fromDatabase: { name: ${name}, property: ${property} } }`;
const fromService = (key: string, name: string, envVarKey: string): string =>
  `{ key: ${key}, fromService: { type: web, name: ${name}, envVarKey: ${envVarKey} } }`;

const before = `
databases:
  - { name: grown, plan: basic-1gb }
  - { name: pooled, plan: basic-1gb }
  - { name: torn, plan: basic-1gb, readReplicas: [{ name: torn-a }, { name: torn-b }] }
  - { name: giver, plan: basic-1gb, readReplicas: [{ name: wanderer }] }
  - { name: taker, plan: basic-1gb }
services:
${["replica", "pool", "passed-on", "file", "lent", "lent-twice", "not-ours", "branch", "named"]
  .map((name) => service(name, ""))
  .join("")}
${service("deleted", `${fromDatabase("A", "torn-a", "connectionString")}, ${fromDatabase("B", "torn-b", "connectionString")}`)}
${service("wandered", fromDatabase("A", "wanderer", "host"))}
${service("holder", "")}
${service("old-name", "")}
  - { type: web, name: imaged, runtime: image, plan: starter, image: { url: nginx } }
`;

const after = `
envVarGroups:
  - { name: shared, envVars: [{ key: LENT, generateValue: true }] }
databases:
  - { name: grown, plan: basic-1gb, readReplicas: [{ name: reports }] }
  - { name: pooled, plan: basic-1gb, connectionPool: pgbouncer }
  - { name: torn, plan: basic-1gb, readReplicas: [{ name: torn-a }, { name: torn-b }] }
  - { name: giver, plan: basic-1gb, readReplicas: [] }
  - { name: taker, plan: basic-1gb, readReplicas: [{ name: wanderer }] }
  - { name: fresh, plan: basic-1gb, connectionPool: pgbouncer, readReplicas: [{ name: fresh-ro }], users: [app] }
services:
${service("replica", ["connectionString", "host", "port", "user", "password"].map((one) => fromDatabase(one.toUpperCase(), "reports", one)).join(", "))}
${service("pool", fromDatabase("A", "pooled", "connectionPoolString"))}
${service("passed-on", fromService("A", "pool", "A"))}
${service("file", "", ", secretFiles: [{ name: a.txt, fromDatabase: { name: reports, property: host } }]")}
${service("deleted", `${fromDatabase("A", "torn-a", "connectionString")}, ${fromDatabase("B", "torn-b", "connectionString")}`)}
${service("wandered", fromDatabase("A", "wanderer", "host"))}
${service("new", [fromDatabase("A", "fresh-ro", "host"), fromDatabase("B", "fresh", "connectionPoolString"), fromDatabase("C", "fresh", "user")].join(", "))}
${service("holder", "{ fromGroup: shared }")}
${service("lent", fromService("A", "holder", "LENT"))}
${service("new-holder", "{ fromGroup: shared }, { fromGroup: theirs }")}
${service("lent-twice", `${fromService("A", "new-holder", "LENT")}, ${fromService("B", "new-holder", "TYPED")}`)}
${service("new-lent", fromService("A", "new-holder", "LENT"))}
${service("not-ours", fromService("A", "stranger", "TYPED"))}
${service("imaged", "", ", repo: https://github.com/acme/app, branch: dev")}
${service("branch", fromService("A", "imaged", "RENDER_GIT_BRANCH"))}
${service("new-name", "", ", lifecycle: { renamedFrom: old-name }")}
${service("named", fromService("A", "new-name", "RENDER_SERVICE_NAME"))}
`;

describe("in one run", () => {
  let scene: Scene;
  let report: RunReport;
  let again: Plan;
  let deletedBefore: string;
  beforeAll(async () => {
    scene = await openScene({ limits: "off" });
    await scene.write(before);
    expect((await scene.apply()).verdict).toBe("done");
    const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
    await scene.edit("POST", "/services", {
      type: "web_service",
      name: "stranger",
      ownerId,
      repo: "https://github.com/acme/app",
      serviceDetails: { runtime: "node", envSpecificDetails: { buildCommand: "b", startCommand: "s" } },
    });
    const serviceIds = [idNamed(scene, "services", "stranger")];
    await scene.edit("POST", "/env-groups", {
      name: "theirs",
      ownerId,
      serviceIds,
      envVars: [{ key: "TYPED", value: "by hand" }],
    });
    deletedBefore = variablesOf(scene, "deleted")["A"]!;
    // Another one takes the id of the replica that goes, so that a new one gets an id of its own.
    for (const names of [["torn-b"], ["torn-b", "other"]])
      await scene.edit("PATCH", `/postgres/${idNamed(scene, "postgres", "torn")}`, {
        readReplicas: names.map((name) => ({ name })),
      });
    await scene.write(after);
    report = await scene.apply({ allowDeletes: 2, allowDataLoss: ["render/postgres/giver"] });
    again = await scene.plan();
  });
  afterAll(() => scene.close());

  const replicaId = (database: string, name: string): string => {
    const replicas = rowNamed(scene, "postgres", database)["readReplicas"] as { id: string; name: string }[];
    return replicas.find((one) => one.name === name)!.id;
  };
  const of = (name: string, key = "A"): string | undefined => variablesOf(scene, name)[key];
  const groupValue = (): string => {
    const [{ value }] = rowNamed(scene, "environmentGroups", "shared")["envVars"] as [{ value: string }];
    return value;
  };

  test("everything arrives, and nothing is left to do", () => {
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(stepsOf(again)).toEqual([]);
  });

  test("a replica that is added", () => {
    const id = replicaId("grown", "reports");
    const { databaseUser, password, databaseName } = rowNamed(scene, "postgres", "grown") as {
      [column: string]: string;
    };
    expect(variablesOf(scene, "replica")).toEqual({
      CONNECTIONSTRING: `postgresql://${databaseUser}:${password}@${id}/${databaseName}`,
      HOST: id,
      PORT: "5432",
      USER: databaseUser,
      PASSWORD: password,
    });
    expect(rowNamed(scene, "services", "file")["secretFiles"]).toMatchObject([{ content: id }]);
  });

  test("a replica that somebody deleted, beside one that stays", () => {
    expect(of("deleted")).toContain(`@${replicaId("torn", "torn-a")}/`);
    expect(of("deleted")).not.toBe(deletedBefore);
    expect(of("deleted", "B")).toContain(`@${replicaId("torn", "torn-b")}/`);
  });

  test("a replica that goes over to another database", () => {
    expect(of("wandered")).toBe(replicaId("taker", "wanderer"));
  });

  test("a pool that is turned on, also through the variable of another service", () => {
    expect(of("pool")).toContain(`@${idNamed(scene, "postgres", "pooled")}-pooler`);
    expect(of("passed-on")).toBe(of("pool"));
  });

  test("all of it on a database that is new", () => {
    expect(of("new")).toBe(replicaId("fresh", "fresh-ro"));
    expect(of("new", "B")).toContain(`//app:`);
    expect(of("new", "B")).toContain(`@${idNamed(scene, "postgres", "fresh")}-pooler`);
    expect(of("new", "C")).toBe("app");
  });

  test("a variable of a group that is linked, by a service of before and by a new one", () => {
    expect(groupValue()).not.toBe("");
    for (const name of ["lent", "lent-twice", "new-lent"]) expect(of(name)).toBe(groupValue());
  });

  test("a variable of a group that no file declares: linked by this run, and to a service that is not ours", () => {
    expect(of("lent-twice", "B")).toBe("by hand");
    expect(of("not-ours")).toBe("by hand");
  });

  test("what follows from the service itself: another branch, another name", () => {
    expect(of("branch")).toBe("dev");
    expect(of("named")).toBe("new-name");
  });
});

test("what no step of the plan makes is refused before the first write", async () => {
  const scene = await openScene();
  const reader = service("api", fromDatabase("A", "db", "connectionPoolString"));
  const database = (more: string): string => `databases: [{ name: db, plan: basic-1gb${more} }]\nservices:\n`;
  const pooled = database(", connectionPool: pgbouncer");
  const imaged = `services:\n  - { type: web, name: imaged, runtime: image, plan: starter, image: { url: nginx } }\n`;
  const cases: readonly { readonly live?: string; readonly file: string }[] = [
    { file: database("") + reader },
    { file: database(", connectionPool: none") + reader },
    { live: database("") + service("api", ""), file: database("") + reader },
    { live: pooled + reader, file: database(", connectionPool: none") + reader },
    { live: imaged, file: imaged + service("api", fromService("A", "imaged", "RENDER_GIT_BRANCH")) },
  ];
  for (const { live, file } of cases) {
    if (live !== undefined) {
      await scene.write(live);
      expect((await scene.apply({ allowDeletes: 3, allowDataLoss: ["*"] })).verdict).toBe("done");
    }
    const done = writesOf(scene).length;
    await scene.write(file);
    expect((await problemsOf(scene.apply())).map(({ code }) => code)).toEqual(["unknown-output"]);
    expect(writesOf(scene)).toHaveLength(done);
  }
  await scene.close();
});
