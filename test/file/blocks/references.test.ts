import { describe, expect, test } from "vitest";
import { readText, resourceOf, stateOf, toldBy } from "../read.ts";

const asking = (source: string) => `services:
  - type: web
    name: api
    runtime: docker
    envVars:
      - {key: X, ${source}}
      - {key: OWN, value: own}
      - fromGroup: shared
  - {type: worker, name: jobs, runtime: docker}
  - {type: web, name: site, runtime: static, staticPublishPath: d}
  - {type: keyvalue, name: cache, ipAllowList: []}
databases:
  - {name: main, readReplicas: [{name: main-read}]}
envVarGroups:
  - {name: shared, envVars: [{key: FROM_GROUP, value: g}]}
`;
const valueOf = (source: string) =>
  (resourceOf(asking(source), "render/service/api").spec["envVars"] as { readonly X: unknown }).X;

describe("what a reference resolves to", () => {
  test.each([
    ["fromDatabase: {name: main-read, property: host}", "render/postgres/main", "replicas.main-read.host"],
    [
      "fromService: {type: redis, name: cache, property: connectionString}",
      "render/key-value/cache",
      "connectionString",
    ],
    ["fromService: {type: web, name: api, envVarKey: OWN}", "render/service/api", "envVars.OWN"],
    [
      "fromService: {type: web, name: api, envVarKey: FROM_GROUP}",
      "render/service/api",
      "envVars.FROM_GROUP",
    ],
    [
      "fromService: {type: web, name: site, envVarKey: RENDER_EXTERNAL_URL}",
      "render/service/site",
      "envVars.RENDER_EXTERNAL_URL",
    ],
    ["fromService: {type: worker, name: jobs, property: slug}", "render/service/jobs", "slug"],
  ])("%s", (source, of, output) => {
    expect(valueOf(source)).toEqual({ from: "output", of, output });
  });

  test("a wrong type of a declared service warns and means the declared one", () => {
    const text = asking("fromService: {type: pserv, name: cache, property: host}");
    expect(toldBy(readText(text))).toEqual(["warning reference-type 6:31"]);
    expect(resourceOf(text, "render/service/api").needs).toContain("render/key-value/cache");
  });

  test("an undeclared name is a target, told once per name", () => {
    const text = asking("fromDatabase: {name: mian, property: host}");
    expect(stateOf(text).targets).toEqual([
      {
        address: "render/postgres/mian",
        kind: "render/postgres",
        name: "mian",
        where: { file: "trueup.yaml", line: 6, column: 32 },
      },
    ]);
    const note = readText(text).problems.find(({ code }) => code === "target-not-declared");
    expect(note).toMatchObject({ severity: "note", remedy: expect.stringContaining("Did you mean main?") });
  });

  test("a service of a group that no file declares may have any variable", () => {
    const text = asking("fromService: {type: web, name: api, envVarKey: ANY}")
      .replace("- name: shared", "- name: other")
      .replace("{name: shared,", "{name: other,");
    expect(readText(text).state).toBeDefined();
  });

  test("an anchor's variables are checked in each service that has them", () => {
    const text = `
services:
  - type: web
    name: a
    runtime: docker
    envVars: &all [{key: K, fromService: {type: web, name: a, envVarKey: GONE}}]
  - {type: web, name: b, runtime: docker, envVars: *all}
`;
    expect(toldBy(readText(text))).toEqual(["error reference-variable 6:42"]);
  });
});

describe("what cannot be referred to", () => {
  test.each([
    [
      "a variable nobody has",
      "fromService: {type: web, name: api, envVarKey: OWM}",
      "reference-variable",
      "Did you mean OWN?",
    ],
    [
      "a variable of the build",
      "fromService: {type: web, name: api, envVarKey: RENDER_GIT_COMMIT}",
      "reference-variable",
      "RENDER_GIT_COMMIT",
    ],
    [
      "the port of a worker",
      "fromService: {type: worker, name: jobs, property: port}",
      "reference-property",
      "RENDER_EXTERNAL_URL",
    ],
    [
      "the host of a static site",
      "fromService: {type: web, name: site, property: host}",
      "reference-property",
      "RENDER_EXTERNAL_URL",
    ],
    [
      "a connection string of a service",
      "fromService: {type: web, name: api, property: connectionString}",
      "reference-property",
      "",
    ],
    [
      "a variable of Key Value",
      "fromService: {type: keyvalue, name: cache, envVarKey: A}",
      "reference-variable",
      "",
    ],
  ])("%s", (_, source, code, remedy) => {
    const [problem] = readText(asking(source)).problems;
    expect(problem).toMatchObject({ code, severity: "error", remedy: expect.stringContaining(remedy) });
  });
});
