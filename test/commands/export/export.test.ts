import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { runExport, type Exported } from "../../../src/commands/export/export.ts";
import type { Step } from "../../../src/core/model/plan.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { stateOf } from "../../file/read.ts";
import { openScene, type Scene, type SceneOptions } from "../../scene.ts";
import { idOf } from "../../providers/converge.ts";
import { everything } from "../account.ts";

let scene: Scene;
afterEach(() => scene.close());

async function exportFrom(options: SceneOptions, literals: readonly string[] = []): Promise<Exported> {
  scene = await openScene(options);
  return runExport({ literals }, scene.deps);
}

/** A write that waits for a value that nobody gave (the token of a registry credential) does nothing. */
function isSure(step: Step): boolean {
  return step.step === "write" && !step.optional;
}

/** The exported file, applied to the account it came from: adoptions, and nothing is written. */
async function expectAdoptions({ text, problems }: Exported): Promise<void> {
  expect(problems).toEqual([]);
  await scene.write(text);
  const plan = await scene.plan();
  expect(plan.problems).toEqual([]);
  expect(plan.refusals).toEqual([]);
  const changed = plan.changes.filter(
    ({ action, kind }) => action !== "adopt" && !(action === "keep" && kinds.get(kind)?.permanent),
  );
  expect(changed).toEqual([]);
  expect(plan.changes.flatMap(({ address, fields }) => fields.map((field) => [address, field]))).toEqual([]);
  expect(plan.steps.filter(isSure)).toEqual([]);
}

test("an export of any account plans adoptions only, and reads only", async () => {
  const accounts = fc.record({ services: fc.integer({ min: 1, max: 25 }), seed: fc.nat({ max: 10_000 }) });
  await fc.assert(
    fc
      .asyncProperty(accounts, async (account) => {
        const exported = await exportFrom(account, ["SETTING_*"]);
        expect(scene.requests.every(({ method }) => method === "GET")).toBe(true);
        expect(exported.resources.length).toBeGreaterThan(account.services);
        await expectAdoptions(exported);
      })
      .afterEach(() => scene.close()),
    { numRuns: 12 },
  );
  scene = await openScene();
});

describe("an account with one of everything", () => {
  const load = [stateOf(everything)];

  test("plans adoptions only, then nothing", async () => {
    const exported = await exportFrom({ load });
    await expectAdoptions(exported);
    const report = await scene.apply({ adopt: true });
    expect(report.verdict).toBe("done");
    const again = await scene.plan();
    expect(again.changes.filter(({ action }) => action !== "keep")).toEqual([]);
    expect(again.steps.filter(isSure)).toEqual([]);
  });

  test("is exported whole: every declared resource of a managed kind is there", async () => {
    const { resources } = await exportFrom({ load });
    const wanted = load[0]!.resources.filter(({ kind }) => kinds.get(kind)).map(({ address }) => address);
    expect(wanted.filter((address) => !resources.includes(address))).toEqual([]);
  });

  test("references are restored where a value is beyond doubt another resource's", async () => {
    const { text } = await exportFrom({ load });
    const api = serviceNamed(text, "api");
    const sources = Object.fromEntries(
      api.envVars.map(({ key, fromGroup, ...source }) => [key ?? `group ${fromGroup}`, source]),
    );
    expect(sources).toMatchObject({
      "group shared": {},
      DATABASE_URL: { fromDatabase: { name: "main", property: "connectionString" } },
      PGHOST: { fromDatabase: { name: "main", property: "host" } },
      PGPORT: { fromDatabase: { name: "main", property: "port" } },
      PGUSER: { fromDatabase: { name: "main", property: "user" } },
      PGDATABASE: { fromDatabase: { name: "main", property: "database" } },
      PGPASSWORD: { fromDatabase: { name: "main", property: "password" } },
      REDIS_URL: { fromService: { type: "keyvalue", name: "cache", property: "connectionString" } },
      INNER: { fromService: { type: "pserv", name: "inner", property: "hostport" } },
      OWN_URL: { fromService: { type: "web", name: "api", envVarKey: "RENDER_EXTERNAL_URL" } },
      SESSION_KEY: { sync: false },
      LOG_LEVEL: { sync: false },
      WEB_PORT: { sync: false },
    });
  });

  test("no value of a variable is written unless it is asked for, and then none that looks secret", async () => {
    const plain = await exportFrom({ load });
    expect(plain.text).not.toContain("info");
    await scene.close();
    const named = await exportFrom({ load }, ["LOG_LEVEL", "SESSION_KEY"]);
    const { envVars } = serviceNamed(named.text, "api");
    expect(envVars.find(({ key }) => key === "LOG_LEVEL")).toEqual({ key: "LOG_LEVEL", value: "info" });
    expect(envVars.find(({ key }) => key === "SESSION_KEY")).toEqual({ key: "SESSION_KEY", sync: false });
    expect(named.problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning literal-withheld",
    ]);
  });

  test("what the file format takes for granted is left out", async () => {
    const { text } = await exportFrom({ load });
    expect(Object.keys(serviceNamed(text, "nightly")).sort()).toEqual(
      ["dockerCommand", "image", "name", "plan", "runtime", "schedule", "type"].sort(),
    );
  });
});

test("a plan that the format does not know is left out and told; the rest is written", async () => {
  scene = await openScene({ load: [stateOf("databases: [{ name: main, plan: basic-256mb }]")] });
  const saved = scene.simulator.save();
  await scene.close();
  for (const row of saved.tables["postgres"] ?? []) Object.assign(row, { plan: "ancient_plan" });
  scene = await openScene({ saved });
  const exported = await runExport({ literals: [] }, scene.deps);
  expect(exported.problems).toMatchObject([
    { code: "value-unknown", severity: "warning", address: "render/postgres/main" },
  ]);
  expect(exported.text).not.toContain("plan:");
  await expectAdoptions({ ...exported, problems: [] });
});

test("what a file cannot tell apart is left out and told, with its ids; the same name in two environments is no such case", async () => {
  const group = (name: string) => `{ name: ${name}, envVars: [{ key: A, value: b }] }`;
  scene = await openScene({
    load: [stateOf(`${everything}envVarGroups: [${group("one")}, ${group("two")}]`)],
  });
  const saved = scene.simulator.save();
  await scene.close();
  for (const row of saved.tables["environmentGroups"] ?? []) Object.assign(row, { name: "twice" });
  scene = await openScene({ saved });
  const { resources, problems, text } = await runExport({ literals: [] }, scene.deps);
  expect(resources.filter((address) => address.includes("twice"))).toEqual([
    "render/env-group/twice@shop%2Fproduction",
  ]);
  expect(problems).toMatchObject([{ code: "ambiguous-name", severity: "warning" }]);
  const owner = scene.simulator.env["RENDER_OWNER_ID"];
  const alike = scene
    .rows("environmentGroups")
    .filter((row) => row["ownerId"] === owner && row["environmentId"] === undefined);
  expect(alike).toHaveLength(2);
  expect(alike.every(({ id }) => problems[0]?.message.includes(JSON.stringify(id).slice(1, -1)))).toBe(true);
  expect(resources.filter((address) => address.startsWith("render/postgres/main"))).toHaveLength(2);
  expect(text.match(/name: twice/g)).toHaveLength(1);
});

function nameOf(row: object): unknown {
  return (row as { readonly name?: unknown }).name;
}

type WrittenService = {
  readonly name: string;
  readonly envVars: readonly { readonly key?: string; readonly fromGroup?: string }[];
};

/** Wherever in the file it stands. */
function serviceNamed(text: string, name: string): WrittenService {
  const found: WrittenService[] = [];
  JSON.stringify(parse(text), (key, value: unknown) => {
    if (key === "services") found.push(...(value as readonly WrittenService[]));
    return value;
  });
  return found.find((service) => service.name === name)!;
}

describe("a connection string that somebody wrote by hand", () => {
  const base = `
databases: [{ name: main, plan: basic-256mb }]
services:
  - { type: keyvalue, name: cache, plan: free, ipAllowList: [] }
  - type: worker
    name: jobs
    runtime: docker
    envVars:
      - { key: DB, fromDatabase: { name: main, property: connectionString } }
      - { key: CACHE, fromService: { type: keyvalue, name: cache, property: connectionString } }
envVarGroups: [{ name: shared, envVars: [{ key: A, value: b }] }]
`;

  /** An account where the two variables, and one of the group, are these texts. */
  async function openWith(spell: (urls: { readonly db: string; readonly cache: string }) => object) {
    scene = await openScene({ load: [stateOf(base)] });
    const saved = scene.simulator.save();
    const [jobs] = (saved.tables["services"] ?? []).filter((row) => nameOf(row) === "jobs") as unknown as {
      readonly envVars: { key: string; value: string }[];
    }[];
    const valueOf = (key: string): string => jobs!.envVars.find((one) => one.key === key)!.value;
    const spelled = Object.entries(spell({ db: valueOf("DB"), cache: valueOf("CACHE") }));
    for (const [key, value] of spelled) {
      const variable = jobs!.envVars.find((one) => one.key === key);
      if (variable) variable.value = value as string;
      const group = (saved.tables["environmentGroups"] ?? []).find(
        (row) => nameOf(row) === "shared",
      ) as unknown as {
        readonly envVars: { key: string; value: string }[];
      };
      if (key === "A") group.envVars[0]!.value = value as string;
    }
    await scene.close();
    scene = await openScene({ saved });
    return runExport({ literals: ["*"] }, scene.deps);
  }
  const references = [
    { key: "CACHE", fromService: { type: "keyvalue", name: "cache", property: "connectionString" } },
    { key: "DB", fromDatabase: { name: "main", property: "connectionString" } },
  ];

  test.each([
    ["as it is", (url: string) => url],
    ["without its port", (url: string) => url.replace(/:(?:5432|6379)(?=$|\/)/u, "")],
    [
      "with its port",
      (url: string) =>
        url.replace(/(-a|red-\w+)(?::\d+)?(?=$|\/)/u, "$1:" + (url.startsWith("redis") ? 6379 : 5432)),
    ],
    ["with a slash at its end", (url: string) => `${url}/`],
    ["with the older scheme", (url: string) => url.replace(/^postgresql:/u, "postgres:")],
    ["with the number of the first database", (url: string) => (url.startsWith("redis") ? `${url}/0` : url)],
  ])("%s, is a reference; whoever adopts it has nothing to change, then and later", async (_how, spell) => {
    const exported = await openWith(({ db, cache }) => ({ DB: spell(db), CACHE: spell(cache) }));
    expect(serviceNamed(exported.text, "jobs").envVars).toEqual(references);
    await expectAdoptions(exported);
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    const again = await scene.plan();
    expect(again.changes.filter(({ action }) => action !== "keep")).toEqual([]);
    await scene.edit("PUT", `/services/${idOf(scene, "services", "jobs")}/env-vars/CACHE`, {
      value: "redis://elsewhere:6379",
    });
    const changed = await scene.plan();
    expect(
      changed.changes.flatMap(({ fields }) => fields.map(({ entry, verdict }) => [entry, verdict])),
    ).toEqual([["CACHE", "outside"]]);
  });

  test("is none where it says more: another user, parameters, the address outside; that is told", async () => {
    const exported = await openWith(({ db, cache }) => ({
      DB: `${db}?sslmode=require`,
      CACHE: cache.replace("redis://", "rediss://user:pw@"),
      A: db,
    }));
    expect(serviceNamed(exported.text, "jobs").envVars).toEqual([
      { key: "CACHE", sync: false },
      { key: "DB", sync: false },
    ]);
    expect(
      exported.problems.filter(({ code }) => code === "no-reference").map(({ message }) => message),
    ).toEqual([
      "A of render/env-group/shared leads to render/postgres/main and is no reference in the file: env groups hold no references.",
      "CACHE of render/service/jobs leads to render/key-value/cache and is no reference in the file: no reference gives that text (the address outside of the region, another user, parameters).",
      "DB of render/service/jobs leads to render/postgres/main and is no reference in the file: no reference gives that text (the address outside of the region, another user, parameters).",
    ]);
    await expectAdoptions({ ...exported, problems: [] });
  });
});

test("what no file may say is left out with a comment in its place, and the rest plans adoptions only", async () => {
  scene = await openScene({ load: [stateOf(everything)] });
  const saved = scene.simulator.save();
  await scene.close();
  for (const row of saved.tables["projects"] ?? []) Object.assign(row, { name: " spaced " });
  for (const row of saved.tables["services"] ?? [])
    if (nameOf(row) === "nightly") Object.assign(row, { schedule: "61 * * * *" });
    else if (nameOf(row) === "inner") Object.assign(row, { name: "in\nner" });
  scene = await openScene({ saved });
  const exported = await runExport({ literals: [] }, scene.deps);
  const left = exported.text.split("\n").filter((line) => line.includes(" is left out: "));
  expect(left.toSorted()).toEqual([
    "# render/disk/in%0Aner is left out: it stands in render/service/in%0Aner, which is left out.",
    "# render/environment/%20spaced%20%2Fproduction is left out: it stands in render/project/%20spaced%20, which is left out.",
    "# render/environment/%20spaced%20%2Fstaging is left out: it stands in render/project/%20spaced%20, which is left out.",
    "# render/postgres/main@%20spaced%20%2Fproduction is left out: render/environment/%20spaced%20%2Fproduction, which tells it from others of its name, is left out.",
    "# render/postgres/main@%20spaced%20%2Fstaging is left out: render/environment/%20spaced%20%2Fstaging, which tells it from others of its name, is left out.",
    "# render/project/%20spaced%20 is left out: The name of a project must be one line of up to 200 visible characters.",
    "# render/service/in%0Aner is left out: The name of a private service must be one line of up to 200 visible characters.",
    "# render/service/nightly is left out: `schedule` of nightly has `61` as its minute, which is 0 to 59.",
  ]);
  expect(exported.problems.map(({ code }) => code)).toEqual(left.map(() => "not-exported"));
  expect(exported.resources).toContain("render/service/api");
  await expectAdoptions({ ...exported, problems: [] });
});

test("an account that is too large for one file becomes several, which plan adoptions only together; the size is known before the reads", async () => {
  scene = await openScene({ services: 40, seed: 5, load: [stateOf(everything)] });
  const sizes: { readonly asked: number; readonly calls: number; readonly objects: number }[] = [];
  const exported = await runExport(
    {
      literals: [],
      most: 20_000,
      announce: (size) => sizes.push({ ...size, asked: scene.requests.length }),
    },
    scene.deps,
  );
  expect(sizes).toHaveLength(1);
  const [size] = sizes;
  // What several objects have in one list is counted for each of them.
  const read = scene.requests.length - size!.asked;
  expect(read).toBeGreaterThan(0);
  expect(size!.calls).toBeGreaterThanOrEqual(read - 5);
  const texts = [exported.text, ...exported.others];
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.every((text) => Buffer.byteLength(text) <= 20_000)).toBe(true);
  expect(exported.problems).toEqual([]);
  const files = texts.map((_text, index) => `part-${index}.yaml`);
  for (const [index, text] of texts.entries()) await scene.write(text, files[index]);
  const plan = await scene.plan({ files, adopt: true });
  expect(plan.refusals).toEqual([]);
  expect(plan.changes.filter(({ action }) => !["adopt", "keep"].includes(action))).toEqual([]);
  expect(plan.changes.flatMap(({ fields }) => fields)).toEqual([]);
  expect(exported.public).toContain("LOG_LEVEL");
  expect(exported.public).not.toContain("SESSION_KEY");
});
