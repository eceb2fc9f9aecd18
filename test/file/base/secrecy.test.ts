import { describe, expect, test } from "vitest";
import { findSecrecy, makeSecrecy } from "../../../src/file/base/secrecy.ts";
import { readText } from "../read.ts";

const none = makeSecrecy([], []);

describe("a literal looks secret", () => {
  test.each([
    ["STRIPE_SECRET", "abc"],
    ["DB_PASSWORD", "hunter2"],
    ["API_TOKEN", "x1"],
    ["SECRET_KEY_BASE", "change me"],
    ["ACCESS_KEY", "abc"],
    ["PRIVATE_KEY", "-----BEGIN"],
    ["ANYTHING", "postgres://user:pass@host/db"],
    ["ANYTHING", "sk_live_0123456789abcdef"],
    ["ANYTHING", "ghp_0123456789abcdefghijABCDEFGHIJ012345"],
    ["ANYTHING", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"],
    ["ANYTHING", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["ANYTHING", "q1W2e3R4t5Y6u7I8o9P0aSdFgHjKl"],
    ["NEXT_PUBLIC_KEY", "sk_live_0123456789abcdef"],
  ])("%s=%s", (key, text) => {
    expect(findSecrecy(key, text, none)).toBeDefined();
  });
});

describe("a literal looks public", () => {
  test.each([
    ["PORT", "8080"],
    ["NODE_ENV", "production"],
    ["SECRET_KEY", ""],
    ["USE_TOKEN", "true"],
    ["ACCESS_TOKEN_EXPIRE_MINUTES", "30"],
    ["MAX_TOKENS", "4096"],
    ["JWT_SECRET", "${JWT_SECRET}"],
    ["DATABASE_URL", "postgres://user:${PASSWORD}@host/db"],
    ["NEXT_PUBLIC_API_KEY", "pk-for-everybody"],
    ["STRIPE_PUBLISHABLE_KEY", "anything"],
    ["GOOGLE_TOKEN_URI", "https://oauth2.googleapis.com/token"],
    ["IMAGE", "docker.io/library/nginx:1.27-alpine"],
    ["COMMIT", "3d5e8a2c-90ab-4cde-8f01-23456789abcd"],
    ["MESSAGE", "a long sentence with Words and 123 numbers in it"],
  ])("%s=%s", (key, text) => {
    expect(findSecrecy(key, text, none)).toBeUndefined();
  });
});

test("the file's own globs win over what names and looks suggest", () => {
  const secrecy = makeSecrecy(["INTERNAL_*"], ["FAKE_TOKEN", "DEMO_*"]);
  expect(findSecrecy("INTERNAL_HOST", "a.b.c", secrecy)).toContain("settings.secretKeys");
  expect(findSecrecy("FAKE_TOKEN", "abc", secrecy)).toBeUndefined();
  expect(findSecrecy("DEMO_KEY", "sk_live_0123456789abcdef", secrecy)).toBeUndefined();
  expect(findSecrecy("OTHER_TOKEN", "abc", secrecy)).toBeDefined();
});

/** The time limit of the test is the judge: a pattern that backtracks takes minutes here. */
test("a name and a text of a megabyte are judged at once", () => {
  expect(findSecrecy("SECRET_".repeat(150_000), "x".repeat(1_000_000), none)).toBeDefined();
  expect(findSecrecy("A", "a.".repeat(500_000), none)).toBeUndefined();
  expect(findSecrecy("A", "https://".repeat(100_000), none)).toBeUndefined();
  expect(findSecrecy("A", "-eyJaaaaaaaaaaa".repeat(70_000), none)).toBeUndefined();
});

test("a file whose texts are made to be slow is judged at once", () => {
  const service = "services: [{type: web, name: a, runtime: docker, envVars: [{key: KEY, value: x}]}]";
  const key = "a".repeat(120);
  const glob = readText(`settings: {secretKeys: ["${"*a".repeat(60)}*b"]}\n${service.replace("KEY", key)}\n`);
  expect(glob.problems).toEqual([]);
  const slashes = "/".repeat(500_000);
  const path = readText(service.replace("envVars", `disk: {name: d, mountPath: "${slashes}x"}, envVars`));
  expect(path.state?.resources).toHaveLength(2);
});

const canary = "planted-0123456789abcdef";

describe("code frames never show a value that could be secret", () => {
  const service = (rest: string) => `services:\n  - type: web\n    name: api\n    runtime: docker\n${rest}`;
  test.each([
    [
      "beside the mistake",
      service(`    envVars:\n      - key: API_TOKEN\n        value: ${canary}\n        wrong: 1\n`),
    ],
    ["in a mapping of variables", service(`    envVars:\n      API: ${canary}\n`)],
    ["in an entry without key", service(`    envVars:\n      - API: ${canary}\n`)],
    ["in a bare text", service(`    envVars:\n      - API=${canary}\n`)],
    [
      "as the name of an entry's source",
      service(`    envVars:\n      - {key: API TOKEN, value: ${canary}}\n`),
    ],
    [
      "in a preview value",
      service(
        `    envVars:\n      - key: API_TOKEN\n        value: x1\n        previewValue: ${canary}\n        wrong: 1\n`,
      ),
    ],
    [
      "on the lines of a block",
      service(
        `    envVars:\n      - key: CERT_KEY\n        value: |\n          ${canary}\n          ${canary}\n        wrong: 1\n`,
      ),
    ],
    [
      "in a token of a stream",
      service(`    logStream:\n      endpoint: a:1\n      token: ${canary}\n      wrong: 1\n`),
    ],
    [
      "in a registry credential",
      `registryCredentials:\n  - name: a\n    username: b\n    authToken: ${canary}\n    wrong: 1\n`,
    ],
    [
      "under a key of settings",
      `settings: {secretKeys: [MY_*]}\n${service(`    envVars:\n      - key: MY_VALUE\n        value: ${canary}\n        wrong: 1\n`)}`,
    ],
    [
      "in a file that is not YAML",
      `services:\n  - envVars:\n    - key: A\n      value: ${canary}\n\t- broken\n`,
    ],
    ["in a file that is not YAML, after another key", `a:\n  password: ${canary}\n\t- broken\n`],
    ["in a block of a file that is not YAML", `a: |\n  ${canary}\n\t- broken: "\n`],
  ])("%s", (_, text) => {
    const { problems } = readText(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.some(({ frame }) => frame?.includes("****"))).toBe(true);
    expect(JSON.stringify(problems)).not.toContain(canary);
  });

  test.each([
    ["a token in a comment", "# key: sk_live_0123456789abcdef\nservcies: []\n", "sk_live"],
    [
      "a password in a URL in a command",
      service("    startCommand: run postgres://u:hunter22@h/d\n    wrong: 1\n"),
      "hunter22",
    ],
  ])("%s is masked by its form", (_, text, secret) => {
    expect(JSON.stringify(readText(text).problems)).not.toContain(secret);
  });

  test("public literals are shown", () => {
    const { problems } = readText(
      service("    envVars:\n      - key: NODE_ENV\n        value: production\n        wrong: 1\n"),
    );
    expect(problems[0]?.frame).toContain("value: production");
  });
});
