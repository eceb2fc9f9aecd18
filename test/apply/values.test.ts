import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import { Secret } from "../../src/core/base/secret.ts";
import { isPending } from "../../src/core/model/plan.ts";
import { idNamed, problemsOf, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene, type SceneOptions } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const web = (...entries: readonly string[]): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - {key: LEVEL, value: info}
${entries.map((entry) => `      - {${entry}}`).join("\n")}
`;
const database = `
databases:
  - {name: main, plan: basic-256mb, postgresMajorVersion: "18", user: shop}
`;

async function openWith(text: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene(options);
  await scene.write(text);
}

async function apply(input: Parameters<Scene["apply"]>[0] = {}): Promise<readonly string[]> {
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  return report.results.map((result) => result.step);
}

describe("sync: false", () => {
  const asking = web("key: STRIPE_KEY, sync: false");

  test("without a value is left out, noted, and no pending change", async () => {
    await openWith(asking);
    await apply();
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info" });
    const plan = await scene.plan();
    expect(isPending(plan)).toBe(false);
    expect(plan.changes[0]?.notes).toEqual([{ note: "needs-value", field: "envVars", entry: "STRIPE_KEY" }]);
    const sent = writesOf(scene).length;
    await apply();
    expect(writesOf(scene)).toHaveLength(sent);
  });

  test("has the same plan hash with and without a value, before and after creation", async () => {
    await openWith(asking);
    await writeFile(join(scene.folder, "values.env"), "STRIPE_KEY=sk_1\n");
    expect((await scene.plan({ values: "values.env" })).hash).toBe((await scene.plan()).hash);
    await apply();
    const without = await scene.plan();
    expect(without.steps.map((step) => step.id)).toEqual([
      "update render/service/api envVars.STRIPE_KEY",
      "deploy render/service/api",
    ]);
    expect((await scene.plan({ values: "values.env" })).hash).toBe(without.hash);
  });

  test("is written and deployed once somebody gives the value, and then never touched", async () => {
    await openWith(asking);
    await apply();
    await writeFile(join(scene.folder, "values.env"), "render/service/api STRIPE_KEY=sk_1\n");
    expect(await apply({ values: "values.env" })).toEqual([
      "update render/service/api envVars.STRIPE_KEY",
      "deploy render/service/api",
    ]);
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info", STRIPE_KEY: "sk_1" });
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/STRIPE_KEY`, { value: "sk_theirs" });
    const plan = await scene.plan({ values: "values.env" });
    expect(plan.steps).toEqual([]);
    await apply({ values: "values.env" });
    expect(variablesOf(scene, "api")).toMatchObject({ STRIPE_KEY: "sk_theirs" });
  });

  test("--replace-values writes what is given over what is there", async () => {
    await openWith(asking);
    await writeFile(join(scene.folder, "values.env"), "STRIPE_KEY=sk_1\n");
    await apply({ values: "values.env" });
    await writeFile(join(scene.folder, "values.env"), "STRIPE_KEY=sk_2\n");
    await apply({ values: "values.env" });
    expect(variablesOf(scene, "api")).toMatchObject({ STRIPE_KEY: "sk_1" });
    await apply({ values: "values.env", replaceValues: true });
    expect(variablesOf(scene, "api")).toMatchObject({ STRIPE_KEY: "sk_2" });
  });

  test("given at creation, it goes with the one POST", async () => {
    await openWith(asking);
    await writeFile(join(scene.folder, "values.env"), 'STRIPE_KEY="two\\nlines"\n');
    expect(await apply({ values: "values.env" })).toEqual(["create render/service/api"]);
    expect(variablesOf(scene, "api")).toMatchObject({ STRIPE_KEY: "two\nlines" });
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("of a field itself is asked for by the name of the field, and what is typed arrives", async () => {
    await openWith(
      "registryCredentials: [{ name: ghcr, registry: GITHUB, username: acme, authToken: { sync: false } }]\n",
    );
    expect((await scene.plan()).changes[0]?.notes).toEqual([{ note: "needs-value", field: "authToken" }]);
    const asked: string[] = [];
    const report = await runApply(
      { ...planDefaults, yes: false },
      {
        ...scene.deps,
        confirm: async () => "yes",
        askValue: async (address, name) => {
          asked.push(`${address} ${name}`);
          return new Secret("typed");
        },
      },
    );
    expect(report.problems).toEqual([]);
    expect(asked).toEqual(["render/registry-credential/ghcr authToken"]);
    expect(rowNamed(scene, "registryCredentials", "ghcr")["authToken"]).toBe("typed");
  });

  test("a line of the values file that is none is an error with its place", async () => {
    await openWith(asking);
    await writeFile(join(scene.folder, "values.env"), "# comment\nSTRIPE_KEY sk_1\n");
    expect(await problemsOf(scene.apply({ values: "values.env" }))).toEqual([
      {
        code: "values-syntax",
        severity: "error",
        message: "This line is not KEY=value or ADDRESS KEY=value.",
        remedy: "Correct it.",
        where: { file: "values.env", line: 2, column: 1 },
      },
    ]);
    expect(writesOf(scene)).toEqual([]);
  });
});

describe("generateValue", () => {
  test("generates once, for each use its own, and leaves it alone afterwards", async () => {
    await openWith(web("key: ONE, generateValue: true", "key: TWO, generateValue: true"));
    await apply();
    const first = variablesOf(scene, "api");
    expect(first["ONE"]).toMatch(/.{20,}/);
    expect(first["TWO"]).not.toBe(first["ONE"]);
    await scene.write(
      web("key: ONE, generateValue: true", "key: TWO, generateValue: true", "key: NEW, value: x"),
    );
    await apply();
    expect(variablesOf(scene, "api")).toEqual({ ...first, NEW: "x" });
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/ONE`, { value: "typed by hand" });
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("added to a service that is there, it is generated by the API", async () => {
    await openWith(web());
    await apply();
    await scene.write(web("key: ONE, generateValue: true"));
    await apply();
    expect(variablesOf(scene, "api")["ONE"]).toMatch(/.{20,}/);
    expect((await scene.plan()).steps).toEqual([]);
  });
});

describe("fromEnvironment", () => {
  const text = web("key: TOKEN, fromEnvironment: SHOP_TOKEN");

  test("is read at apply, and a new value is no change of the file", async () => {
    await openWith(text, { environment: { SHOP_TOKEN: "first" } });
    await apply();
    expect(variablesOf(scene, "api")).toMatchObject({ TOKEN: "first" });
    expect((await scene.plan()).steps).toEqual([]);
    scene.setVariable("SHOP_TOKEN", "second");
    expect((await scene.plan()).changes[0]?.fields).toMatchObject([{ entry: "TOKEN", verdict: "source" }]);
    await apply();
    expect(variablesOf(scene, "api")).toMatchObject({ TOKEN: "second" });
  });

  test("a variable that is not set is a note in the plan and an error at apply, before any write", async () => {
    await openWith(text);
    expect((await scene.plan()).problems.filter((one) => one.severity === "error")).toEqual([]);
    const missing = [
      {
        code: "missing-variable",
        severity: "error",
        message:
          "envVars.TOKEN of render/service/api takes its value from the environment variable SHOP_TOKEN, which is not set.",
        remedy: "Set SHOP_TOKEN where trueup runs, and run again.",
        where: { file: "trueup.yaml", line: 11, column: 15 },
        address: "render/service/api",
      },
    ];
    expect(await problemsOf(scene.apply())).toEqual(missing);
    expect(await problemsOf(scene.plan({ strictValues: true }))).toEqual(missing);
    expect(writesOf(scene)).toEqual([]);
  });

  test("is limited by --allow-env where that is given", async () => {
    await openWith(text, { environment: { SHOP_TOKEN: "first" } });
    expect(await problemsOf(scene.apply({ allowEnv: ["OTHER_*"] }))).toMatchObject([
      { code: "missing-variable" },
    ]);
    await apply({ allowEnv: ["OTHER_*", "SHOP_*"] });
    expect(variablesOf(scene, "api")).toMatchObject({ TOKEN: "first" });
  });

  test("can never name the credentials of the run itself", async () => {
    await openWith(web("key: TOKEN, fromEnvironment: RENDER_API_KEY"));
    expect(await problemsOf(scene.plan())).toMatchObject([{ code: "environment-forbidden" }]);
    expect(scene.requests).toEqual([]);
  });
});

describe("references", () => {
  test("every property of a database arrives as the account has it", async () => {
    const properties = ["connectionString", "host", "port", "user", "database", "password"];
    const entries = properties.map(
      (property) => `key: DB_${property.toUpperCase()}, fromDatabase: {name: main, property: ${property}}`,
    );
    await openWith(web(...entries) + database);
    await apply();
    const row = rowNamed(scene, "postgres", "main");
    const { id, databaseUser: user, databaseName: name, password } = row as { [column: string]: string };
    expect(variablesOf(scene, "api")).toEqual({
      LEVEL: "info",
      DB_CONNECTIONSTRING: `postgresql://${user}:${password}@${id}/${name}`,
      DB_HOST: id,
      DB_PORT: "5432",
      DB_USER: user,
      DB_DATABASE: name,
      DB_PASSWORD: password,
    });
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a database that nobody declares is looked up, and an unknown one is an error", async () => {
    await openWith(database);
    await apply();
    const reference = web("key: DATABASE_URL, fromDatabase: {name: main, property: connectionString}");
    await scene.write(reference, "other.yaml");
    await apply({ files: ["other.yaml"], label: "other" });
    expect(variablesOf(scene, "api")["DATABASE_URL"]).toMatch(/^postgresql:/);
    await scene.write(reference.replace("name: main", "name: mian"), "other.yaml");
    const sent = writesOf(scene).length;
    expect(await problemsOf(scene.apply({ files: ["other.yaml"], label: "other" }))).toMatchObject([
      {
        code: "unknown-target",
        message:
          "The file refers to render/postgres/mian, which it does not declare, and the workspace has nothing of that name.",
      },
    ]);
    expect(writesOf(scene)).toHaveLength(sent);
  });

  test("services that refer to each other are created first and wired after", async () => {
    const service = (name: string, other: string): string => `
  - {type: web, name: ${name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true",
     envVars: [{key: PEER_URL, fromService: {type: web, name: ${other}, envVarKey: RENDER_EXTERNAL_URL}}]}`;
    await openWith(`services:${service("one", "two")}${service("two", "one")}\n`);
    await apply();
    for (const [name, other] of [
      ["one", "two"],
      ["two", "one"],
    ] as const) {
      const slug = rowNamed(scene, "services", other)["slug"] as string;
      expect(variablesOf(scene, name)).toEqual({ PEER_URL: `https://${slug}.onrender.com` });
    }
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a variable of another service arrives, literal, generated or asked for", async () => {
    const worker = (key: string): string => `
  - {type: worker, name: jobs-${key.toLowerCase()}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true",
     envVars: [{key: COPY, fromService: {type: web, name: api, envVarKey: ${key}}}]}`;
    await openWith(web("key: SESSION_KEY, generateValue: true") + worker("SESSION_KEY") + worker("LEVEL"));
    await apply();
    const { SESSION_KEY: key } = variablesOf(scene, "api");
    expect(variablesOf(scene, "jobs-session_key")).toEqual({ COPY: key });
    expect(variablesOf(scene, "jobs-level")).toEqual({ COPY: "info" });
    expect((await scene.plan()).steps).toEqual([]);
  });
});

test("a file of the repository is a value, without its final newline; one outside is refused", async () => {
  await openWith(web("key: LICENCE, fromFile: keys/licence.txt"));
  expect(await problemsOf(scene.apply())).toMatchObject([
    {
      code: "file-source",
      message: "The file keys/licence.txt, which a value is taken from, is not there.",
    },
  ]);
  await scene.write("licence\n\n", "keys/licence.txt");
  await apply();
  expect(variablesOf(scene, "api")).toMatchObject({ LICENCE: "licence\n" });
  await scene.write(web("key: LICENCE, fromFile: ../licence.txt"));
  expect(await problemsOf(scene.apply())).toMatchObject([
    {
      code: "file-source",
      message: "The file ../licence.txt, which a value is taken from, lies outside the repository.",
    },
  ]);
});
