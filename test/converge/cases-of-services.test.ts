import { afterEach, describe, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { idNamed, ourRows, rowNamed, variablesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";
import {
  apply,
  database,
  expectNothingLeft,
  file,
  forget,
  group,
  ofDatabase,
  ofService,
  openFree,
  service,
  variables,
} from "./case-scene.ts";

/*
 * Scenes that people met on Render and its peers, several of each kind: other resources, other fields, other ways to get there.
 * Each is applied to an account that was made by an earlier file, or by somebody, and has to end with nothing left to do.
 */

let scene: Scene;
afterEach(() => scene.close());

describe("values that nobody gives, of a resource that does not change", () => {
  const asked = Array.from({ length: 12 }, (_, index) => `{ key: S_${index}, sync: false }`);
  const files = Array.from({ length: 12 }, (_, index) => `{ name: f${index}, sync: false }`);
  const both = (
    plan: string,
    other: string,
    more: { readonly [list: string]: readonly string[] } = {},
  ): string => file({ services: [service("other").replace("starter", plan), other], ...more });
  test.each([
    ["a worker", service("api", variables(...asked), "worker"), {}],
    ["a private service", service("api", variables(...asked), "pserv"), {}],
    ["a cron job", service("api", `, schedule: "0 0 * * *"${variables(...asked)}`, "cron"), {}],
    [
      "a static site",
      `{ type: web, name: api, runtime: static, buildCommand: b, staticPublishPath: d${variables(...asked)} }`,
      {},
    ],
    ["a service with secret files", service("api", `, secretFiles: [${files.join(", ")}]`), {}],
    [
      "a linked group",
      service("api", variables("{ fromGroup: g }")),
      { envVarGroups: [group("g", asked.join(", "))] },
    ],
  ])("%s is neither written nor deployed", async (_what, other, more) => {
    scene = await openFree();
    await apply(scene, both("starter", other, more));
    const writes = await apply(scene, both("standard", other, more));
    const id = idNamed(scene, "services", "other");
    expect(writes).toEqual([`PATCH /services/${id} 200`, `POST /services/${id}/deploys 202`]);
  });
});

describe("a variable that another service has by a group, linked in the same run", () => {
  const linked = service("a", variables("{ fromGroup: g }"));
  const takes = service("b", variables(ofService("T", "T", "a")));
  test.each([
    ["a literal", [group("g", "{ key: T, value: text }")], [linked, takes], "text"],
    [
      "a variable of the environment",
      [group("g", "{ key: T, fromEnvironment: GIVEN }")],
      [linked, takes],
      "given",
    ],
    [
      "the service's own, which counts before the group's",
      [group("g", "{ key: T, value: theirs }")],
      [service("a", variables("{ fromGroup: g }", "{ key: T, value: own }")), takes],
      "own",
    ],
    [
      "through a third service",
      [group("g", "{ key: T, value: text }")],
      [
        linked,
        service("c", variables(ofService("U", "T", "a"))),
        service("b", variables(ofService("T", "U", "c"))),
      ],
      "text",
    ],
    [
      "of itself",
      [group("g", "{ key: U, value: text }")],
      [service("a"), service("b", variables("{ fromGroup: g }", ofService("T", "U", "b")))],
      "text",
    ],
    [
      "of a cron job",
      [group("g", "{ key: T, value: text }")],
      [linked, service("b", `, schedule: "0 0 * * *"${variables(ofService("T", "T", "a"))}`, "cron")],
      "text",
    ],
  ])("%s", async (_what, envVarGroups, all, value) => {
    scene = await openFree();
    await apply(scene, file({ services: all.map((one) => one.replace(/, envVars: \[.*\]/u, "")) }));
    await apply(scene, file({ envVarGroups, services: all }));
    expect(variablesOf(scene, "b")["T"]).toBe(value);
    await expectNothingLeft(scene);
  });

  test("follows when the link goes over to another group", async () => {
    const groups = [group("g", "{ key: T, value: one }"), group("h", "{ key: T, value: two }")];
    scene = await openFree();
    await apply(scene, file({ envVarGroups: groups, services: [linked, takes] }));
    await apply(
      scene,
      file({ envVarGroups: groups, services: [linked.replace("fromGroup: g", "fromGroup: h"), takes] }),
      { allowDeletes: 1 },
    );
    expect(variablesOf(scene, "b")).toEqual({ T: "two" });
    await expectNothingLeft(scene);
  });
});

describe("a count of instances while autoscaling is live", () => {
  const scaling = ", scaling: { minInstances: 2, maxInstances: 6, targetMemoryPercent: 80 }";
  test.each([
    ["a worker", "worker", 1],
    ["a private service", "pserv", 3],
    ["a web service with more than the most", "web", 9],
  ])("of %s is not compared, owned or adopted", async (_what, type, count) => {
    scene = await openFree();
    await apply(scene, file({ services: [service("api", scaling, type)] }));
    scene.simulator.account.find(services, idNamed(scene, "services", "api"))!.numInstances = 5;
    for (const isOwned of [true, false]) {
      if (!isOwned) await forget(scene);
      expect(
        await apply(scene, file({ services: [service("api", `, numInstances: ${count}`, type)] })),
      ).toEqual([]);
      await expectNothingLeft(scene);
    }
    expect(rowNamed(scene, "services", "api")).toMatchObject({ numInstances: 5 });
  });

  test("that somebody turned on is left to it, and an exported file says autoscaling and no count", async () => {
    scene = await openFree();
    await apply(scene, file({ services: [service("api", ", numInstances: 2")] }));
    const row = scene.simulator.account.find(services, idNamed(scene, "services", "api"))!;
    const target = { enabled: true, percentage: 70 };
    row.autoscaling = {
      enabled: true,
      min: 1,
      max: 8,
      criteria: { cpu: target, memory: { ...target, enabled: false } },
    };
    row.numInstances = 7;
    await expectNothingLeft(scene);
    const { text } = await runExport({ literals: [] }, scene.deps);
    expect(text).toContain("maxInstances: 8");
    expect(text).not.toContain("numInstances");
  });
});

describe("one name in two environments", () => {
  const both = (content: (environment: string) => string): string =>
    `projects:\n  - name: p\n    environments:\n${["one", "two"].map((name) => `      - { name: ${name}, ${content(name)} }\n`).join("")}`;
  test.each([
    [
      "Key Value instances, referred to",
      () =>
        `services: [{ type: keyvalue, name: x, plan: starter, ipAllowList: [] }, ${service("api", variables("{ key: K, fromService: { type: keyvalue, name: x, property: connectionString } }"))}]`,
    ],
    [
      "databases, referred to",
      () =>
        `databases: [${database("x")}], services: [${service("api", variables(ofDatabase("D", "host", "x")))}]`,
    ],
    [
      "groups, linked",
      (name: string) =>
        `envVarGroups: [${group("x", `{ key: A, value: ${name} }`)}], services: [${service("api", variables("{ fromGroup: x }"))}]`,
    ],
    [
      "services of two types",
      (name: string) => `services: [${service("x", "", name === "one" ? "web" : "worker")}]`,
    ],
    [
      "services that refer to themselves",
      (name: string) =>
        `services: [${service("x", variables(`{ key: N, value: ${name} }`, ofService("M", "N", "x")))}]`,
    ],
  ])("%s", async (_what, content) => {
    scene = await openFree({ switches: { serviceNames: "environment" } });
    await apply(scene, both(content));
    await expectNothingLeft(scene);
    expect(ourRows(scene, "environments")).toHaveLength(2);
    await forget(scene);
    expect(await apply(scene, both(content))).toEqual([]);
    await expectNothingLeft(scene);
  });
});
