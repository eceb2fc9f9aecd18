import { afterEach, describe, expect, test } from "vitest";
import { runValidate } from "../../src/commands/validate.ts";
import { isPending } from "../../src/core/model/plan.ts";
import { problemsOf, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const web = (entry: string, more = ""): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - {${entry}}
${more}`;
const validated = (strictValues: boolean) =>
  runValidate({ files: [], strictValues }, { ...scene.deps, environment: scene.deps.environment });

/** Each way to be empty, and what is said of it. */
const cases = [
  {
    name: "a variable of the environment",
    entry: "key: TOKEN, fromEnvironment: SHOP_TOKEN",
    fill: (text: string) => Promise.resolve(scene.setVariable("SHOP_TOKEN", text)),
    what: "the environment variable SHOP_TOKEN",
  },
  {
    name: "a file of the repository",
    entry: "key: TOKEN, fromFile: token.txt",
    fill: (text: string) => scene.write(text, "token.txt"),
    what: "the file token.txt",
  },
] as const;

describe.each(cases)("$name", ({ entry, fill, what }) => {
  const empties = ["", " ", "\t \n", "\n"];

  test.each(empties)("that is there and empty (%j) wipes no live secret", async (empty) => {
    scene = await openScene();
    await scene.write(web(entry));
    await fill("sk_live");
    expect((await scene.apply()).verdict).toBe("done");
    await fill(empty);
    const found = {
      code: "empty-source",
      message: `envVars.TOKEN of render/service/api takes its value from ${what}, which is there and empty.`,
      address: "render/service/api",
      where: { file: "trueup.yaml", line: 10 },
    };
    const plan = await scene.plan();
    expect(plan.problems).toContainEqual(
      expect.objectContaining({ code: "empty-source", severity: "warning" }),
    );
    expect(isPending(plan)).toBe(false);
    const sent = writesOf(scene).length;
    expect(await problemsOf(scene.apply())).toMatchObject([{ ...found, severity: "error" }]);
    expect(await problemsOf(scene.plan({ strictValues: true }))).toMatchObject([
      { ...found, severity: "error" },
    ]);
    expect(writesOf(scene)).toHaveLength(sent);
    expect(variablesOf(scene, "api")).toEqual({ TOKEN: "sk_live" });
    expect((await validated(false)).problems).toMatchObject([
      { ...found, severity: "warning" },
      ...lineBreak(empty),
    ]);
    expect((await validated(true)).problems).toMatchObject([
      { ...found, severity: "error" },
      ...lineBreak(empty),
    ]);
  });

  const lineBreak = (text: string) =>
    entry.includes("fromEnvironment") && text.endsWith("\n") ? [{ code: "line-break-dropped" }] : [];

  test("may be empty where allowEmpty says so", async () => {
    scene = await openScene();
    await scene.write(web(`${entry}, allowEmpty: true`));
    await fill("");
    expect((await validated(true)).problems).toEqual([]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ TOKEN: "" });
    expect((await scene.plan()).steps).toEqual([]);
  });
});

describe("the last line break of a variable", () => {
  test.each(["sk_1\n", "sk_1\r\n"])("is dropped with a warning: %j", async (text) => {
    scene = await openScene({ environment: { SHOP_TOKEN: text } });
    await scene.write(web("key: TOKEN, fromEnvironment: SHOP_TOKEN"));
    const warning = {
      code: "line-break-dropped",
      severity: "warning",
      message:
        "envVars.TOKEN of render/service/api takes its value from the environment variable SHOP_TOKEN, which ends with a line break: that is dropped.",
    };
    expect((await validated(true)).problems).toMatchObject([warning]);
    expect((await scene.plan()).problems).toMatchObject([warning]);
    await scene.apply();
    expect(variablesOf(scene, "api")).toEqual({ TOKEN: "sk_1" });
    scene.setVariable("SHOP_TOKEN", "sk_1");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("only one goes, and those inside stay", async () => {
    scene = await openScene({ environment: { SHOP_TOKEN: "one\ntwo\n\n" } });
    await scene.write(web("key: TOKEN, fromEnvironment: SHOP_TOKEN"));
    await scene.apply();
    expect(variablesOf(scene, "api")).toEqual({ TOKEN: "one\ntwo\n" });
  });
});

describe("an empty line of --values", () => {
  test("is an error of apply for a value that live lacks, and for one that --replace-values would wipe", async () => {
    scene = await openScene();
    await scene.write(web("key: TOKEN, sync: false"));
    await scene.write("TOKEN=\n", "values.env");
    const empty = {
      code: "empty-source",
      severity: "error",
      message:
        "envVars.TOKEN of render/service/api takes its value from what was given for it (--values), which is there and empty.",
    };
    expect(await problemsOf(scene.apply({ values: "values.env" }))).toMatchObject([empty]);
    expect((await scene.plan({ values: "values.env" })).problems).toMatchObject([
      { ...empty, severity: "warning" },
    ]);
    expect(writesOf(scene)).toEqual([]);
    await scene.write("TOKEN=sk_live\n", "first.env");
    expect((await scene.apply({ values: "first.env" })).verdict).toBe("done");
    expect(await problemsOf(scene.apply({ values: "values.env", replaceValues: true }))).toMatchObject([
      empty,
    ]);
    // Where live has one and nothing asks to replace it, the line is not used.
    expect((await scene.apply({ values: "values.env" })).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ TOKEN: "sk_live" });
  });

  test("is what allowEmpty asks for", async () => {
    scene = await openScene();
    await scene.write(web("key: TOKEN, sync: false, allowEmpty: true"));
    await scene.write("TOKEN=\n", "values.env");
    expect((await scene.apply({ values: "values.env" })).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ TOKEN: "" });
  });
});

test("secret files and groups hold to the same", async () => {
  scene = await openScene({ environment: { PEM: "", SALT: "" } });
  const group = (more: string): string =>
    web("key: A, value: b") +
    `    secretFiles:\n      - {name: key.pem, fromEnvironment: PEM${more}}\n` +
    `envVarGroups:\n  - {name: shared, envVars: [{key: SALT, fromEnvironment: SALT${more}}]}\n`;
  await scene.write(group(""));
  expect(await problemsOf(scene.apply())).toMatchObject([{ code: "empty-source" }, { code: "empty-source" }]);
  await scene.write(group(", allowEmpty: true"));
  expect((await scene.apply()).verdict).toBe("done");
  expect(rowNamed(scene, "services", "api")["secretFiles"]).toMatchObject([{ name: "key.pem", content: "" }]);
});

test("allowEmpty says nothing beside a value or a reference, and takes true or false only", async () => {
  scene = await openScene();
  await scene.write(web("key: TOKEN, value: a, allowEmpty: true"));
  expect((await validated(false)).problems).toMatchObject([{ code: "ignored-key", severity: "warning" }]);
  await scene.write(web("key: TOKEN, fromEnvironment: T, allowEmpty: often"));
  expect((await validated(false)).problems).toMatchObject([{ code: "wrong-type", severity: "error" }]);
});
