import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ourRows, rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const cron = (name: string, more = ""): string =>
  `{ type: cron, name: ${name}, runtime: image, image: { url: nginx }, schedule: "0 3 * * *", plan: starter${more} }`;
const project = (production: string, staging = "", name = "shop"): string => `
projects:
  - name: ${name}
    environments:
      - name: production
        networking: { isolation: enabled }
        permissions: { protection: enabled }
${production}
      - name: staging
${staging}
`;
const services = (...blocks: readonly string[]): string => `        services: [${blocks.join(", ")}]`;
const environmentOf = (table: string, name: string): unknown => rowNamed(scene, table, name)["environmentId"];
const writesSince = (count: number): readonly string[] =>
  scene.requests
    .slice(count)
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path.replaceAll(/(\w{3})-[0-9a-v]{20}(-a)?/g, "$1")}`);

describe("a project", () => {
  test("is made with its environments in one call, and read with two", async () => {
    await converge(scene, project(""));
    expect(rowNamed(scene, "environments", "production")).toMatchObject({
      networkIsolationEnabled: true,
      protectedStatus: "protected",
      projectId: idOf(scene, "projects", "shop"),
    });
    expect(rowNamed(scene, "environments", "staging")).toMatchObject({ protectedStatus: "unprotected" });
    expect(writesSince(0)).toEqual(["POST /projects"]);
    expect(await readsOf(scene)).toEqual(["GET /blueprints", "GET /environments", "GET /projects"]);
    const { resources } = await scene.inventory();
    expect(resources["render/environment/shop%2Fstaging"]?.id).toBe(idOf(scene, "environments", "staging"));
  });

  test("without an environment is refused", async () => {
    await scene.write("projects: [{ name: shop, environments: [] }]");
    expect((await scene.plan()).refusals.map(({ code }) => code)).toEqual(["no-environment"]);
  });

  test("gets a further environment, and loses one with what is in it", async () => {
    const third = `${project("")}      - name: preview\n${services(cron("nightly"))}\n`;
    await converge(scene, project(""));
    await converge(scene, third);
    expect(environmentOf("services", "nightly")).toBe(idOf(scene, "environments", "preview"));
    await converge(scene, project(""));
    expect(ourRows(scene, "environments").map(({ name }) => name)).toEqual(["production", "staging"]);
    expect(ourRows(scene, "services")).toEqual([]);
  });

  test("is deleted after its environments", async () => {
    await converge(scene, project("", services(cron("nightly"))));
    await converge(scene, `services: [${cron("other")}]`, {
      allowDataLoss: ["render/service/nightly"],
      allowDeletes: 4,
    });
    expect([...ourRows(scene, "projects"), ...ourRows(scene, "environments")]).toEqual([]);
  });

  test("somebody else's settings are seen and reverted", async () => {
    await converge(scene, project(""));
    await scene.edit("PATCH", `/environments/${idOf(scene, "environments", "production")}`, {
      protectedStatus: "unprotected",
    });
    expect(verdictsOf(await scene.plan())).toEqual(["update render/environment/shop%2Fproduction outside"]);
    await converge(scene, project(""));
    expect(rowNamed(scene, "environments", "production")["protectedStatus"]).toBe("protected");
  });

  test("and its environments are renamed in place", async () => {
    await converge(scene, project("", services(cron("nightly"))));
    const before = [
      idOf(scene, "projects", "shop"),
      idOf(scene, "environments", "production"),
      idOf(scene, "environments", "staging"),
    ];
    const renamed = project("", services(cron("nightly")), "store\n    lifecycle: { renamedFrom: shop }");
    await converge(
      scene,
      renamed.replace("name: staging", "name: test\n        lifecycle: { renamedFrom: staging }"),
    );
    expect([
      idOf(scene, "projects", "store"),
      idOf(scene, "environments", "production"),
      idOf(scene, "environments", "test"),
    ]).toEqual(before);
    expect(ourRows(scene, "services")).toHaveLength(1);
  });

  test("somebody else's name is seen and reverted", async () => {
    await converge(scene, project(""));
    const id = idOf(scene, "projects", "shop");
    await scene.edit("PATCH", `/projects/${id}`, { name: "theirs" });
    expect(verdictsOf(await scene.plan())).toContain("update render/project/shop outside");
    await converge(scene, project(""));
    expect(idOf(scene, "projects", "shop")).toBe(id);
  });
});

describe("membership", () => {
  const everything = `${services(cron("nightly"))}
        databases: [{ name: main, plan: basic-256mb }]
        envVarGroups: [{ name: shared, envVars: [{ key: A, value: "1" }] }]`;

  test("of every kind is part of its creation", async () => {
    await converge(scene, project(everything));
    const id = idOf(scene, "environments", "production");
    const tables = [
      ["services", "nightly"],
      ["postgres", "main"],
      ["environmentGroups", "shared"],
    ] as const;
    expect(tables.map(([table, name]) => environmentOf(table, name))).toEqual([id, id, id]);
    expect(writesSince(0).filter((line) => line.includes("/resources"))).toEqual([]);
  });

  test("moves with one call, deploys nothing and makes nothing anew", async () => {
    await converge(scene, project(everything));
    const count = scene.requests.length;
    await converge(scene, project("", everything));
    expect(writesSince(count)).toEqual(Array.from({ length: 3 }, () => "POST /environments/evm/resources"));
    expect(environmentOf("postgres", "main")).toBe(idOf(scene, "environments", "staging"));
  });

  test("somebody else's move is seen and reverted", async () => {
    await converge(scene, project(everything));
    await scene.edit("POST", `/environments/${idOf(scene, "environments", "staging")}/resources`, {
      resourceIds: [idOf(scene, "services", "nightly")],
    });
    const plan = await scene.plan();
    expect(verdictsOf(plan)).toEqual(["update render/service/nightly outside"]);
    expect(plan.changes.find(({ name }) => name === "nightly")?.fields).toMatchObject([
      {
        field: "environment",
        before: { value: "render/environment/shop%2Fstaging" },
        after: { value: "render/environment/shop%2Fproduction" },
      },
    ]);
    await converge(scene, project(everything));
    expect(environmentOf("services", "nightly")).toBe(idOf(scene, "environments", "production"));
  });

  test("`ungrouped` takes out, the root leaves alone", async () => {
    await converge(scene, project(services(cron("nightly"))));
    await converge(scene, `${project("")}services: [${cron("nightly")}]\n`);
    expect(environmentOf("services", "nightly")).toBe(idOf(scene, "environments", "production"));
    const count = scene.requests.length;
    await converge(scene, `${project("")}ungrouped: { services: [${cron("nightly")}] }\n`);
    expect(environmentOf("services", "nightly")).toBeUndefined();
    expect(writesSince(count)).toEqual(["DELETE /environments/evm/resources"]);
  });

  test("tells two databases of one name apart", async () => {
    const database = (name: string, plan: string): string =>
      `        databases: [{ name: ${name}, plan: ${plan} }]`;
    await converge(scene, project(database("main", "basic-256mb"), database("other", "basic-256mb")));
    const ids = ourRows(scene, "postgres").map(({ id }) => id);
    await converge(
      scene,
      project(
        database("main", "basic-256mb"),
        `        databases: [{ name: main, plan: basic-1gb, lifecycle: { renamedFrom: other } }]`,
      ),
    );
    const rows = () =>
      ourRows(scene, "postgres").map(({ id, name, plan, environmentId }) => [id, name, plan, environmentId]);
    const [first, second] = [
      idOf(scene, "environments", "production"),
      idOf(scene, "environments", "staging"),
    ];
    expect(rows()).toEqual([
      [ids[0], "main", "basic_256mb", first],
      [ids[1], "main", "basic_1gb", second],
    ]);
    await converge(scene, project(database("main", "basic-1gb"), database("main", "basic-4gb")));
    expect(rows()).toEqual([
      [ids[0], "main", "basic_1gb", first],
      [ids[1], "main", "basic_4gb", second],
    ]);
    const agreed = { allowDataLoss: ["render/postgres/*"] };
    await converge(scene, project("", database("main", "basic-4gb")), { ...agreed, noExport: true });
    expect(rows()).toEqual([[ids[1], "main", "basic_4gb", second]]);
  });
});

describe("an environment that the file drops", () => {
  const only = (blocks: string): string => project(blocks).replace(/ {6}- name: staging\n/, "");

  test("is refused while something is still in it, ours or not", async () => {
    await converge(scene, project("", services(cron("nightly"))));
    await scene.write(`${only("")}services: [${cron("nightly")}]\n`);
    const plan = await scene.plan();
    expect(
      plan.refusals.map(({ code, message }) => [code, message.includes("render/service/nightly")]),
    ).toEqual([["not-empty", true]]);
  });

  test("goes after what was in it has moved or left", async () => {
    await converge(scene, project("", services(cron("nightly"), cron("hourly"))));
    await converge(scene, `${only(services(cron("nightly")))}ungrouped: { services: [${cron("hourly")}] }\n`);
    expect(ourRows(scene, "environments").map(({ name }) => name)).toEqual(["production"]);
    expect(environmentOf("services", "hourly")).toBeUndefined();
  });
});

test("a project is not deleted while it holds an environment of somebody else", async () => {
  await converge(scene, project(""));
  await scene.edit("POST", "/environments", { projectId: idOf(scene, "projects", "shop"), name: "theirs" });
  await scene.write(`services: [${cron("nightly")}]`);
  const { refusals } = await scene.plan({ allowDeletes: 3 });
  expect(refusals.map(({ code, address }) => `${code} ${address}`)).toEqual([
    "not-empty render/project/shop",
  ]);
});

test("links follow groups of one name in two environments", async () => {
  const both = (
    value: string,
  ): string => `        envVarGroups: [{ name: shared, envVars: [{ key: A, value: "${value}" }] }]
        services: [{ type: cron, name: job-${value}, runtime: image, image: { url: nginx }, schedule: "0 3 * * *", plan: starter, envVars: [{ fromGroup: shared }] }]`;
  await converge(scene, project(both("1"), both("2")));
  const linked = ourRows(scene, "environmentGroups").map(({ serviceIds }) => serviceIds);
  expect(linked).toEqual([[idOf(scene, "services", "job-1")], [idOf(scene, "services", "job-2")]]);
});
