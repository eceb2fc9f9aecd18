import { describe, expect, test } from "vitest";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { allKinds, readText, resourceOf, stateOf, today, toldBy } from "./read.ts";

const twoEnvironments = `
projects:
  - name: shop
    environments:
      - name: production
        permissions: {protection: enabled}
        databases: [{name: main, plan: basic-1gb}]
        services:
          - type: web
            name: api
            runtime: docker
            envVars: [{key: URL, fromDatabase: {name: main, property: connectionString}}]
      - name: staging
        databases: [{name: main, plan: basic-256mb}]
`;

describe("projects and environments", () => {
  test("are resources; what stands in an environment is a member of it", () => {
    const state = stateOf(twoEnvironments);
    expect(state.resources.map(({ address }) => address)).toEqual(
      expect.arrayContaining([
        "render/project/shop",
        "render/environment/shop%2Fproduction",
        "render/environment/shop%2Fstaging",
      ]),
    );
    expect(resourceOf(twoEnvironments, "render/service/api").environment).toBe(
      "render/environment/shop%2Fproduction",
    );
    expect(resourceOf(twoEnvironments, "render/environment/shop%2Fproduction")).toMatchObject({
      spec: { permissions: { protection: "enabled" } },
      needs: ["render/project/shop"],
    });
  });

  test("a name in two environments carries the environment in its address, and references stay in theirs", () => {
    const { spec } = resourceOf(twoEnvironments, "render/service/api");
    expect(spec["envVars"]).toEqual({
      URL: { from: "output", of: "render/postgres/main@shop%2Fproduction", output: "connectionString" },
    });
    expect(resourceOf(twoEnvironments, "render/postgres/main@shop%2Fstaging").name).toBe("main");
  });

  test("a name in one environment only has a plain address", () => {
    const state = stateOf("projects: [{name: p, environments: [{name: e, databases: [{name: main}]}]}]");
    expect(state.resources.map(({ address }) => address)).toContain("render/postgres/main");
  });

  test("the root says nothing about membership, ungrouped takes it away", () => {
    const text = "databases: [{name: a}]\nungrouped: {databases: [{name: b}]}\n";
    expect(resourceOf(text, "render/postgres/a")).not.toHaveProperty("environment");
    expect(resourceOf(text, "render/postgres/b").environment).toBeNull();
  });

  test("what stands inside a service of two environments knows it by its whole name", () => {
    const api = (domain: string): string =>
      `{type: web, name: api, runtime: docker, disk: {name: d, mountPath: /d}, domains: [${domain}]}`;
    const text = `projects: [{name: p, environments: [{name: a, services: [${api("a.acme.test")}]}, {name: b, services: [${api("b.acme.test")}]}]}]`;
    const { resources } = stateOf(text);
    expect(resources.map(({ address }) => address)).toEqual(
      expect.arrayContaining(["render/service/api@p%2Fa", "render/disk/api@p%2Fb"]),
    );
    const domain = resourceOf(text, "render/custom-domain/b.acme.test");
    expect(domain.spec["service"]).toBe("api@p/b");
    expect(domain.needs).toContain("render/service/api@p%2Fb");
    expect(resourceOf(text, "render/service/api@p%2Fb").name).toBe("api");
  });

  const group = "envVarGroups: [{name: g, envVars: [{key: A, value: b}]}]";
  const linked = "services: [{type: web, name: b, runtime: docker, envVars: [{fromGroup: g}]}]";
  test.each([
    [`projects: [{name: p, environments: [{name: one, ${group}}, {name: two, ${linked}}]}]`, true],
    [
      `projects: [{name: p, environments: [{name: one, ${group}}]}, {name: q, environments: [{name: one, ${linked}}]}]`,
      true,
    ],
    [`projects: [{name: p, environments: [{name: one, ${group}}]}]\nungrouped: {${linked}}`, true],
    [`projects: [{name: p, environments: [{name: one, ${group}, ${linked}}, {name: two, ${group}}]}]`, false],
    [`${group}\nprojects: [{name: p, environments: [{name: two, ${linked}}]}]`, false],
    [`ungrouped: {${group}}\nprojects: [{name: p, environments: [{name: two, ${linked}}]}]`, false],
    [`projects: [{name: p, environments: [{name: one, ${group}}]}]\n${linked}`, false],
  ])("a link to the group of another environment is refused: %s, %s", (text, isRefused) => {
    const told = toldBy(readText(text)).filter((line) => line.includes("group-across"));
    expect(told).toHaveLength(isRefused ? 1 : 0);
  });

  test("a reference from elsewhere to a name of two environments is ambiguous", () => {
    const text = `${twoEnvironments}
services:
  - type: worker
    name: jobs
    runtime: docker
    envVars: [{key: URL, fromDatabase: {name: main, property: host}}]
`;
    expect(toldBy(readText(text))).toContain("error reference-ambiguous 20:40");
  });

  test.each([
    [
      "two services of one name",
      "services: [{type: web, name: a, runtime: docker}, {type: cron, name: a, runtime: docker, schedule: '* * * * *'}]",
    ],
    [
      "a name at the root and in an environment",
      "databases: [{name: a}]\nprojects: [{name: p, environments: [{name: e, databases: [{name: a}]}]}]",
    ],
    [
      "a domain of two services",
      "services: [{type: web, name: a, runtime: docker, domains: [x.dev]}, {type: web, name: b, runtime: docker, domains: [x.dev]}]",
    ],
  ])("%s is an error that names the first place", (_, text) => {
    const { problems } = readText(text);
    const found = problems.find(({ code }) => code === "duplicate-address");
    expect(found?.message).toMatch(/the first is at trueup\.yaml:1/);
  });
});

describe("several files", () => {
  const read = (...texts: readonly string[]) =>
    readDesired(
      texts.map((text, index) => ({ name: `${index}.yaml`, text })),
      { kinds: allKinds, today },
    );

  test("make one desired state, in which references cross files", () => {
    const { state } = read(
      "services: [{type: web, name: api, runtime: docker, envVars: [{key: H, fromDatabase: {name: main, property: host}}]}]",
      "databases: [{name: main}]",
    );
    expect(state?.targets).toEqual([]);
    expect(state?.files).toEqual(["0.yaml", "1.yaml"]);
  });

  test("tell the problems of all of them, in their order", () => {
    const { state, problems } = read("services: {", "services: [{type: wbe, name: a}]");
    expect(state).toBeUndefined();
    expect(problems.map(({ where }) => where?.file)).toEqual(["0.yaml", "1.yaml"]);
  });

  test("may say one thing twice, and not two things", () => {
    expect(read("workspace: Acme", "workspace: Acme").state?.settings.workspace).toBe("Acme");
    expect(toldBy(read("workspace: Acme", "workspace: Other"))).toEqual(["error settings-conflict 1:1"]);
  });

  test("the same address in two files is an error naming both places", () => {
    const { problems } = read("databases: [{name: a}]", "databases: [{name: a}]");
    expect(problems[0]).toMatchObject({ code: "duplicate-address", where: { file: "1.yaml", line: 1 } });
    expect(problems[0]?.message).toContain("0.yaml:1");
  });
});
