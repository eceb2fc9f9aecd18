import { afterEach, describe, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { openScene, type Scene } from "../scene.ts";
import { rowNamed } from "../observe.ts";
import { swallow, type Call, type Swallow } from "./swallow.ts";

/** A change of one facet, the call that makes it, and what the account's rows show of it afterwards. */
type Facet = {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly call: Call;
  readonly row: (scene: Scene) => Json;
  readonly expected: Json;
};

const web = (lines: string): string => `
services:
  - type: web
    name: api
    runtime: node
    plan: standard
    buildCommand: npm ci
    startCommand: npm start
${lines.replaceAll(/^/gm, "    ")}
`;
const cron = (schedule: string): string => `
services:
  - type: cron
    name: nightly
    runtime: node
    schedule: "${schedule}"
    buildCommand: npm ci
    startCommand: npm run nightly
`;
const database = (lines: string): string => `
databases:
  - name: main
    plan: basic-1gb
    postgresMajorVersion: "18"
${lines.replaceAll(/^/gm, "    ")}
`;
const cache = (policy: string): string => `
services:
  - type: keyvalue
    name: cache
    plan: starter
    maxmemoryPolicy: ${policy}
    ipAllowList: []
`;
const group = (lines: string): string => `
envVarGroups:
  - name: shared
    envVars:
      - key: REGION
        value: west
${lines.replaceAll(/^/gm, "      ")}
`;
const linked = (...groups: readonly string[]): string => `
envVarGroups:
  - {name: shared, envVars: [{key: REGION, value: west}]}
  - {name: mail, envVars: [{key: SENDER, value: ada@acme.test}]}
${web(`envVars: [${groups.map((group) => `{fromGroup: ${group}}`).join(", ")}]`)}`;

const service = (scene: Scene) => rowNamed(scene, "services", "api");
const values = (entries: Json, key: string, value: string): Json =>
  Object.fromEntries(
    (entries as readonly { readonly [member: string]: string }[]).map((entry) => [entry[key], entry[value]!]),
  );
const envVars = (scene: Scene): Json => values(service(scene)["envVars"]!, "key", "value");
const secretFiles = (scene: Scene): Json => values(service(scene)["secretFiles"]!, "name", "content");

const facets: readonly Facet[] = [
  {
    name: "settings of a service",
    before: web("healthCheckPath: /health"),
    after: web("healthCheckPath: /ready"),
    call: "PATCH /services/*",
    row: (scene) => service(scene)["healthCheckPath"]!,
    expected: "/ready",
  },
  {
    name: "schedule of a cron job",
    before: cron("0 3 * * *"),
    after: cron("30 4 * * *"),
    call: "PATCH /services/*",
    row: (scene) => rowNamed(scene, "services", "nightly")["schedule"]!,
    expected: "30 4 * * *",
  },
  {
    name: "a changed variable",
    before: web("envVars:\n  - key: LEVEL\n    value: info"),
    after: web("envVars:\n  - key: LEVEL\n    value: debug"),
    call: "PUT /services/*/env-vars/*",
    row: envVars,
    expected: { LEVEL: "debug" },
  },
  {
    name: "a new variable",
    before: web("envVars:\n  - key: LEVEL\n    value: info"),
    after: web("envVars:\n  - key: LEVEL\n    value: info\n  - key: MODE\n    value: fast"),
    call: "PUT /services/*/env-vars/*",
    row: envVars,
    expected: { LEVEL: "info", MODE: "fast" },
  },
  {
    name: "a variable taken out of the file",
    before: web("envVars:\n  - key: LEVEL\n    value: info\n  - key: MODE\n    value: fast"),
    after: web("envVars:\n  - key: LEVEL\n    value: info"),
    call: "DELETE /services/*/env-vars/*",
    row: envVars,
    expected: { LEVEL: "info" },
  },
  {
    name: "a changed secret file",
    before: web("secretFiles:\n  - name: app.conf\n    value: a=1"),
    after: web("secretFiles:\n  - name: app.conf\n    value: a=2"),
    call: "PUT /services/*/secret-files/*",
    row: secretFiles,
    expected: { "app.conf": "a=2" },
  },
  {
    name: "a secret file taken out of the file",
    before: web("secretFiles:\n  - name: app.conf\n    value: a=1\n  - name: old.conf\n    value: b=1"),
    after: web("secretFiles:\n  - name: app.conf\n    value: a=1"),
    call: "DELETE /services/*/secret-files/*",
    row: secretFiles,
    expected: { "app.conf": "a=1" },
  },
  {
    name: "a linked group",
    before: linked("mail"),
    after: linked("mail", "shared"),
    call: "POST /env-groups/*/services/*",
    row: (scene) => (rowNamed(scene, "environmentGroups", "shared")["serviceIds"] as readonly Json[]).length,
    expected: 1,
  },
  {
    name: "a link taken out of the file",
    before: linked("mail", "shared"),
    after: linked("mail"),
    call: "DELETE /env-groups/*/services/*",
    row: (scene) => (rowNamed(scene, "environmentGroups", "shared")["serviceIds"] as readonly Json[]).length,
    expected: 0,
  },
  {
    name: "the number of instances",
    before: web("numInstances: 1"),
    after: web("numInstances: 3"),
    call: "POST /services/*/scale",
    row: (scene) => service(scene)["numInstances"]!,
    expected: 3,
  },
  {
    name: "autoscaling",
    before: web("scaling: {minInstances: 1, maxInstances: 2, targetCPUPercent: 60}"),
    after: web("scaling: {minInstances: 1, maxInstances: 4, targetCPUPercent: 60}"),
    call: "PUT /services/*/autoscaling",
    row: (scene) => (service(scene)["autoscaling"] as { readonly max: number }).max,
    expected: 4,
  },
  {
    name: "autoscaling turned off",
    before: web("scaling: {minInstances: 1, maxInstances: 2, targetCPUPercent: 60}"),
    after: web("scaling: null"),
    call: "DELETE /services/*/autoscaling",
    row: (scene) => service(scene)["autoscaling"] ?? null,
    expected: null,
  },
  {
    name: "suspension of a service",
    before: web("suspended: false"),
    after: web("suspended: true"),
    call: "POST /services/*/suspend",
    row: (scene) => (service(scene)["suspenders"] as readonly Json[]).length,
    expected: 1,
  },
  {
    name: "a suspended service that runs again",
    before: web("suspended: true"),
    after: web("suspended: false"),
    call: "POST /services/*/resume",
    row: (scene) => (service(scene)["suspenders"] as readonly Json[]).length,
    expected: 0,
  },
  {
    name: "settings of a database",
    before: database("diskSizeGB: 10"),
    after: database("diskSizeGB: 20"),
    call: "PATCH /postgres/*",
    row: (scene) => rowNamed(scene, "postgres", "main")["diskSizeGB"]!,
    expected: 20,
  },
  {
    name: "parameter overrides of a database",
    before: database('parameterOverrides: {work_mem: "8MB"}'),
    after: database('parameterOverrides: {work_mem: "16MB"}'),
    call: "PATCH /postgres/*",
    row: (scene) => rowNamed(scene, "postgres", "main")["parameterOverrides"]!,
    expected: { work_mem: "16MB" },
  },
  {
    name: "suspension of a database",
    before: database("suspended: false"),
    after: database("suspended: true"),
    call: "POST /postgres/*/suspend",
    row: (scene) => rowNamed(scene, "postgres", "main")["suspended"]!,
    expected: true,
  },
  {
    name: "settings of a Key Value instance",
    before: cache("allkeys-lru"),
    after: cache("noeviction"),
    call: "PATCH /key-value/*",
    row: (scene) => rowNamed(scene, "keyValues", "cache")["maxmemoryPolicy"]!,
    expected: "noeviction",
  },
  {
    name: "a variable of a group",
    before: group(""),
    after: group("- key: STAGE\n  value: live"),
    call: "PUT /env-groups/*/env-vars/*",
    row: (scene) => values(rowNamed(scene, "environmentGroups", "shared")["envVars"]!, "key", "value"),
    expected: { REGION: "west", STAGE: "live" },
  },
  {
    name: "a variable taken out of a group",
    before: group("- key: STAGE\n  value: live"),
    after: group(""),
    call: "DELETE /env-groups/*/env-vars/*",
    row: (scene) => values(rowNamed(scene, "environmentGroups", "shared")["envVars"]!, "key", "value"),
    expected: { REGION: "west" },
  },
];

let scene: Scene;
afterEach(() => scene.close());

/**
 * Applies the first state, then the second one. Answers with what the rows show and with what a further plan says: its
 * steps, and the entries it finds that the file does not have (a deletion that never arrived leaves one).
 */
async function change(
  facet: Facet,
  broken?: Swallow,
): Promise<{ readonly row: Json; readonly steps: readonly string[]; readonly extra: readonly string[] }> {
  scene = await openScene({ ...(broken && { send: broken.send }) });
  await scene.write(facet.before);
  expect((await scene.apply()).problems).toEqual([]);
  expect((await scene.plan()).steps, "the first state has converged").toEqual([]);
  expect(facet.row(scene), "the first state is another one").not.toEqual(facet.expected);
  broken?.begin();
  await scene.write(facet.after);
  // An entry that a deletion left in the account is seen by the run itself; a value that did not arrive, by the next plan.
  const seen = broken && /^DELETE .*\/\*$/.test(facet.call) ? ["still-there"] : [];
  expect((await scene.apply()).problems.map(({ code }) => code)).toEqual(seen);
  const { steps, changes } = await scene.plan();
  const notes = changes.flatMap((one) => one.notes);
  return {
    row: facet.row(scene),
    steps: steps.map((step) => step.id),
    extra: notes.flatMap((note) => (note.note === "not-in-file" ? note.entries : [])),
  };
}

describe("a change of the file is in the account, and the next plan is empty", () => {
  test.each(facets)("$name", async (facet) => {
    expect(await change(facet)).toEqual({ row: facet.expected, steps: [], extra: [] });
  });
});

describe("a writer that sends nothing is found out by the rows and by the next plan", () => {
  test.each(facets)("$name", async (facet) => {
    const broken = swallow(facet.call);
    const { row, steps, extra } = await change(facet, broken);
    expect(broken.count()).toBeGreaterThan(0);
    expect(row).not.toEqual(facet.expected);
    expect([...steps, ...extra]).not.toEqual([]);
  });
});
