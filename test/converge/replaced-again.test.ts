import { afterEach, beforeEach, expect, test } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, ourRows, rowNamed } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const agreed = { allowDeletes: 20, allowReplace: ["*"] };

const pair = (region: string): string => `
databases:
  - { name: main, plan: basic-256mb, region: ${region} }
services:
  - { type: worker, name: api, runtime: docker, region: ${region} }
  - { type: worker, name: mail, runtime: docker }
`;

test("a commit that is reverted while its replacement is unfinished ends with what the file says, and needs consent for it", async () => {
  await scene.write(pair("oregon"));
  expect((await scene.apply()).verdict).toBe("done");
  const ids = [idNamed(scene, "postgres", "main"), idNamed(scene, "services", "api")];
  await scene.write(pair("ohio"));
  const all = { ...planDefaults, ...agreed, allowDataLoss: ["*"], yes: true };
  // Both stepped aside, and both new ones are made; nobody heard of the last one.
  expect(await new Mortal(scene, { at: "after-write", number: 4 }).apply(all)).toBe("died");
  expect([...ourRows(scene, "postgres"), ...ourRows(scene, "services")]).toHaveLength(5);
  await scene.write(pair("oregon"));
  const { refusals } = await scene.plan();
  expect(refusals.map(({ code, address }) => `${code} ${address}`)).toEqual(
    expect.arrayContaining(["data-loss render/postgres/main", "replace render/service/api"]),
  );
  expect(await new Mortal(scene).apply(all)).toMatchObject({ verdict: "done" });
  expect([rowNamed(scene, "postgres", "main"), rowNamed(scene, "services", "api")]).toMatchObject([
    { region: "oregon" },
    { region: "oregon" },
  ]);
  expect([idNamed(scene, "postgres", "main"), idNamed(scene, "services", "api")]).toEqual(ids);
  expect([...ourRows(scene, "postgres"), ...ourRows(scene, "services")]).toHaveLength(3);
  expect(hasWork(await scene.plan(agreed))).toBe(false);
});

const site = (region: string): string => `
services:
  - { type: web, name: api, runtime: docker, region: ${region}, domains: [pay.acme.dev] }
  - { type: worker, name: mail, runtime: docker }
`;
const cuts = (["before-write", "after-write"] as const).flatMap((at) =>
  [1, 2, 3, 4, 5].map((number) => ({ at, number })),
);

test.each(cuts)(
  "a domain goes over in the next run, before its former service goes, after a kill at $at $number",
  async (cut) => {
    await scene.write(site("oregon"));
    expect((await scene.apply()).verdict).toBe("done");
    await scene.write(site("ohio"));
    const input = { ...planDefaults, yes: true, allowReplace: ["render/service/api"] };
    await new Mortal(scene, cut).apply(input);
    expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "done" });
    expect(ourRows(scene, "services")).toHaveLength(2);
    expect(rowNamed(scene, "services", "api")).toMatchObject({
      region: "ohio",
      customDomains: [{ name: "pay.acme.dev" }],
    });
    expect(hasWork(await scene.plan())).toBe(false);
  },
);

const stages = (staging: string, ungrouped: string): string => `
projects:
  - name: shop
    environments:
      - name: production
${staging}ungrouped:
  services:
    - { type: worker, name: mail, runtime: docker }
    - { type: worker, name: queue, runtime: docker }
${ungrouped}`;
const api = (region: string): string =>
  `{ type: worker, name: api, runtime: docker, region: ${region}, envVars: [{ key: A, value: b }] }`;

test.each([
  ["another environment", `        services: [${api("ohio")}]\n`, ""],
  ["none", "", `    - ${api("ohio")}\n`],
])(
  "an environment goes after what is replaced out of it into %s, in one run",
  async (_where, inside, outside) => {
    await scene.write(stages(`      - name: staging\n        services: [${api("oregon")}]\n`, ""));
    expect((await scene.apply()).verdict).toBe("done");
    const production = scene.rows("environments").find(({ name }) => name === "production")?.["id"];
    await scene.write(stages(inside, outside));
    const report = await scene.apply(agreed);
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(
      scene
        .rows("environments")
        .map(({ name }) => name)
        .filter((name) => name === "staging"),
    ).toEqual([]);
    expect(rowNamed(scene, "services", "api")).toMatchObject({
      region: "ohio",
      ...(inside === "" ? {} : { environmentId: production }),
    });
    expect(hasWork(await scene.plan())).toBe(false);
  },
);

test("a database that what is replaced asks goes after that, not while it still serves", async () => {
  const text = (region: string, more: string): string => `
databases: [{ name: kept, plan: basic-256mb }${more === "" ? "" : ", { name: old, plan: basic-256mb }"}]
services:
  - { type: web, name: api, runtime: docker, region: ${region}, envVars: [{ key: URL, fromDatabase: { name: ${more === "" ? "kept" : "old"}, property: connectionString } }] }
  - { type: worker, name: mail, runtime: docker }
`;
  await scene.write(text("oregon", "old"));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(text("ohio", ""));
  const report = await scene.apply({ ...agreed, allowDataLoss: ["*"], noExport: true });
  expect(report.verdict).toBe("done");
  const steps = report.results.map(({ step }) => step);
  expect(steps.indexOf("delete render/service/api former")).toBeGreaterThan(-1);
  expect(steps.indexOf("delete render/postgres/old")).toBeGreaterThan(
    steps.indexOf("delete render/service/api former"),
  );
});
