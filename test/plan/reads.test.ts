import { afterEach, describe, expect, test } from "vitest";
import { setFaults } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

/** What one plan asked for, by path, ids as stars, queries left out. */
async function readsOf(work: () => Promise<unknown>): Promise<{ readonly [path: string]: number }> {
  const sent = scene.requests.length;
  await work();
  const counts: { [path: string]: number } = {};
  for (const { method, path } of scene.requests.slice(sent)) {
    const shape = path.replaceAll(/\/[a-z]{3}-[0-9a-v]{20}(?:-[a-z])?/g, "/*");
    counts[`${method} ${shape}`] = (counts[`${method} ${shape}`] ?? 0) + 1;
  }
  return counts;
}

async function applied(text: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene({ limits: "off", ...options });
  await scene.write(text);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
}

const worker = (name: string, more = ""): string =>
  `  - {type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true"${more}}\n`;
const variable = ", envVars: [{key: LEVEL, value: info}]";
const database = (name: string, more = ""): string =>
  `  - {name: ${name}, plan: basic-1gb, postgresMajorVersion: "18"${more}}\n`;

type Case = {
  readonly name: string;
  readonly file: string;
  readonly reads: { readonly [path: string]: number };
};

/** The product page's first figure: lists, one read per declared facet that no list carries, and what references need. */
const cases: readonly Case[] = [
  {
    name: "settings of services cost their list alone",
    file: `services:\n${worker("one")}${worker("two")}${worker("three")}`,
    reads: { "GET /services": 1, "GET /blueprints": 1 },
  },
  {
    name: "variables cost one call per service that declares any",
    file: `services:\n${worker("one", variable)}${worker("two", variable)}${worker("three")}`,
    reads: { "GET /services": 1, "GET /services/*/env-vars": 2, "GET /blueprints": 1 },
  },
  {
    name: "secret files cost one call per service that declares any",
    file: `services:\n${worker("one", ", secretFiles: [{name: app.conf, value: a}]")}${worker("two")}`,
    reads: { "GET /services": 1, "GET /services/*/secret-files": 1, "GET /blueprints": 1 },
  },
  {
    name: "databases cost their list, and one call where parameter overrides are declared",
    file: `databases:\n${database("one")}${database("two", ', parameterOverrides: {work_mem: "8MB"}')}`,
    reads: { "GET /postgres": 1, "GET /postgres/*": 1, "GET /blueprints": 1 },
  },
  {
    name: "a referenced database costs one connection-info, however many variables want it",
    file: `
services:
${worker(
  "one",
  ", envVars: [{key: A, fromDatabase: {name: main, property: connectionString}}, {key: B, fromDatabase: {name: main, property: password}}]",
)}${worker("two", ", envVars: [{key: A, fromDatabase: {name: main, property: connectionString}}]")}
databases:
${database("main")}${database("unused")}`,
    reads: {
      "GET /services": 1,
      "GET /services/*/env-vars": 2,
      "GET /postgres": 1,
      "GET /postgres/*/connection-info": 1,
      "GET /blueprints": 1,
    },
  },
  {
    name: "what follows from the listed object costs nothing",
    file: `
services:
${worker("one", ", envVars: [{key: A, fromDatabase: {name: main, property: host}}]")}
databases:
${database("main")}`,
    reads: {
      "GET /services": 1,
      "GET /services/*/env-vars": 1,
      "GET /postgres": 1,
      "GET /blueprints": 1,
    },
  },
  {
    name: "groups cost one call each, their links nothing",
    file: `
envVarGroups:
  - {name: mail, envVars: [{key: SENDER, value: ada@acme.test}]}
  - {name: shared, envVars: [{key: REGION, value: west}]}
services:
${worker("one", ", envVars: [{fromGroup: mail}, {fromGroup: shared}]")}`,
    reads: { "GET /services": 1, "GET /env-groups": 1, "GET /env-groups/*": 2, "GET /blueprints": 1 },
  },
];

describe("GETs of a plan", () => {
  test.each(cases)("$name", async ({ file, reads }) => {
    await applied(file);
    let calls = 0;
    expect(await readsOf(async () => (calls = (await scene.plan()).reads.calls))).toEqual(reads);
    expect(calls).toBe(Object.values(reads).reduce((sum, count) => sum + count, 0));
  });

  test("a workspace by name costs one more, once", async () => {
    await applied(`workspace: Acme\nservices:\n${worker("one")}`);
    expect(await readsOf(() => scene.plan())).toEqual({
      "GET /owners": 1,
      "GET /services": 1,
      "GET /blueprints": 1,
    });
  });

  test("lists are read to their end, a hundred at a time", async () => {
    scene = await openScene({ limits: "off", services: 230 });
    await scene.write(`services:\n${worker("one")}`);
    expect(await readsOf(() => scene.plan())).toEqual({
      // Three pages, and one call that confirms by name that there is no such service.
      "GET /services": 4,
      "GET /blueprints": 1,
      // On the first run only: whether there is such a workspace.
      "GET /owners/*": 1,
    });
  });

  test("absent names are confirmed fifty at a time", async () => {
    scene = await openScene({ limits: "off" });
    const many = Array.from({ length: 120 }, (_, index) => worker(`w${index}`)).join("");
    await scene.write(`services:\n${many}databases:\n${database("main")}`);
    expect(await readsOf(() => scene.plan())).toEqual({
      "GET /services": 1 + 3,
      "GET /postgres": 1 + 1,
      "GET /blueprints": 1,
      "GET /owners/*": 1,
    });
  });

  test("a variable of a service that is not read anyway costs one call", async () => {
    await applied(`services:\n${worker("one", variable)}`);
    await scene.write(
      `services:\n${worker("two", ", envVars: [{key: COPY, fromService: {type: worker, name: one, envVarKey: LEVEL}}]")}`,
      "other.yaml",
    );
    const other = { files: ["other.yaml"], label: "other" };
    await scene.apply(other);
    expect(await readsOf(() => scene.plan(other))).toEqual({
      "GET /services": 1,
      "GET /services/*/env-vars": 1,
      "GET /services/*/env-vars/LEVEL": 1,
      "GET /blueprints": 1,
    });
  });

  test("an auto-sync Blueprint costs one call, and is told when it lists what we own", async () => {
    await applied(`services:\n${worker("one")}`);
    const saved = scene.simulator.save();
    const { id, ownerId } = scene.rows("services").find((row) => row["name"] === "one")!;
    const blueprint = {
      id: "exs-d1au6l0023vnto08vu00",
      ownerId,
      name: "shop",
      status: "in_sync",
      autoSync: true,
      repo: "https://github.com/acme/app",
      branch: "main",
      path: "render.yaml",
      resources: [{ id, name: "one", type: "background_worker" }],
    };
    scene.simulator.account.restore({
      ...saved,
      tables: { ...saved.tables, blueprints: [blueprint] },
    });
    let problems: readonly unknown[] = [];
    expect(await readsOf(async () => (problems = (await scene.plan()).problems))).toEqual({
      "GET /services": 1,
      "GET /blueprints": 1,
      "GET /blueprints/*": 1,
    });
    expect(problems).toMatchObject([
      {
        code: "two-owners",
        severity: "warning",
        message: "The Blueprint shop syncs by itself and lists render/service/one: two owners would fight.",
      },
    ]);
  });
});

test("every list call names the workspace, asks for a hundred, and leaves previews and replicas out", async () => {
  scene = await openScene();
  await scene.write(`services:\n${worker("one")}databases:\n${database("main")}`);
  await scene.plan();
  const owner = scene.simulator.env["RENDER_OWNER_ID"]!;
  const lists = scene.requests.filter(({ path }) => path !== `/owners/${owner}`);
  expect(lists).toHaveLength(scene.requests.length - 1);
  const queries = lists.map(({ path, query }) => ({ path, query: new URLSearchParams(query) }));
  for (const { query } of queries) {
    expect(query.get("ownerId")).toBe(owner);
    expect(query.get("limit")).toBe("100");
  }
  for (const { path, query } of queries) {
    if (path === "/services") expect(query.get("includePreviews")).toBe("false");
    if (path === "/postgres") expect(query.get("includeReplicas")).toBe("false");
  }
});

test("a plan sends GET and nothing else, whatever the file asks and whatever goes wrong", async () => {
  await applied(`services:\n${worker("one", variable)}${worker("two")}`);
  await setFaults(scene, "500:0.2,429:0.1,html:0.05,truncated-json:0.05,reset-before:0.05,short-page:0.1");
  const sent = scene.requests.length;
  const files = [
    `services:\n${worker("one", ", envVars: [{key: LEVEL, value: debug}]")}${worker("three")}`,
    `databases:\n${database("main")}`,
    `services:\n${worker("one", ", region: frankfurt")}`,
  ];
  let failed = 0;
  for (let round = 0; round < 12; round += 1) {
    await scene.write(files[round % files.length]!);
    await scene.plan().catch(() => (failed += 1));
  }
  const made = scene.requests.slice(sent);
  expect(failed, "some plans failed").toBeGreaterThan(0);
  expect(failed, "and some did not").toBeLessThan(12);
  expect(new Set(made.map((request) => request.method))).toEqual(new Set(["GET"]));
});
