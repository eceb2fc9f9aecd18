import { describe, expect, test } from "vitest";
import { fileCodes } from "../../src/file/base/codes.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { allKinds, readText, today, toldBy } from "./read.ts";

const codesOf = (text: string) => readText(text).problems.map(({ severity, code }) => `${severity} ${code}`);
const service = (rest: string) => `services: [{name: api, ${rest}}]`;

describe("services", () => {
  test.each([
    ["a web service without a runtime", "type: web", ["error missing-key"]],
    ["an image service without an image", "type: web, runtime: image", ["error missing-key"]],
    [
      "an image service with a build",
      "type: web, runtime: image, image: {url: nginx}, buildCommand: make",
      ["warning unused-key"],
    ],
    [
      "a native runtime without commands",
      "type: worker, runtime: go",
      ["warning command-needed", "warning command-needed"],
    ],
    ["a static site without a folder", "type: web, runtime: static", ["warning command-needed"]],
    ["a worker with the runtime static", "type: worker, runtime: static", ["error wrong-value"]],
    ["a free web service", "type: web, runtime: docker, plan: free", []],
    [
      "a variable whose key begins with a digit",
      "type: web, runtime: docker, envVars: [{key: 3SCALE, value: a}, {key: A.b-C_3, value: b}]",
      ["warning name-not-allowed"],
    ],
    ["a free worker", "type: worker, runtime: docker, plan: free", ["error wrong-value"]],
    [
      "a free web service with a disk",
      "type: web, runtime: docker, plan: free, disk: {name: d, mountPath: /d}",
      ["warning not-on-free"],
    ],
    ["a cron job without a schedule", "type: cron, runtime: docker", ["error missing-key"]],
    ...[
      "61 * * * *",
      "* 24 * * *",
      "* * 0 * *",
      "* * * 13 *",
      "* * * * 8",
      "*/0 * * * *",
      "5-1 * * * *",
      "0 0 30 feb *",
      "0 0 31 4,6,9,11 *",
      "x * * * *",
      "1,,2 * * * *",
    ].map((schedule): [string, string, readonly string[]] => [
      `a schedule that never comes: ${schedule}`,
      `type: cron, runtime: docker, schedule: '${schedule}'`,
      ["error wrong-value"],
    ]),
    ...["0 0 29 2 *", "0 0 31 2 mon", "59 23 31 12 7", "0-59/15 * ? * ?", "10/5 * * JAN-MAR,dec sun"].map(
      (schedule): [string, string, readonly string[]] => [
        `a schedule that comes: ${schedule}`,
        `type: cron, runtime: docker, schedule: '${schedule}'`,
        [],
      ],
    ),
    ["a schedule in words", "type: cron, runtime: docker, schedule: every day", ["error wrong-value"]],
    [
      "a schedule with six fields",
      "type: cron, runtime: docker, schedule: 0 0 3 * * *",
      ["error wrong-value"],
    ],
    [
      "a health check without a slash",
      "type: web, runtime: docker, healthCheckPath: healthz",
      ["error wrong-value"],
    ],
    [
      "scaling without a target",
      "type: web, runtime: docker, scaling: {minInstances: 1, maxInstances: 2}",
      ["error missing-key"],
    ],
    [
      "scaling upside down",
      "type: web, runtime: docker, scaling: {minInstances: 3, maxInstances: 2, targetCPUPercent: 60}",
      ["error wrong-value"],
    ],
    [
      "scaling beside a disk",
      "type: web, runtime: docker, disk: {name: d, mountPath: /d}, scaling: {minInstances: 1, maxInstances: 2, targetCPUPercent: 60}",
      ["error disk-and-scaling"],
    ],
    [
      "a misspelt target",
      "type: web, runtime: docker, scaling: {minInstances: 1, maxInstances: 2, targetCpuPercent: 60}",
      ["error unknown-key"],
    ],
    [
      "a closed address without a domain",
      "type: web, runtime: docker, renderSubdomainPolicy: disabled",
      ["warning unreachable"],
    ],
    ["an empty build filter", "type: web, runtime: docker, buildFilter: {}", ["error missing-key"]],
    [
      "a disk at a path that Render needs",
      "type: web, runtime: docker, disk: {name: d, mountPath: /etc/secrets/}",
      ["error wrong-value"],
    ],
    [
      "a disk at a relative path",
      "type: web, runtime: docker, disk: {name: d, mountPath: data}",
      ["error wrong-value"],
    ],
    [
      "a domain with a scheme",
      "type: web, runtime: docker, domains: ['https://a.dev']",
      ["error wrong-value"],
    ],
    [
      "a stream without an endpoint",
      "type: web, runtime: docker, logStream: {setting: send}",
      ["error missing-key"],
    ],
    [
      "a dropped stream with an endpoint",
      "type: web, runtime: docker, logStream: {setting: drop, endpoint: a:1}",
      ["error unused-key"],
    ],
    ["a retired plan", "type: web, runtime: docker, plan: starter plus", ["warning retired-name"]],
    ["a plan of the newer family", "type: web, runtime: docker, plan: 0.5c-512mb", []],
    [
      "a cron job's plan that only servers have",
      "type: cron, runtime: docker, schedule: '* * * * *', plan: pro max",
      ["error wrong-value"],
    ],
    ["everything a cron job needs", "type: cron, runtime: docker, schedule: '*/5 8-18 * * MON-FRI'", []],
    [
      "an open allow list with a typing error",
      "type: web, runtime: docker, ipAllowList: [{soruce: 0.0.0.0/0}]",
      ["error missing-key", "error unknown-key"],
    ],
  ])("%s", (_, rest, codes) => {
    expect(codesOf(service(rest)).sort()).toEqual([...codes].sort());
  });
});

describe("databases and Key Value", () => {
  test.each([
    ["databases: [{name: d, diskSizeGB: 7}]", ["warning not-creatable"]],
    ["databases: [{name: d, diskSizeGB: 16}]", ["warning not-creatable"]],
    ["databases: [{name: d, diskSizeGB: 0}]", ["error wrong-value"]],
    ["databases: [{name: d, previewDiskSizeGB: 7}]", ["warning no-api", "error wrong-value"]],
    ["databases: [{name: d, diskSizeGB: 1}]", []],
    ["databases: [{name: d, plan: standard}]", ["warning not-creatable"]],
    ["databases: [{name: d, postgresMajorVersion: '10'}]", ["warning not-creatable"]],
    ["databases: [{name: d, plan: pro-4gb, highAvailability: {enabled: true}}]", []],
    ["databases: [{name: d, plan: basic-1gb, highAvailability: {enabled: true}}]", ["error wrong-value"]],
    [
      "databases: [{name: d, postgresMajorVersion: '12', highAvailability: {enabled: true}}]",
      ["error wrong-value"],
    ],
    [
      "databases: [{name: d, readReplicas: [{name: a}, {name: b}, {name: c}, {name: e}, {name: f}, {name: g}]}]",
      ["error wrong-value"],
    ],
    ["databases: [{name: d, readReplicas: null}]", ["error null-not-allowed"]],
    ["databases: [{name: d, readReplicas: [{name: a}, {name: a}]}]", ["error duplicate-address"]],
    ["databases: [{name: d, region: null}]", ["error null-not-allowed"]],
    [
      "services: [{type: redis, name: c, ipAllowList: [], maxmemoryPolicy: allkeys_lru, persistenceMode: off}]",
      ["warning loose-spelling"],
    ],
    ["services: [{type: keyvalue, name: c, ipAllowList: [], envVars: []}]", ["error unknown-key"]],
    [
      "buildSources: [{name: b, git: {repo: r, runtime: node}, image: {url: nginx}}]",
      ["error several-sources"],
    ],
  ])("%s", (text, codes) => {
    expect(codesOf(text)).toEqual(codes);
  });

  test.each([
    ...["203.0.113.7", "0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::1", "::ffff:1.2.3.4/96"].map(
      (source) => [source, []] as const,
    ),
    ...[
      "office",
      "",
      "1.2.3",
      "256.1.1.1",
      "1.2.3.4/33",
      "1.2.3.4/",
      " 1.2.3.4",
      "1.2.3.4/8/8",
      "::/129",
    ].map((source) => [source, ["error wrong-value"]] as const),
  ])("an address that may connect: %j", (source, codes) => {
    expect(codesOf(`databases: [{name: d, ipAllowList: [{source: "${source}"}]}]`)).toEqual(codes);
  });

  test("one remark for all booleans, at the first", () => {
    const text = `services: [{type: web, name: a, runtime: docker, envVars: [{key: A, value: true}, {key: B, value: false}]}]`;
    const { problems } = readText(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain("1 more");
  });
});

test("every code that is told is in the table", () => {
  const texts = [
    service("type: web, runtime: static"),
    "databases: [{name: d, plan: pro}]",
    "x: 1",
    "services: {",
  ];
  for (const code of texts.flatMap((text) => readText(text).problems.map((problem) => problem.code))) {
    expect(fileCodes).toContain(code);
  }
  expect(toldBy(readText("services: []"))).toEqual([]);
});

describe("an old spelling beside the one of today", () => {
  const block = (keys: string) => `services: [{type: web, name: a, runtime: docker, ${keys}}]`;
  test.each([
    [block("env: node"), "env: node"],
    [block("autoDeploy: true, autoDeployTrigger: off"), "autoDeploy: true"],
    [
      block("pullRequestPreviewsEnabled: true, previews: {generation: off}"),
      "pullRequestPreviewsEnabled: true",
    ],
    [block("previewPlan: starter, previews: {plan: standard}"), "previewPlan: starter"],
    [block("afterFirstDeployCommand: a, initialDeployHook: b"), "afterFirstDeployCommand: a"],
    ["previewsEnabled: false\npreviews: {generation: manual}", "previewsEnabled: false"],
    ["previewsExpireAfterDays: 3\npreviews: {expireAfterDays: 4}", "previewsExpireAfterDays: 3"],
  ])("that disagrees is told: %s", (text, old) => {
    const [first] = readText(text).problems.filter(({ code }) => code === "legacy-conflict");
    expect(first?.message).toContain(`\`${old}\` is the old form of`);
  });

  test.each([
    block("env: docker"),
    block("autoDeploy: false, autoDeployTrigger: off"),
    block("autoDeploy: false"),
    block("pullRequestPreviewsEnabled: true, previews: {generation: automatic}"),
    block("domain: a.acme.test, domains: [b.acme.test]"),
    "previewsEnabled: true\npreviews: {expireAfterDays: 4}",
  ])("that agrees, or says something else, is not: %s", (text) => {
    expect(codesOf(text)).not.toContain("warning legacy-conflict");
  });
});

test("a value of a wrong type has one error, and not a second one for what it cannot be", () => {
  const text = "webhooks: [{name: w, url: https://x.test/h, events: [null, [a], deploy_endd]}]";
  expect(codesOf(text)).toEqual(["error wrong-type", "error wrong-type", "error wrong-value"]);
});

test.each([
  ["{Key: A, value: b}", "Did you mean `key`? The entry has `Key`."],
  ["{name: A, value: b}", "Did you mean `key`? The entry has `name`."],
  ["{A: b}", "Write `- key: A` with `value: ...` on the next line."],
  ["{value: b}", "Add `key`."],
])("a variable without its key: %s", (entry, remedy) => {
  const { problems } = readText(service(`type: web, runtime: docker, envVars: [${entry}]`));
  expect(problems.map((one) => one.remedy)).toEqual([remedy]);
});

test("a key that Render refuses is told at its own line", () => {
  const text =
    "services:\n- type: web\n  name: a\n  runtime: docker\n  envVars:\n  - key: A\n    value: b\n  - key: 1A\n    value: b\n";
  expect(toldBy(readText(text))).toEqual(["warning name-not-allowed 8:10"]);
});

test("no number is taken for a slip of another one", () => {
  const [told] = readText("databases: [{name: d, postgresMajorVersion: '19'}]").problems;
  expect(told?.remedy).toBe("It is one of 10, 11, 12, 13, 14, 15, 16, 17, 18.");
});

test.each([
  ["services", "web", (more: string) => `{type: web, runtime: docker${more}`],
  ["databases", "Postgres database", (more: string) => `{plan: basic-1gb${more}`],
])("a former name that another block of %s has is told, since it renames nothing", (list, _noun, block) => {
  const one = (name: string, former: string): string =>
    `${block("")}, name: ${name}, lifecycle: {renamedFrom: ${former}}}`;
  expect(codesOf(`${list}: [${one("a", "b")}, ${one("b", "a")}, ${one("c", "gone")}]`)).toEqual([
    "warning moved-declared",
    "warning moved-declared",
  ]);
});

test.each(["a.yaml", "./a.yaml", ".//a.yaml", "./././a.yaml"])(
  "a file that is given twice is told once: %s",
  (again) => {
    const text = "databases: [{name: d}]";
    const sources = ["a.yaml", again].map((name) => ({ name, text }));
    const { problems } = readDesired(sources, { kinds: allKinds, today });
    expect(problems.map(({ code }) => code)).toEqual(["file-twice"]);
  },
);
