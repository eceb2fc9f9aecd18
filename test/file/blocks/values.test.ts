import { describe, expect, test } from "vitest";
import { revealSecret } from "../../../src/core/base/secret.ts";
import type { Value } from "../../../src/core/model/value.ts";
import { readText, resourceOf, toldBy } from "../read.ts";

function service(entries: string): string {
  return `services:\n  - type: web\n    name: api\n    runtime: docker\n    envVars:\n${entries
    .trim()
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n")}\n`;
}

function valuesOf(entries: string): unknown {
  return resourceOf(service(entries)).spec["envVars"];
}

describe("a literal", () => {
  test.each([
    ["value: True", "True"],
    ["value: 3.10", "3.10"],
    ["value: 08", "08"],
    ["value: 0x1F", "0x1F"],
    ["value: 1e3", "1e3"],
    ["value: off", "off"],
    ["value: .inf", ".inf"],
    ["value: 2024-01-01", "2024-01-01"],
    ['value: "a\\nb"', "a\nb"],
    ["value: ''", ""],
    ["value: ${OTHER}", "${OTHER}"],
  ])("is the text that was written: %s", (line, text) => {
    expect(valuesOf(`- key: X\n  ${line}`)).toEqual({ X: { from: "literal", text } });
  });

  test("keeps the lines of a block scalar", () => {
    expect(valuesOf("- key: X\n  value: |\n    a\n    b")).toEqual({
      X: { from: "literal", text: "a\nb\n" },
    });
  });

  test("that looks secret is kept where it does not print", () => {
    const { state, problems } = readText(service("- key: API_TOKEN\n  value: planted-value"));
    const values = state?.resources[0]?.spec["envVars"] as { readonly [key: string]: Value } | undefined;
    const value = values?.["API_TOKEN"];
    if (value?.from !== "secret-literal") throw new Error("it is public");
    expect(revealSecret(value.secret)).toBe("planted-value");
    expect(JSON.stringify([state, problems])).not.toContain("planted-value");
  });
});

describe("other sources", () => {
  test("each form of the table becomes its value", () => {
    const text = `${service(`
- {key: A, generateValue: true}
- {key: B, sync: false}
- {key: C, fromDatabase: {name: main, property: connectionString}}
- {key: D, fromService: {type: pserv, name: back, property: hostport}}
- {key: E, fromService: {type: web, name: api, envVarKey: RENDER_EXTERNAL_URL}}
- {key: F, fromEnvironment: SOME_NAME}
- {key: G, fromFile: secrets/g.txt}
- {key: H, fromFile: secrets/h.bin, raw: true}
- {key: I, fromRendercadToken: {name: prod}}
- {key: J, fromRendercadWebhook: {name: done, property: secret}}
- {key: K, fromWebhook: {name: ops, property: signingSecret}}
- fromGroup: shared`)}
  - {type: pserv, name: back, runtime: docker}
databases: [{name: main}]
envVarGroups: [{name: shared, envVars: [{key: Z, value: z}]}]
webhooks: [{name: ops, url: "https://hooks.example.com"}]
rendercad:
  tokens: [{name: prod}]
  webhooks: [{name: done, url: "https://hooks.example.com", events: [render.completed]}]
`;
    const { spec, needs } = resourceOf(text, "render/service/api");
    expect(spec["envVars"]).toEqual({
      A: { from: "generated" },
      B: { from: "asked" },
      C: { from: "output", of: "render/postgres/main", output: "connectionString" },
      D: { from: "output", of: "render/service/back", output: "hostport" },
      E: { from: "output", of: "render/service/api", output: "envVars.RENDER_EXTERNAL_URL" },
      F: { from: "environment", variable: "SOME_NAME" },
      G: { from: "file", path: "secrets/g.txt", raw: false },
      H: { from: "file", path: "secrets/h.bin", raw: true },
      I: { from: "output", of: "rendercad/token/prod", output: "token" },
      J: { from: "output", of: "rendercad/webhook/done", output: "secret" },
      K: { from: "output", of: "render/webhook/ops", output: "signingSecret" },
    });
    expect(spec["groupLinks"]).toEqual({ "render/env-group/shared": true });
    expect(needs).toEqual([
      "render/env-group/shared",
      "render/postgres/main",
      "render/service/api",
      "render/service/back",
      "render/webhook/ops",
      "rendercad/token/prod",
      "rendercad/webhook/done",
    ]);
  });

  test("an anchor shared by two services generates two values", () => {
    const text = `
services:
  - {type: web, name: a, runtime: docker, envVars: &shared [{key: K, generateValue: true}]}
  - {type: web, name: b, runtime: docker, envVars: *shared}
`;
    expect(resourceOf(text, "render/service/a").spec["envVars"]).toEqual({ K: { from: "generated" } });
    expect(resourceOf(text, "render/service/b").spec["envVars"]).toEqual({ K: { from: "generated" } });
  });

  test.each([
    ["an empty value", "- key: X\n  value:", "warning empty-value"],
    ["a value of null", "- key: X\n  value: null", "warning empty-value"],
  ])("%s is asked for, so that nothing live is emptied", (_, entry, told) => {
    const result = readText(service(entry));
    expect(result.state?.resources[0]?.spec["envVars"]).toEqual({ X: { from: "asked" } });
    expect(toldBy(result)[0]).toContain(told);
  });

  test("the last of two equal keys wins, with a warning", () => {
    const result = readText(service("- {key: X, value: a}\n- {key: X, value: b}"));
    expect(result.state?.resources[0]?.spec["envVars"]).toEqual({ X: { from: "literal", text: "b" } });
    expect(toldBy(result)).toEqual(["warning duplicate-entry 7:15"]);
  });

  test.each([
    ["a key alone", "- key: X", "no-source"],
    ["sync: true alone", "- {key: X, sync: true}", "no-source"],
    ["a value beside sync: false", "- {key: X, value: a, sync: false}", "value-and-sync"],
    ["two sources", "- {key: X, generateValue: true, sync: false}", "several-sources"],
    ["an unknown key", "- {key: X, vaule: a}", "unknown-key"],
    ["a list as value", "- {key: X, value: [a]}", "wrong-type"],
    ["a name with a space", "- {key: X Y, value: a}", "name-not-allowed"],
    ["__proto__ as a name", "- {key: __proto__, value: a}", "name-not-allowed"],
    ["a text instead of an entry", "- X=a", "wrong-type"],
    ["sync: no", "- {key: X, sync: no}", "wrong-type"],
    ["a variable of the machinery", "- {key: X, fromEnvironment: GITHUB_TOKEN}", "environment-forbidden"],
    ["an absolute path", "- {key: X, fromFile: /etc/passwd}", "file-path"],
    ["a home path", "- {key: X, fromFile: ~/.ssh/id}", "file-path"],
    ["a group with a key", "- {key: X, fromGroup: g}", "unknown-key"],
    ["neither property nor envVarKey", "- {key: X, fromService: {type: web, name: api}}", "missing-key"],
    [
      "both property and envVarKey",
      "- {key: X, fromService: {type: web, name: api, property: host, envVarKey: A}}",
      "several-sources",
    ],
    ["a token that no file declares", "- {key: X, fromRendercadToken: {name: prod}}", "reference-unknown"],
  ])("%s is an error", (_, entry, code) => {
    const result = readText(service(entry));
    expect(result.state).toBeUndefined();
    expect(result.problems.map((problem) => problem.code)).toContain(code);
  });
});

describe("groups", () => {
  const group = (entry: string) => readText(`envVarGroups:\n  - name: g\n    envVars:\n      - ${entry}\n`);

  test("cannot refer to other resources", () => {
    expect(toldBy(group("{key: X, fromDatabase: {name: main, property: host}}"))).toEqual([
      "error group-reference 4:18",
    ]);
    expect(toldBy(group("fromGroup: other"))).toEqual(["error group-reference 4:9"]);
  });

  test("say once, where a Blueprint may be connected, that it ignores sync: false in them", () => {
    const text =
      "envVarGroups:\n  - name: g\n    envVars:\n      - {key: X, sync: false}\n      - {key: Y, sync: false}\n";
    expect(toldBy(readText(text, "render.yaml"))).toEqual(["warning group-sync 4:9"]);
    expect(toldBy(readText(text, "trueup.yaml"))).toEqual([]);
  });

  test("may take values from trueup's own sources", () => {
    expect(toldBy(group("{key: X, fromEnvironment: X_VALUE}"))).toEqual([]);
  });

  test("may be without variables", () => {
    expect(toldBy(readText("envVarGroups: [{name: g}]"))).toEqual(["warning null-list 1:23"]);
  });
});

describe("secret files and tokens", () => {
  test("are values by name", () => {
    const { spec } = resourceOf(
      "services: [{type: web, name: a, runtime: docker, secretFiles: [{name: cred.json, fromFile: cred.json}]}]",
    );
    expect(spec["secretFiles"]).toEqual({ "cred.json": { from: "file", path: "cred.json", raw: false } });
  });

  test("a log stream's token is a value inside its object", () => {
    const { spec } = resourceOf(
      "databases: [{name: d, logStream: {endpoint: 'logs.example.com:514', token: {fromEnvironment: LOG_TOKEN}}}]",
    );
    expect(spec["logStream"]).toEqual({
      endpoint: "logs.example.com:514",
      token: { from: "environment", variable: "LOG_TOKEN" },
    });
  });

  test("a file name must stay in its folder", () => {
    const text =
      "services: [{type: web, name: a, runtime: docker, secretFiles: [{name: ../x, sync: false}]}]";
    expect(readText(text).problems[0]?.code).toBe("name-not-allowed");
  });
});
