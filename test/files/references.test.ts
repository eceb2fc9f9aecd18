import { afterEach, expect, test } from "vitest";
import { idNamed, rowNamed, variablesOf } from "../observe.ts";
import { rehearse } from "../../src/commands/rehearsal/rehearse.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { namesIn } from "./owning.ts";

let scene: Scene;
afterEach(() => scene.close());

const consumer = `
services:
  - type: worker
    name: site
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
      - { key: API, fromService: { type: pserv, name: api, property: hostport } }
      - fromGroup: shared
`;
const provider = `
databases:
  - { name: main, plan: basic-256mb }
envVarGroups:
  - { name: shared, envVars: [{ key: LEVEL, value: info }] }
services:
  - { type: pserv, name: api, runtime: image, image: { url: nginx }, plan: starter }
`;

test("what another file declares can be referred to, with and without that file at hand", async () => {
  scene = await openScene();
  await scene.write(provider, "a.yaml");
  await scene.write(consumer, "b.yaml");
  expect((await scene.apply({ files: ["a.yaml", "b.yaml"] })).verdict).toBe("done");
  const before = variablesOf(scene, "site");
  for (const files of [["b.yaml"], ["a.yaml"], ["a.yaml", "b.yaml"]]) {
    const plan = await scene.plan({ files });
    expect([files, plan.steps.map(({ id }) => id), plan.refusals]).toEqual([files, [], []]);
  }
  await scene.write(consumer.replace("name: site", "name: site\n    numInstances: 2"), "b.yaml");
  expect((await scene.apply({ files: ["b.yaml"], allowDeletes: 9 })).verdict).toBe("done");
  expect(variablesOf(scene, "site")).toEqual(before);
  expect(namesIn(scene)).toEqual(["api", "site"]);
  expect(namesIn(scene, "environmentGroups")).toEqual(["shared"]);
});

test("an object that somebody renamed is still what the reference means", async () => {
  scene = await openScene();
  await scene.write(provider, "a.yaml");
  await scene.write(consumer, "b.yaml");
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  const before = variablesOf(scene, "site");
  await scene.edit("PATCH", `/services/${idNamed(scene, "services", "api")}`, { name: "api-of-ada" });
  const plan = await scene.plan({ files: ["b.yaml"] });
  expect(plan.steps).toEqual([]);
  expect(variablesOf(scene, "site")).toEqual(before);
});

test("what another file's service has is not deleted by a block that is exclusive", async () => {
  scene = await openScene();
  const service = (name: string, more: string): string =>
    `services:\n  - { type: web, name: ${name}, runtime: image, image: { url: nginx }, plan: starter, ${more} }\n`;
  await scene.write(service("api", "domains: [old.acme.dev]"), "a.yaml");
  await scene.write(service("site", "domainsExclusive: true"), "b.yaml");
  await scene.apply({ files: ["a.yaml"] });
  await scene.apply({ files: ["b.yaml"] });
  expect(rowNamed(scene, "services", "api")["customDomains"]).toMatchObject([{ name: "old.acme.dev" }]);
});

const taker = `
services:
  - type: worker
    name: site
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars:
      - { key: TOKEN, fromRendercadToken: { name: worker } }
`;
const maker = "rendercad:\n  tokens:\n    - { name: worker, scope: full-access }\n";

test("a token whose value another file's service has is not replaced or deleted without that file", async () => {
  scene = await openScene();
  await scene.write(maker, "a.yaml");
  await scene.write(taker, "b.yaml");
  expect((await scene.apply({ files: ["a.yaml", "b.yaml"] })).verdict).toBe("done");
  const before = variablesOf(scene, "site");
  const rotation = { files: ["a.yaml"], rewrites: ["rendercad/token/worker"] as const, allowDeletes: 9 };
  const { verdict, plan } = await scene.apply(rotation);
  expect(verdict).toBe("refused");
  expect(plan.refusals.filter(({ code }) => code !== "value-nowhere")).toMatchObject([
    {
      code: "needed-elsewhere",
      address: "rendercad/token/worker",
      message: expect.stringContaining("render/service/site of b.yaml") as string,
    },
  ]);
  expect(variablesOf(scene, "site")).toEqual(before);
  expect((await scene.apply({ ...rotation, files: ["a.yaml", "b.yaml"] })).verdict).toBe("done");
  expect(variablesOf(scene, "site")).not.toEqual(before);
});

test("a database that another file's service refers to goes with a warning that names it", async () => {
  scene = await openScene();
  await scene.write(provider, "a.yaml");
  await scene.write(consumer, "b.yaml");
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  await scene.write(provider.replace(/databases:\n.*\n/u, ""), "a.yaml");
  const { problems, refusals } = await scene.plan({ files: ["a.yaml"], allowDeletes: 9 });
  expect(refusals.filter(({ code }) => code === "needed-elsewhere")).toEqual([]);
  expect(problems.filter(({ code }) => code === "needed-elsewhere")).toMatchObject([
    { severity: "warning", address: "render/postgres/main" },
  ]);
});

test("a rehearsal of one file leaves the other's alone and converges", async () => {
  scene = await openScene();
  await scene.write(provider, "a.yaml");
  await scene.write(consumer, "b.yaml");
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  await scene.write(consumer.replace("name: site", "name: site\n    numInstances: 2"), "b.yaml");
  const input = { ...planDefaults, files: ["b.yaml"], adopt: null };
  const { rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal).toMatchObject({ verdict: "converges", left: [], differs: [] });
});
