import { describe, expect, test } from "vitest";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { readText, resourceOf, stateOf, today, toldBy } from "./read.ts";

describe("the root", () => {
  test("settings have defaults and say what they are given", () => {
    expect(stateOf("services: []").settings).toEqual({ maxDeletes: 5, maxDeleteShare: 0.3, reserve: {} });
    const { settings } = stateOf(`
workspace: Acme
repository: https://github.com/acme/mono
settings:
  guards: {maxDeletes: 2, maxDeleteShare: 0.1}
  reserve: {render/write: 5}
`);
    expect(settings).toEqual({
      workspace: "Acme",
      repository: "https://github.com/acme/mono",
      guards: { maxDeletes: 2, maxDeleteShare: 0.1 },
      maxDeletes: 2,
      maxDeleteShare: 0.1,
      reserve: { "render/write": 5 },
    });
  });

  test("previews in both spellings have no API, and say so once", () => {
    expect(toldBy(readText("previews: {generation: manual}"))).toEqual(["warning no-api 1:1"]);
    expect(toldBy(readText("previewsEnabled: true\npreviewsExpireAfterDays: 3\n"))).toEqual([
      "warning no-api 1:1",
    ]);
  });

  test.each([
    ["version: 1", ["warning unquoted-text 1:10"]],
    ['version: "1"', []],
    ['version: "2"', ["error wrong-value 1:10"]],
    ["services: null", ["warning null-list 1:11"]],
    ["services: {}", ["error wrong-type 1:11"]],
    ["ungrouped: []", ["error wrong-type 1:12"]],
    ["ungrouped: {service: []}", ["error unknown-key 1:13"]],
    ["webhooks: [{name: a, url: https://a.example, events: [deploy_endd]}]", ["error wrong-value 1:55"]],
    ["rendercad: {token: []}", ["error unknown-key 1:13"]],
    ["settings: {guards: {maxDelete: 1}}", ["error unknown-key 1:21"]],
    ["state: {backend: s3}", ["error wrong-value 1:18"]],
  ])("%s", (text, told) => {
    expect(toldBy(readText(text))).toEqual(told);
  });

  test("x- keys hold anchors and nothing of them is read; in a render.yaml that stops a Blueprint, and is said once", () => {
    const text =
      "x-env: &env [{ key: A, value: b }]\nx-more: { any: [thing] }\nservices: [{ type: worker, name: w, runtime: docker, envVars: *env }]\n";
    expect(toldBy(readText(text))).toEqual([]);
    expect(resourceOf(text, "render/service/w").spec["envVars"]).toEqual({
      A: { from: "literal", text: "b" },
    });
    const blueprint = readDesired([{ name: "render.yaml", text }], { kinds: fileKinds, today });
    expect(blueprint.problems.map(({ code }) => code)).toEqual(["extension-in-blueprint"]);
  });

  test("an account has ten RENDERCAD tokens and five webhooks", () => {
    const tokens = (count: number) =>
      `rendercad: {tokens: [${Array.from({ length: count }, (_, index) => `{name: t${index}}`).join(", ")}]}`;
    expect(toldBy(readText(tokens(10)))).toEqual([]);
    expect(toldBy(readText(tokens(11)))[0]).toContain("error too-many");
  });

  test("RENDERCAD webhooks are https and name an event", () => {
    const hook = (url: string, events: string) =>
      `rendercad: {webhooks: [{name: a, url: "${url}", events: ${events}}]}`;
    expect(toldBy(readText(hook("https://a.example", "[render.completed]")))).toEqual([]);
    expect(toldBy(readText(hook("http://a.example", "[render.completed]")))[0]).toContain("wrong-value");
    expect(toldBy(readText(hook("https://a.example", "[]")))[0]).toContain("wrong-value");
  });
});

describe("what nothing acts on yet", () => {
  const read = (text: string, managed: readonly string[]) =>
    readDesired([{ name: "trueup.yaml", text }], {
      kinds: fileKinds.map((kind) => ({ ...kind, managed: managed.includes(kind.name) })),
      today,
    }).state;

  test("is listed by address with its place, and never a resource", () => {
    const state = read(
      `
services:
  - type: web
    name: api
    runtime: docker
    disk: {name: data, mountPath: /var/data}
  - {type: workflow, name: flow, runtime: node, region: ohio, startCommand: npm start}
state: {backend: git}
rendercad: {tokens: [{name: prod}], self: prod}
`,
      ["render/service"],
    );
    expect(state?.resources.map(({ address }) => address)).toEqual(["render/service/api"]);
    expect(state?.notManaged.map(({ address, where }) => `${address} ${where.line}`)).toEqual([
      "render/disk/api 6",
      "render/workflow/flow 7",
      "rendercad/token/prod 9",
    ]);
    expect(state?.settings.rendercadSelf).toBe("prod");
  });

  test("a service of a build source is not managed, whatever its kind", () => {
    const state = read(
      "services: [{type: web, name: api, buildSource: src}]\nbuildSources: [{name: src, image: {url: nginx}}]",
      ["render/service"],
    );
    expect(state?.resources).toEqual([]);
    expect(state?.notManaged.map(({ address, reason }) => `${address}: ${reason}`)).toContain(
      "render/service/api: build sources have no public API yet",
    );
  });

  test("a declared target that is not managed is looked up live", () => {
    const state = read(
      "services: [{type: web, name: api, runtime: docker, envVars: [{key: R, fromService: {type: keyvalue, name: c, property: host}}]}, {type: keyvalue, name: c, ipAllowList: []}]",
      ["render/service"],
    );
    expect(state?.targets.map(({ address }) => address)).toEqual(["render/key-value/c"]);
  });
});

describe("lifecycle", () => {
  const service = (lifecycle: string) =>
    `services: [{type: web, name: api, runtime: docker, lifecycle: ${lifecycle}}]`;

  test("is the default without a word", () => {
    expect(resourceOf(service("{}")).lifecycle).toEqual({
      deploy: "trigger",
      ignore: [],
      rollback: false,
    });
  });

  test("says what trueup may do", () => {
    expect(
      resourceOf(
        service(
          "{protect: true, ignore: [/envVars/PORT], renamedFrom: old, allowDataLoss: 2026-12-24, deploy: wait, rollback: true, beforeDeploy: {job: npm run check, timeout: 10m}}",
        ),
      ).lifecycle,
    ).toEqual({
      protect: true,
      ignore: ["/envVars/PORT"],
      renamedFrom: "old",
      allowDataLoss: "2026-12-24",
      deploy: "wait",
      rollback: true,
      beforeDeploy: { job: "npm run check", timeout: 600_000 },
    });
  });

  test("a freeze is read with its length", () => {
    const { settings } = stateOf(
      "settings: {freeze: [{cron: 0 18 * * 5, duration: 12h}]}\ndatabases: [{name: a}]",
    );
    expect(settings.freeze).toEqual([{ cron: "0 18 * * 5", duration: 43_200_000 }]);
  });

  test.each(["61 * * * *", "0 0 31 2 *", "* * * * * *", "@daily", "friday"])(
    "a freeze that never comes is an error at its place: %s",
    (cron) => {
      const text = `settings:\n  freeze:\n    - {cron: "0 1 * * *", duration: 1h}\n    - {duration: 1h, cron: "${cron}"}\n`;
      expect(toldBy(readText(text))).toEqual(["error freeze-cron 4:28"]);
    },
  );

  test("an agreement whose date is over allows nothing", () => {
    const text = service("{allowDataLoss: 2026-11-21}");
    expect(resourceOf(text).lifecycle).not.toHaveProperty("allowDataLoss");
    expect(toldBy(readText(text))[0]).toContain("warning consent-expired");
  });

  test("what is not acted on yet is listed", () => {
    const { notManaged } = stateOf(service("{watch: true}"));
    expect(notManaged.map(({ reason }) => reason)).toEqual(["lifecycle.watch is not acted on yet"]);
  });

  test("deploys belong to services and groups", () => {
    expect(toldBy(readText("databases: [{name: a, lifecycle: {deploy: skip}}]"))[0]).toContain(
      "key-not-for-shape",
    );
    expect(toldBy(readText("envVarGroups: [{name: a, envVars: [], lifecycle: {deploy: skip}}]"))).toEqual([]);
  });

  test.each([
    "{protect: yes}",
    "{ignore: [PORT]}",
    "{deploy: later}",
    "{allowDataLoss: soon}",
    "{guard: true}",
  ])("%s is an error", (lifecycle) => {
    expect(readText(service(lifecycle)).state).toBeUndefined();
  });
});

describe("keys that only trueup knows", () => {
  const text = `workspace: Acme
services:
  - type: web
    name: api
    runtime: docker
    suspended: false
    envVars: [{key: A, fromEnvironment: A_VALUE}]
    lifecycle: {protect: true}
`;

  test.each(["render.yaml", "infra/render.yaml", "my.render.yml"])("warn once in %s", (name) => {
    const { problems } = readText(text, name);
    expect(problems.map(({ code }) => code)).toEqual(["extension-in-blueprint"]);
    expect(problems[0]?.message).toContain("3 more");
  });

  test.each(["trueup.yaml", "deploy/staging.yaml"])("are at home in %s", (name) => {
    expect(readText(text, name).problems).toEqual([]);
  });
});
