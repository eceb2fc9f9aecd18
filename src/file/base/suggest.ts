import { closest } from "../../core/base/text.ts";

/**
 * Keys that people invented, with the key that they meant, collected from real files that Render refuses. `where` is
 * the place of the key: a shape, a reference form, `envVar` or `root`; `any` is tried last.
 */
const inventions: { readonly [where: string]: { readonly [invented: string]: string } } = {
  root: {
    redis: "Key Value instances stand in `services` with `type: keyvalue`.",
    redises: "Key Value instances stand in `services` with `type: keyvalue`.",
    keyValueStores: "Key Value instances stand in `services` with `type: keyvalue`.",
    keyvalue: "Key Value instances stand in `services` with `type: keyvalue`.",
    crons: "Cron jobs stand in `services` with `type: cron`.",
    cronJobs: "Cron jobs stand in `services` with `type: cron`.",
    workers: "Workers stand in `services` with `type: worker`.",
    region: "The region is said for each service and database.",
    envVars: "Variables belong to a service or to an entry of `envVarGroups`.",
    envGroups: "Did you mean `envVarGroups`?",
    environments: "Environments stand in an entry of `projects`.",
    database: "Did you mean `databases`?",
    service: "Did you mean `services`?",
    disks: "A disk is said in the service that has it: `disk: {name, mountPath, sizeGB}`.",
    domains: "Domains are said in the service that has them.",
  },
  project: {
    services:
      "Services stand in an environment of the project: `environments: [{name: ..., services: [...]}]`.",
    databases:
      "Databases stand in an environment of the project: `environments: [{name: ..., databases: [...]}]`.",
    envVarGroups: "Groups stand in an environment of the project, or at the root.",
  },
  envVar: {
    name: "Did you mean `key`?",
    val: "Did you mean `value`?",
    secret: "A secret that somebody types in is `sync: false`.",
    fromSecret: "A secret that somebody types in is `sync: false`.",
    fromRedis: "Use `fromService` with `type: keyvalue` and `property: connectionString`.",
    fromKeyValue: "Use `fromService` with `type: keyvalue` and `property: connectionString`.",
    fromEnv: "Did you mean `fromEnvironment`?",
    fromEnvVar: "Use `fromService` with `envVarKey`, or `fromEnvironment`.",
    fromEnvVarGroup: "Link the group with an entry of its own: `- fromGroup: NAME`.",
    fromGroup: "A group is linked by an entry of its own, without a key: `- fromGroup: NAME`.",
    generate: "Did you mean `generateValue`?",
    scope: "Remove it: variables have no scope.",
  },
  any: {
    filter: "Did you mean `buildFilter`?",
    nodeVersion: "Set the variable NODE_VERSION in `envVars`, or `engines.node` in package.json.",
    pythonVersion: "Set the variable PYTHON_VERSION in `envVars`.",
    root: "Did you mean `rootDir`?",
    rootDirectory: "Did you mean `rootDir`?",
    command: "Did you mean `startCommand` (or `dockerCommand` for images and Docker)?",
    start: "Did you mean `startCommand`?",
    build: "Did you mean `buildCommand`?",
    port: "Set the variable PORT in `envVars`; Render finds the port that the service opens.",
    ports: "Set the variable PORT in `envVars`; Render finds the ports that the service opens.",
    dependsOn: "Remove it: references between resources give the order.",
    healthCheckInterval: "Remove it: only `healthCheckPath` can be set.",
    healthCheckTimeout: "Remove it: only `healthCheckPath` can be set.",
    healthCheck: "Did you mean `healthCheckPath`?",
    dockerfile: "Did you mean `dockerfilePath`?",
    docker: "Use `dockerfilePath`, `dockerContext` and `dockerCommand`.",
    publishPath: "Did you mean `staticPublishPath`?",
    publishDir: "Did you mean `staticPublishPath`?",
    databases: "Databases stand at the root, in an environment or under `ungrouped`, not in a service.",
    instances: "Did you mean `numInstances`?",
    autoscaling: "Did you mean `scaling`?",
    env: "A list of variables is called `envVars`.",
    environment:
      "Did you mean `envVars`? An environment is an entry of a project, and the service stands in it.",
    envVariables: "Did you mean `envVars`?",
    version: "Did you mean `postgresMajorVersion`?",
    postgresVersion: "Did you mean `postgresMajorVersion`?",
    instanceType: "Did you mean `plan`?",
    userName: "Did you mean `user`?",
    username: "Did you mean `user`?",
    dbName: "Did you mean `databaseName`?",
    url: "An image is said as `image: {url: ...}`.",
    creds: "Credentials of an image are said as `image: {url: ..., creds: ...}`.",
    secretFile: "Did you mean `secretFiles`?",
    volumes: "Did you mean `disk`?",
    disks: "Did you mean `disk`? A service has one.",
    customDomains: "Did you mean `domains`?",
    secrets: "A secret is a variable with `sync: false`.",
    cidrBlock: "Did you mean `source`?",
    cidr: "Did you mean `source`?",
    content: "Did you mean `value`?",
    maxMemoryPolicy: "Did you mean `maxmemoryPolicy`?",
  },
};

/** A sentence that says which key an unknown one was probably meant to be; `undefined` when no key comes close. */
export function suggestKey(unknown: string, known: readonly string[], where: string): string | undefined {
  const invention = own(inventions[where], unknown) ?? own(inventions["any"], unknown);
  const named = invention === undefined ? undefined : /^Did you mean `(\w+)`/.exec(invention)?.[1];
  if (invention !== undefined && (named === undefined || known.includes(named))) return invention;
  const guess = closest(unknown, known);
  return guess === undefined ? undefined : `Did you mean \`${guess}\`?`;
}

function own(table: { readonly [word: string]: string } | undefined, word: string): string | undefined {
  return table && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** How other clouds begin the names of regions, and which word of ours is nearest to them on the map. */
const regionsElsewhere: readonly (readonly [begins: RegExp, near: string])[] = [
  [/^us-?west|^westus|^(?:sfo|lax|sea)\d?$/u, "oregon"],
  [/^us-?east-?2|^us-?central|^(?:north|south)?centralus|^ord$/u, "ohio"],
  [/^us-?east|^eastus|^(?:iad|nyc)\d?$/u, "virginia"],
  [/^eu-|^europe|^(?:fra|lon|ams|cdg|par)\d?$|^(?:west|north)europe/u, "frankfurt"],
  [/^ap-|^asia|^australia|^(?:sin|sgp|syd|nrt)\d?$/u, "singapore"],
];

/** The region that somebody meant with the name of another cloud's: `frankfurt` for `eu-west-1`. */
export function suggestRegion(text: string, allowed: readonly string[]): string | undefined {
  const near = regionsElsewhere.find(([begins]) => begins.test(text.toLowerCase()))?.[1];
  return near !== undefined && allowed.includes(near) ? near : undefined;
}
