import fc from "fast-check";
import { stringify } from "yaml";
import type { Json, JsonObject } from "../../src/core/base/json.ts";
import { arbitraryNames, type Names, type ServiceName } from "./arbitrary-names.ts";
import {
  groupEntries,
  groupTokens,
  manyEntries,
  plainEntries,
  referenceEntries,
  type Entry,
  type GroupEntries,
  type Plain,
} from "./arbitrary-variables.ts";

type Block = JsonObject;
type Blocks = fc.Arbitrary<Block>;

/** A whole trueup file as text. */
export const arbitraryFile: fc.Arbitrary<string> = arbitraryNames.chain(fileOf);

/** Two files about the same names: what becomes of the first one when the second is applied. */
export const arbitraryFiles: fc.Arbitrary<readonly [string, string]> = fc.tuple(arbitraryFile, arbitraryFile);

function fileOf(names: Names): fc.Arbitrary<string> {
  const plain = fc.tuple(...names.services.map(() => plainEntries));
  const groups = fc.tuple(
    ...names.groups.map(() => fc.tuple(groupEntries, groupTokens(names)).map((lists) => lists.flat())),
  );
  return fc.tuple(plain, groups).chain(([ofServices, ofGroups]) => {
    const own: Plain = Object.fromEntries(
      names.services.map(({ name }, index) => [name, ofServices[index] ?? []]),
    );
    const shared: GroupEntries = Object.fromEntries(
      names.groups.map((name, index) => [name, ofGroups[index] ?? []]),
    );
    return fc
      .record({
        services: fc.tuple(...names.services.map((service) => serviceBlock(service, names, own))),
        keyValues: fc.tuple(...names.keyValues.map(keyValueBlock)),
        databases: fc.tuple(...names.databases.map(databaseBlock)),
        tokens: fc.tuple(...names.tokens.map(tokenBlock)),
        webhooks: fc.tuple(...names.hooks.map(hookBlock)),
      })
      .map(({ services, keyValues, databases, tokens, webhooks }) =>
        stringify({
          rendercad: { tokens: tokens.filter((token) => isTaken(token, [services, shared])), webhooks },
          services: [...services, ...keyValues],
          ...(databases.length > 0 && { databases }),
          ...(names.groups.length > 0 && {
            envVarGroups: names.groups.map((name) => ({ name, envVars: shared[name] })),
          }),
        }),
      );
  });
}

const tokenBlock = (name: string): Blocks =>
  some({ scope: fc.constantFrom("read-only", "render-only", "full-access") }).map((block) => ({
    name,
    ...block,
  }));

const hookBlock = (name: string): Blocks =>
  fc
    .record({
      url: fc.constantFrom("https://hooks.acme.test/one", "https://hooks.acme.test/two"),
      events: fc.subarray(["render.completed", "render.failed", "credits.exhausted"], { minLength: 1 }),
    })
    .map((block) => ({ name, ...block }));

/** A token that nothing takes is a refusal: its value would go nowhere. */
function isTaken(token: Block, blocks: readonly unknown[]): boolean {
  return JSON.stringify(blocks).includes(
    JSON.stringify({ fromRendercadToken: { name: token["name"] } }).slice(1, -1),
  );
}

/** Any of the fields, each there or not: absent is not ours. */
function some(fields: { readonly [field: string]: fc.Arbitrary<unknown> }): Blocks {
  return fc.record(fields, { requiredKeys: [] }) as Blocks;
}

function serviceBlock({ name, shape }: ServiceName, names: Names, plain: Plain): Blocks {
  const own = plain[name] ?? [];
  const links = fc
    .subarray([...names.groups])
    .map((groups) => groups.map((fromGroup): Entry => ({ fromGroup })));
  const entries = fc.tuple(links, referenceEntries(names, plain)).map((lists) => [...own, ...lists.flat()]);
  const envVars = fc.oneof(
    { weight: 18, arbitrary: entries },
    { weight: 1, arbitrary: manyEntries.map((many): readonly Entry[] => [...own, ...many]) },
    // Variables of others may be referred to, so only a service without any can have a null list.
    { weight: 1, arbitrary: own.length === 0 ? fc.constant(null) : entries },
  );
  return fc
    .tuple(shape === "static" ? siteBlock(names) : shapeBlock(shape), envVars, some(commonFields))
    .map(([block, variables, common]) => ({ name, ...block, ...common, envVars: variables }));
}

const fileName = fc.constantFrom("app.conf", "key.pem", "service.json");
const secretFiles = fc
  .uniqueArray(fc.record({ name: fileName, value: fc.string({ unit: "grapheme", maxLength: 20 }) }), {
    selector: ({ name }) => name,
  })
  .map((files) => (files.length === 0 ? null : files));

const commonFields = {
  secretFiles,
  autoDeploy: fc.boolean(),
  suspended: fc.boolean(),
};

/** Always with a repository: what stands for an absent one is no matter of the file alone. */
const gitBlock: Blocks = fc
  .tuple(
    fc.constantFrom("https://github.com/acme/one", "https://github.com/acme/two"),
    some({
      branch: fc.constantFrom("main", "release/1"),
      rootDir: fc.constantFrom("", "apps/one"),
      buildFilter: fc.constantFrom(
        { paths: ["src/**"] },
        { ignoredPaths: ["docs/**"] },
        { paths: [], ignoredPaths: [] },
      ),
    }),
  )
  .map(([repo, block]) => ({ repo, ...block }));

const plan = fc.constantFrom("starter", "Standard", "pro plus", "1c-2g");
const serverFields = {
  plan,
  region: fc.constantFrom("oregon", "frankfurt"),
  preDeployCommand: fc.constantFrom("", "npm run migrate"),
  maxShutdownDelaySeconds: fc.integer({ min: 1, max: 300 }),
  numInstances: fc.integer({ min: 1, max: 3 }),
  scaling: fc.record({
    minInstances: fc.constant(1),
    maxInstances: fc.integer({ min: 1, max: 4 }),
    targetCPUPercent: fc.integer({ min: 1, max: 90 }),
  }),
};

const allowList = fc.subarray([
  { source: "203.0.113.0/24", description: "office" },
  { source: "198.51.100.7/32" },
  { source: "0.0.0.0/0", description: "everywhere" },
]);

const publicFields = {
  healthCheckPath: fc.constantFrom("", "/health"),
  maintenanceMode: fc.constantFrom({ enabled: false }, { enabled: true, uri: "https://status.acme.test" }),
  ipAllowList: allowList,
  previews: fc.constantFrom({ generation: "off" }, { generation: "manual" }, { generation: "automatic" }),
};

function shapeBlock(shape: ServiceName["shape"]): Blocks {
  switch (shape) {
    case "web":
      return merged([sourceBlock("web"), some(serverFields), some(publicFields)]);
    case "pserv":
    case "worker":
      return merged([sourceBlock(shape), some(serverFields)]);
    case "cron":
      return merged([
        sourceBlock("cron"),
        fc.record({ schedule: fc.constantFrom("0 3 * * *", "*/5 1-4 * * mon") }),
        some({ plan }),
      ]);
    case "static":
      return staticBlock;
    default:
      return shape satisfies never;
  }
}

/** Native with `runtime` or the older `env`, built by Docker, or an image. */
function sourceBlock(type: string): Blocks {
  const commands = fc.record({
    buildCommand: fc.constantFrom("", "make"),
    startCommand: fc.constantFrom("./run", "npm start"),
  });
  const runtime = fc.constantFrom("node", "python", "go", "ruby", "rust", "elixir");
  const native = merged([fc.oneof(fc.record({ runtime }), fc.record({ env: runtime })), commands, gitBlock]);
  const docker = merged([
    fc.constant({ runtime: "docker" }),
    some({
      dockerCommand: fc.constant("./serve --all"),
      dockerfilePath: fc.constant("./docker/Dockerfile"),
      dockerContext: fc.constant("./docker"),
    }),
    gitBlock,
  ]);
  const image = merged([
    fc.record({
      runtime: fc.constant("image"),
      image: fc.record({ url: fc.constantFrom("nginx", "ghcr.io/acme/app:1.2") }),
    }),
    some({ dockerCommand: fc.constant("nginx -g off") }),
  ]);
  return fc.oneof(native, docker, image).map((block) => ({ type, ...block }));
}

const header = fc.record({
  path: fc.constantFrom("/*", "/assets/*"),
  name: fc.constantFrom("X-Frame-Options", "Cache-Control"),
  value: fc.constantFrom("DENY", "public, max-age=60"),
});
const route = fc.record({
  type: fc.constantFrom("redirect", "rewrite"),
  source: fc.constantFrom("/*", "/old", "/docs/*"),
  destination: fc.constantFrom("/index.html", "https://docs.acme.test"),
});

/** A site some of whose routes and headers lead to public services of the file, itself and circles included. */
function siteBlock({ services }: Names): Blocks {
  const addresses = services
    .filter(({ shape }) => shape === "web" || shape === "static")
    .map(({ name }) => ({ fromService: { type: "web", name, envVarKey: "RENDER_EXTERNAL_URL" } }));
  const route = fc.constantFrom(...addresses.flatMap((one) => [one, { ...one, path: "/*" }]));
  return fc
    .tuple(staticBlock, fc.option(route, { freq: 2 }), fc.option(fc.constantFrom(...addresses)))
    .map(([block, destination, value]) => ({
      ...block,
      ...withMember(block, "routes", { destination }),
      ...withMember(block, "headers", { value }),
    }));
}

/** The first item of a list of the block with other members; `null` is none. */
function withMember(block: Block, list: string, members: { readonly [member: string]: Json }): Block {
  const [first, ...others] = (block[list] ?? []) as readonly Block[];
  return first && !Object.values(members).includes(null)
    ? { [list]: [{ ...first, ...members }, ...others] }
    : {};
}
const headers = fc.uniqueArray(header, { selector: ({ path, name }) => `${path} ${name}` });
const routes = fc.uniqueArray(route, { selector: ({ type, source }) => `${type} ${source}` });
/** A null list declares nothing. */
const staticBlock: Blocks = merged([
  fc.constant({ type: "web", runtime: "static", staticPublishPath: "dist" }),
  some({ buildCommand: fc.constant("make site"), headers: fc.option(headers), routes: fc.option(routes) }),
  gitBlock,
]);

function keyValueBlock(name: string): Blocks {
  const fields = some({
    plan: fc.constantFrom("starter", "Pro_plus"),
    maxmemoryPolicy: fc.constantFrom("allkeys-lru", "noeviction", "volatile_ttl"),
    region: fc.constantFrom("oregon", "ohio"),
  });
  return fc
    .tuple(fc.constantFrom("keyvalue", "redis"), fields, allowList)
    .map(([type, block, ipAllowList]) => ({ type, name, ...block, ipAllowList }));
}

function databaseBlock(name: string): Blocks {
  return some({
    plan: fc.constantFrom("basic-256mb", "Basic_1GB", "pro-4gb"),
    postgresMajorVersion: fc.constantFrom("16", "18"),
    databaseName: fc.constantFrom("app", "my-app"),
    user: fc.constant("app_user"),
    region: fc.constantFrom("oregon", "ohio"),
    // One size, and what a database of these plans has at most without one: a disk never shrinks.
    diskSizeGB: fc.constant(100),
    storageAutoscalingEnabled: fc.boolean(),
    connectionPool: fc.constantFrom("none", "pgbouncer"),
    ipAllowList: allowList,
    readReplicas: fc.subarray([{ name: `${name} replica` }, { name: `${name} second replica` }]),
    parameterOverrides: fc.constantFrom({}, { work_mem: "8MB" }),
    suspended: fc.constant(false),
  }).map((block) => ({ name, ...block }));
}

function merged(parts: readonly Blocks[]): Blocks {
  return fc.tuple(...parts).map((blocks) => Object.assign({}, ...blocks) as Block);
}
