import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Desired } from "../../../src/core/model/desired.ts";
import { literal } from "../../../src/core/model/value.ts";
import { writeDesired } from "../../../src/file/write/write.ts";
import { allKinds, readText, resourceOf, stateOf } from "../read.ts";

/** Everything that a block means, without its places. */
function meaningOf({ address, name, spec, lifecycle, environment, needs }: Desired) {
  return { address, name, spec, lifecycle, environment, needs };
}

function writeAgain(text: string): string {
  return writeDesired(stateOf(text).resources, { kinds: allKinds });
}

function expectSame(text: string): string {
  const written = writeAgain(text);
  const byAddress = (a: Desired, b: Desired) => (a.address < b.address ? -1 : 1);
  const before = [...stateOf(text).resources].sort(byAddress).map(meaningOf);
  expect([...stateOf(written).resources].sort(byAddress).map(meaningOf)).toEqual(before);
  return written;
}

describe("what is written reads as what it was written from", () => {
  test.each([
    [
      "a web service with every source of a value",
      `
services:
  - type: web
    name: api
    runtime: node
    plan: pro plus
    autoDeployTrigger: "off"
    envVars:
      - fromGroup: shared
      - { key: PLAIN, value: "on" }
      - { key: LINES, value: "a\\n b\\n" }
      - { key: TYPED, sync: false }
      - { key: MADE, generateValue: true }
      - { key: URL, fromDatabase: { name: main, property: connectionString } }
      - { key: COPY, fromDatabase: { name: copy, property: host } }
      - { key: CACHE, fromService: { type: keyvalue, name: cache, property: hostport } }
      - { key: OTHER, fromService: { type: pserv, name: inner, envVarKey: PORT } }
      - { key: FROM_ENV, fromEnvironment: STRIPE }
      - { key: FROM_FILE, fromFile: secrets/key, raw: true }
      - { key: HOOK, fromWebhook: { name: deploys, property: signingSecret } }
      - { key: CAD, fromRendercadToken: { name: api } }
    secretFiles:
      - { name: config.json, fromFile: { path: config.json } }
    disk: { name: data, mountPath: /data, sizeGB: 5 }
    domains: [a.example.com, b.example.com]
    lifecycle: { protect: true, ignore: [/plan], deploy: wait, rollback: true, beforeDeploy: { job: npm run check, timeout: 5m } }
  - { type: pserv, name: inner, runtime: docker, dockerCommand: run }
  - { type: keyvalue, name: cache, ipAllowList: [] }
envVarGroups:
  - { name: shared, envVars: [{ key: A, value: "1" }] }
databases:
  - { name: main, readReplicas: [{ name: copy }], parameterOverrides: { work_mem: 8MB }, users: [reader] }
webhooks:
  - { name: deploys, url: "https://hooks.example.com", events: [deploy_ended] }
rendercad:
  tokens: [{ name: api }]
`,
    ],
    [
      "a static site",
      `
services:
  - type: web
    name: site
    runtime: static
    staticPublishPath: dist
    headers:
      - { path: /*, name: X-Frame-Options, value: DENY }
      - { path: "/a b/*", name: X-Robots-Tag, value: "" }
    routes:
      - { type: rewrite, source: /z/*, destination: /index.html }
      - { type: redirect, source: /a, destination: /b }
`,
    ],
    [
      "projects, what is in no environment, and equal names",
      `
projects:
  - name: shop
    environments:
      - name: production
        permissions: { protection: enabled }
        ipAllowList: [{ source: 10.0.0.0/8 }]
        databases: [{ name: main, plan: pro-4gb }]
        services: [{ type: worker, name: jobs, runtime: docker, envVars: [{ key: URL, fromDatabase: { name: main, property: connectionString } }] }]
      - name: staging
        databases: [{ name: main }]
ungrouped:
  services: [{ type: cron, name: nightly, runtime: docker, schedule: "0 3 * * *" }]
`,
    ],
    [
      "images, credentials and workspace settings",
      `
services:
  - type: web
    name: api
    runtime: image
    image: { url: ghcr.io/acme/api:1, creds: { fromRegistryCreds: { name: ghcr } } }
    logStream: { setting: send, endpoint: logs.example.com:6514, token: { sync: false } }
registryCredentials:
  - { name: ghcr, registry: GITHUB, username: acme, authToken: { fromEnvironment: GHCR_TOKEN } }
notifications: { email: true, send: failure }
logStream: { endpoint: logs.example.com:6514, token: { sync: false } }
metricsStream: { provider: CUSTOM, url: "https://metrics.example.com", token: { sync: false } }
dedicatedIps: [{ name: out, region: oregon, environments: [] }]
`,
    ],
  ])("%s", (_what, text) => {
    expectSame(text);
  });

  test("for any text of a variable", () => {
    const service = resourceOf("services: [{type: web, name: api, runtime: node}]");
    const text = fc
      .string({ unit: "grapheme", maxLength: 60 })
      .map((value) => value.replaceAll(/\p{Surrogate}/gu, ""));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
        const envVars = Object.fromEntries(
          texts.map((value, index) => [`NEXT_PUBLIC_${index}`, literal(value)]),
        );
        const written = writeDesired([{ ...service, spec: { ...service.spec, envVars } }], {
          kinds: allKinds,
        });
        expect(resourceOf(written).spec["envVars"]).toEqual(envVars);
      }),
      { numRuns: 20 },
    );
  });
});

test("blocks are set apart, and words that YAML 1.1 reads otherwise are quoted", () => {
  const text = writeAgain(`
databases: [{ name: main }]
services:
  - { type: web, name: a, runtime: node, autoDeployTrigger: "off", envVars: [{ key: A, value: "yes" }] }
  - { type: web, name: b, runtime: node }
`);
  expect(text).toBe(`services:
  - type: web
    name: a
    runtime: node
    autoDeployTrigger: "off"
    envVars:
      - key: A
        value: "yes"

  - type: web
    name: b
    runtime: node

databases:
  - name: main
`);
});

test("a literal that looks like a secret is never written", () => {
  const text = writeAgain(
    "services: [{type: web, name: a, runtime: node, envVars: [{key: API_TOKEN, value: hunter2hunter2}]}]",
  );
  expect(text).not.toContain("hunter2");
  expect(readText(text).state?.resources[0]?.spec["envVars"]).toEqual({ API_TOKEN: { from: "asked" } });
});

describe("a text of the account that would mislead", () => {
  const hostile = fc.array(
    fc.constantFrom(
      "::error::x",
      "\n",
      "##[error]",
      "\u202e",
      "\u200b",
      "\u2028",
      "\u0085",
      "\u001b[2J",
      "\ufeff",
      "a",
      ":",
      " ",
      "#",
      "\t",
      "é",
    ),
    { minLength: 1, maxLength: 8 },
  );

  test("is in the file as the same value, and nothing hides, steers a terminal or commands a job's runner", () => {
    const service = (command: string) =>
      stateOf(
        JSON.stringify({
          services: [
            {
              type: "web",
              name: "api",
              runtime: "docker",
              dockerCommand: command,
              envVars: [{ key: "A", value: command }],
            },
          ],
        }),
      ).resources;
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = `x${parts.join("")}x`;
        const written = writeDesired(service(text), {
          kinds: allKinds,
          comment: [`Workspace ${parts.join("")}`],
        });
        expect(written.replaceAll(/[\n\t]/gu, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(written).not.toMatch(/^\s*::|##\[/mu);
        expect(meaningOf(resourceOf(written))).toEqual(meaningOf(service(text)[0]!));
      }),
    );
  });
});
