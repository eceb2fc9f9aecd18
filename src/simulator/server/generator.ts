import { makeAddress, type Address, type KindName } from "../../core/base/address.ts";
import {
  defaultLifecycle,
  defaultSettings,
  type Desired,
  type DesiredState,
  type Spec,
  type SpecValue,
} from "../../core/model/desired.ts";
import { literal, type Value } from "../../core/model/value.ts";
import { makeRandom, randomInteger, randomPick, type Random } from "../base/random.ts";

/** The service that is being generated. `number` counts from 0. All of a service follows from the seed and its number. */
type Draft = {
  readonly random: Random;
  readonly number: number;
  readonly name: string;
  readonly shape: string;
  readonly environment: Address;
};

const variablesEach = 12;
const servicesPerPostgres = 5;
const servicesPerKeyValue = 10;
const servicesPerGroup = 10;
const servicesPerEnvironment = 10;

/**
 * The types of services, in the shares that real accounts have: 70 % web, 10 % workers, 8 % cron jobs, 7 % static
 * sites, 5 % private services.
 */
const shapes = [
  { shape: "web", share: 0.7 },
  { shape: "worker", share: 0.1 },
  { shape: "cron", share: 0.08 },
  { shape: "static", share: 0.07 },
  { shape: "pserv", share: 0.05 },
];

const adjectives = ["amber", "brisk", "calm", "deep", "early", "fair", "grand", "honest"] as const;
const nouns = ["harbor", "ledger", "meadow", "orbit", "prism", "quarry", "river", "summit"] as const;

/**
 * Generates an account with so many services, as a file declares it. `--services` loads it, and a test can write the
 * file of it. The first services of a larger account are those of a smaller one with the same seed.
 */
export function generateState(options: { readonly services: number; readonly seed: number }): DesiredState {
  const { seed, services } = options;
  const count = (per: number): number[] =>
    Array.from({ length: Math.ceil(services / per) }, (_, index) => index);
  const resources = [
    ...count(servicesPerEnvironment).flatMap(generateProject),
    ...count(servicesPerPostgres).map(generatePostgres),
    ...count(servicesPerKeyValue).map(generateKeyValue),
    ...count(servicesPerGroup).map(generateGroup),
    ...count(1).flatMap((number) => generateService(number, seed)),
  ];
  return {
    resources,
    targets: [],
    settings: defaultSettings,
    moved: [],
    removed: [],
    notManaged: [],
    problems: [],
    files: [],
  };
}

function generateProject(number: number): Desired[] {
  const project = makeDesired("render/project", projectName(number), {});
  const environment = makeDesired("render/environment", `${projectName(number)}/production`, {
    permissions: { protection: number % 3 === 0 ? "enabled" : "disabled" },
  });
  return [project, environment];
}

function generatePostgres(number: number): Desired {
  const environment = environmentOf(number * servicesPerPostgres);
  const spec = { plan: "basic-256mb", postgresMajorVersion: "17", diskSizeGB: 15, ipAllowList: [] };
  return makeDesired("render/postgres", `database-${number}`, spec, environment);
}

function generateKeyValue(number: number): Desired {
  const environment = environmentOf(number * servicesPerKeyValue);
  const spec = { plan: "starter", maxmemoryPolicy: "allkeys-lru", ipAllowList: [] };
  return makeDesired("render/key-value", `cache-${number}`, spec, environment);
}

function generateGroup(number: number): Desired {
  const envVars = { LOG_FORMAT: literal("json"), TELEMETRY_SAMPLE: literal(String((number % 10) / 10)) };
  return makeDesired("render/env-group", `shared-${number}`, { envVars });
}

function generateService(number: number, seed: number): Desired[] {
  const random = makeRandom(seed * 1_000_003 + number);
  const shape = drawShape(random);
  const name = `${randomPick(random, adjectives)}-${randomPick(random, nouns)}-${number}`;
  const draft: Draft = { random, number, name, shape, environment: environmentOf(number) };
  const spec: Spec = {
    ...sourceOf(draft),
    ...settingsOf(draft),
    envVars: variablesOf(draft),
    ...(random.next() < 0.1 && { secretFiles: { "service.json": literal(`{"service":"${name}"}`) } }),
    ...(number % 4 === 0 && shape !== "static" && { groupLinks: { [groupAddress(number)]: true } }),
  };
  return [makeDesired("render/service", name, spec, draft.environment), ...partsOf(draft)];
}

/**
 * The disk and the domains of a service: a quarter of the workers and private services have a disk, a fifth of the
 * public ones a domain.
 */
function partsOf({ random, name, shape }: Draft): Desired[] {
  const drawn = random.next();
  const keepsData = (shape === "worker" || shape === "pserv") && drawn < 0.25;
  if (keepsData)
    return [makeDesired("render/disk", name, { name: "data", mountPath: "/var/data", sizeGB: 10 })];
  const named = (shape === "web" || shape === "static") && drawn < 0.2;
  return named ? [makeDesired("render/custom-domain", `${name}.example.com`, { service: name })] : [];
}

function sourceOf({ random, name, shape }: Draft): Spec {
  const type = shape === "static" ? "web" : shape;
  const repo = `https://github.com/acme/${name}`;
  if (shape === "static") {
    return {
      type,
      runtime: "static",
      repo,
      branch: "main",
      buildCommand: "npm run build",
      staticPublishPath: "dist",
    };
  }
  const drawn = random.next();
  if (drawn < 0.15)
    return { type, runtime: "image", image: { url: `ghcr.io/acme/${name}:1.${randomInteger(random, 20)}` } };
  if (drawn < 0.3) return { type, runtime: "docker", repo, branch: "main", dockerfilePath: "./Dockerfile" };
  const runtime = randomPick(random, ["node", "python", "go", "ruby"] as const);
  return { type, runtime, repo, branch: "main", buildCommand: "make build", startCommand: "make start" };
}

function settingsOf({ random, shape }: Draft): Spec {
  if (shape === "static") {
    return {
      headers: { "/* X-Frame-Options": literal("DENY") },
      routes: [{ type: "rewrite", source: "/*", destination: "/index.html" }],
    };
  }
  const plan = randomPick(random, ["starter", "starter", "standard", "pro"] as const);
  const common = { plan, region: "oregon" };
  if (shape === "cron")
    return { ...common, schedule: `${randomInteger(random, 60)} ${randomInteger(random, 24)} * * *` };
  return { ...common, numInstances: 1, ...(shape === "web" && { healthCheckPath: "/healthz" }) };
}

/** The twelve variables of a service: two are taken from other resources, one is generated, the others are literals. */
function variablesOf({ random, number, shape }: Draft): { readonly [key: string]: Value } {
  const database = makeAddress("render/postgres", `database-${Math.floor(number / servicesPerPostgres)}`);
  const cache = makeAddress("render/key-value", `cache-${Math.floor(number / servicesPerKeyValue)}`);
  const references: { [key: string]: Value } =
    shape === "static"
      ? {}
      : {
          DATABASE_URL: { from: "output", of: database, output: "connectionString" },
          REDIS_URL: { from: "output", of: cache, output: "connectionString" },
          SESSION_KEY: { from: "generated" },
        };
  const missing = variablesEach - Object.keys(references).length;
  const literals = Array.from({ length: missing }, (_, index): [string, Value] => [
    `SETTING_${index}`,
    literal(String(randomInteger(random, 100_000))),
  ]);
  return { ...references, ...Object.fromEntries(literals) };
}

function drawShape(random: Random): string {
  let rest = random.next();
  for (const { shape, share } of shapes) {
    if (rest < share) return shape;
    rest -= share;
  }
  return "web";
}

function projectName(number: number): string {
  return `project-${number}`;
}

function groupAddress(number: number): Address {
  return makeAddress("render/env-group", `shared-${Math.floor(number / servicesPerGroup)}`);
}

function environmentOf(service: number): Address {
  const project = projectName(Math.floor(service / servicesPerEnvironment));
  return makeAddress("render/environment", `${project}/production`);
}

function makeDesired(kind: KindName, name: string, spec: Spec, environment?: Address): Desired {
  return {
    address: makeAddress(kind, name),
    kind,
    name,
    spec,
    lifecycle: defaultLifecycle,
    ...(environment && { environment }),
    where: { file: "generated", line: 1, column: 1 },
    places: new Map(),
    needs: needsOf(kind, name, spec),
  };
}

function needsOf(kind: KindName, name: string, spec: Spec): Address[] {
  const values = Object.values((spec["envVars"] ?? {}) as { readonly [key: string]: SpecValue & Value });
  const outputs = values.flatMap((value) => (value.from === "output" ? [value.of] : []));
  const groups = Object.keys(
    (spec["groupLinks"] ?? {}) as { readonly [group: Address]: unknown },
  ) as Address[];
  return [
    ...outputs,
    ...groups,
    ...(kind === "render/disk" ? [makeAddress("render/service", name)] : []),
    ...(typeof spec["service"] === "string" ? [makeAddress("render/service", spec["service"])] : []),
  ].sort();
}
