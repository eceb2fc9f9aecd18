import type { Source } from "../src/file/base/source.ts";

const megabyte = 1_000_000;

/** What is validated: files, and overlays over the first. */
export type BenchCase = { readonly files: readonly string[]; readonly overlays?: readonly string[] };

/** Texts by name: of the kind that real files hold most, and made to hurt. */
export const benchCases: { readonly [name: string]: () => BenchCase } = {
  "1 MB of services": () => one(describeServices(megabyte)),
  "5 MB of services": () => one(describeServices(5 * megabyte)),
  "1 MB of services, CRLF": () => one(describeServices(megabyte).replaceAll("\n", "\r\n")),
  "1 MB in 50 files": () => ({
    files: Array.from({ length: 50 }, (_, file) => describeServices(megabyte / 50, `file-${file}`)),
  }),
  "1 MB overlay, merge": () => ({ files: [describeServices(1_000)], overlays: [describeServices(megabyte)] }),
  "1 MB overlay, patch": () => ({
    files: ["services: []"],
    overlays: [
      repeat(
        (index) => `- {op: add, path: /services/-, value: {type: web, name: a${index}, runtime: docker}}\n`,
      ),
    ],
  }),
  "1 MB overlay, moves": () => ({
    files: [`a: {x: {b: 1}}\n${describeServices(megabyte / 2)}`],
    overlays: [repeat((index) => `- {op: move, from: /a/${"xy"[index % 2]}, path: /a/${"yx"[index % 2]}}\n`)],
  }),
  "1 MB overlay, copies": () => ({
    files: ["a: {b: 1}"],
    overlays: [repeat((index) => `- {op: copy, from: /a, path: /a/x${index}}\n`)],
  }),
  "1 MB overlay, tests": () => ({
    files: [describeServices(megabyte / 2)],
    overlays: [repeat(() => `- {op: test, path: /services/0/type, value: web}\n`)],
  }),
  "1 MB project tree": () => one(describeProjects()),
  "1 MB of databases": () =>
    one(
      `databases:\n${repeat((index) => `  - name: d${index}\n    plan: pro-4gb\n    region: frankfurt\n`)}`,
    ),
  "1 MB of groups": () =>
    one(
      `envVarGroups:\n${repeat((index) => `  - name: g${index}\n    envVars:\n      - key: RATE\n        value: 3.10\n`)}`,
    ),
  "1 MB of secrets": () => one(inService("      - key: TOKEN\n        value: abcdef\n")),
  "1 MB of warnings": () => one(inService("      - {key: A, value: true}\n")),
  "1 MB of targets": () =>
    one(inService((index) => `      - {key: K${index}, fromDatabase: {name: d${index}, property: host}}\n`)),
  "1 MB of references": () => {
    const databases = repeat((index) => `  - {name: d${index}, plan: pro-4gb}\n`, megabyte / 3);
    const references = inService(
      (index) => `      - {key: K${index}, fromDatabase: {name: d${index}, property: host}}\n`,
      (2 * megabyte) / 3,
    );
    return one(`databases:\n${databases}${references}`);
  },
  "1 MB of wrong references": () =>
    one(
      inService(
        (index) => `      - {key: K${index}, fromService: {name: a, type: web, envVarKey: M${index}}}\n`,
      ),
    ),
  "1 MB of equal names": () =>
    one(`services:\n${repeat(() => "  - {type: web, name: a, runtime: docker}\n")}`),
  "1 MB of wrong types": () => one(`services:\n${repeat((index) => `  - {type: wbe, name: a${index}}\n`)}`),
  "1 MB of wrong values": () =>
    one(
      `services:\n  - type: web\n    name: a\n    runtime: static\n    routes:\n${repeat((index) => `      - {type: rewrit, source: /${index}, destination: 1}\n`)}`,
    ),
  "1 MB of unknown keys": () => one(repeat((index) => `k${index}: v\n`)),
  "5 MB of unknown keys": () => one(repeat((index) => `${index.toString(36)}:\n`, 5 * megabyte)),
  "1 MB of keys in a block": () =>
    one(
      `services:\n  - type: web\n    name: a\n    runtime: docker\n${repeat((index) => `    k${index}: v\n`)}`,
    ),
  "1 MB of keys in a field": () =>
    one(
      `services:\n  - type: web\n    name: a\n    runtime: docker\n    scaling:\n${repeat((index) => `      k${index}: v\n`)}`,
    ),
  "1 MB of duplicate keys": () => one(repeat(() => "a:\n")),
  "1 MB of comments": () => one(`services: []\n${repeat(() => "#\n")}`),
  "1 MB of empty lines": () => one(`services: []\n${repeat(() => "\n")}`),
  "1 MB of flow maps": () => one(`services: [${repeat((index) => `{a${index}: 1}, `)}]`),
  "1 MB of scalars": () => one(`services:\n${repeat(() => "- x\n")}`),
  "5 MB of flow scalars": () => one(`services: [${repeat(() => "x,", 5 * megabyte)}]`),
  "1 MB of nesting": () => one(repeat((index) => `k${index}:\n${nest(60)}`)),
  "1 MB of aliases": () => one(`a: &a 1\nservices:\n${repeat(() => "- *a\n", megabyte / 3)}`),
  "1 MB of anchors": () => one(`services:\n${repeat((index) => `- &a${index} x\n`)}`),
  "1 MB of merge keys": () =>
    one(
      `a: &a {type: web, runtime: docker}\nservices:\n${repeat((index) => `- {<<: *a, name: a${index}}\n`)}`,
    ),
  "a bomb of aliases": () => one(`a: &a {k: v}\nservices: [${repeat(() => "*a, ")}]`),
  "1 MB of literal blocks": () =>
    one(inService((index) => `      - key: K${index}\n        value: |\n          a\n          b\n`)),
  "1 MB of long texts": () =>
    one(inService((index) => `      - {key: K${index}, value: "${"é\\n".repeat(50)}"}\n`)),
  "5 MB in one text": () => one(`services: "${"a".repeat(5 * megabyte)}"`),
  "5 MB in one escaped text": () => one(`services: "${"\\u00e9".repeat((5 * megabyte) / 6)}"`),
  "1 MB and a syntax error": () => one(`${describeServices(megabyte)}\n]`),
  "256 kB of scalars, not closed": () => one(`services: [${repeat(() => "x,", megabyte / 4)}`),
  "256 kB of tags": () => one(`services: [${repeat(() => "!a x,", megabyte / 4)}]`),
  "1 MB of tags": () => one(`services: [${repeat(() => "!a x,")}]`),
  "open brackets": () => one(`services: ${"[".repeat(100_000)}`),
  "1 MB of brackets": () => one(`services: ${repeat(() => `${"[".repeat(199)}x`)}`),
};

/** As the reader takes them. */
export function sourcesOf(texts: readonly string[], kind: string): readonly Source[] {
  return texts.map((text, index) => ({ name: `${kind}-${index}.yaml`, text }));
}

/** Fifteen lines a service, of the kind that real files hold most. */
export function describeServices(length: number, prefix = "service"): string {
  return `services:\n${repeat(
    (index) => `  - type: web
    name: ${prefix}-${index}
    runtime: node
    plan: starter
    region: frankfurt
    buildCommand: npm ci
    startCommand: npm start
    healthCheckPath: /healthz
    envVars:
      - key: NODE_ENV
        value: production
      - key: SESSION_SECRET
        generateValue: true
      - key: STRIPE_KEY
        sync: false
`,
    length,
  )}`;
}

function describeProjects(): string {
  const block = (index: number): string => `  - name: project-${index}
    environments:
      - name: production
        services:
          - {type: web, name: web, runtime: docker, plan: starter}
        databases:
          - {name: main, plan: pro-4gb}
      - name: staging
        services:
          - {type: web, name: web, runtime: docker, plan: starter}
`;
  return `projects:\n${repeat(block)}`;
}

/** Entries of the environment of one service. */
function inService(entry: string | ((index: number) => string), length = megabyte): string {
  const makeEntry = typeof entry === "string" ? () => entry : entry;
  return `services:\n  - type: web\n    name: a\n    runtime: docker\n    envVars:\n${repeat(makeEntry, length)}`;
}

function nest(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${" ".repeat(level + 1)}a:\n`).join("");
}

function repeat(makeText: (index: number) => string, length = megabyte): string {
  const texts: string[] = [];
  for (let done = 0; done < length; done += texts.at(-1)?.length ?? 1) texts.push(makeText(texts.length));
  return texts.join("");
}

function one(text: string): BenchCase {
  return { files: [text] };
}
