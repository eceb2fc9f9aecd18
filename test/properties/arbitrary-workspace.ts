import fc from "fast-check";
import { parse, stringify } from "yaml";
import type { JsonObject } from "../../src/core/base/json.ts";
import { arbitraryFile } from "./arbitrary-file.ts";

type Block = JsonObject;
type Blocks = fc.Arbitrary<Block>;
type Lists = { readonly [list in "services" | "databases" | "envVarGroups"]: readonly Block[] };
type File = Partial<Lists> & { readonly rendercad?: Block };

/** A trueup file with blocks of every kind: those of `arbitraryFile`, what stands in, around and beside them. */
export const arbitraryWorkspaceFile: fc.Arbitrary<string> = arbitraryFile.chain((text) =>
  workspaceOf(parse(text) as File, { atRoot: true }),
);

/**
 * Two files about the same names. Everything is in an environment or expressly in none: at the root the environment is not
 * ours, and one that the second file drops could not be deleted with what stayed in it.
 */
export const arbitraryWorkspaceFiles: fc.Arbitrary<readonly [string, string]> = fc.tuple(
  arbitraryFile.chain((text) => workspaceOf(parse(text) as File, { atRoot: false })),
  arbitraryFile.chain((text) => workspaceOf(parse(text) as File, { atRoot: false })),
);

/** What the blocks of one file can refer to. */
type Around = {
  readonly credentials: readonly Named[];
  readonly webhooks: readonly Named[];
  readonly projects: readonly Project[];
};
type Named = Block & { readonly name: string };
type Project = { readonly name: string; readonly environments: readonly Named[] };

function workspaceOf(file: File, { atRoot }: { readonly atRoot: boolean }): fc.Arbitrary<string> {
  const { services = [], databases = [], envVarGroups = [], rendercad = {} } = file;
  return around.chain((beside) => {
    const environments = beside.projects.flatMap(({ name, environments: of }) =>
      of.map((environment) => `${name}/${environment.name}`),
    );
    const place = fc.constantFrom(...(atRoot ? ["root"] : []), "ungrouped", ...environments);
    const placed = (blocks: readonly Blocks[]) => fc.tuple(...blocks.map((block) => fc.tuple(place, block)));
    return fc
      .record({
        services: placed(services.map((block, index) => serviceBlock(block, index, beside))),
        databases: placed(databases.map(databaseBlock)),
        envVarGroups: placed(envVarGroups.map((block) => fc.constant(block))),
        wide: workspaceWide(environments),
      })
      .map(({ wide, ...lists }) => stringify({ ...distribute(lists, beside), ...wide, rendercad }));
  });
}

type Placed = readonly (readonly [place: string, block: Block])[];

/** An environment's group is linked by what is in it, and the other links to it are left out. */
function linkInside(services: Placed, groups: Placed): Placed {
  const places = new Map<unknown, string>(groups.map(([place, { name }]) => [name, place]));
  const isAcross = (from: string, group: unknown): boolean => {
    const place = places.get(group);
    return place !== undefined && place.includes("/") && place !== from;
  };
  return services.map(([place, block]) => {
    const entries = block["envVars"] as readonly Block[] | undefined;
    const envVars = entries?.filter(({ fromGroup }) => !isAcross(place, fromGroup));
    return [place, envVars ? { ...block, envVars } : block];
  });
}

function distribute(all: { readonly [list in keyof Lists]: Placed }, beside: Around): Block {
  const lists = { ...all, services: linkInside(all.services, all.envVarGroups) };
  const at = (place: string): Block =>
    Object.fromEntries(
      Object.entries(lists)
        .map(
          ([list, blocks]) =>
            [list, blocks.filter(([where]) => where === place).map(([, block]) => block)] as const,
        )
        .filter(([, blocks]) => blocks.length > 0),
    );
  const projects = beside.projects.map(({ name, environments }) => ({
    name,
    environments: environments.map((environment) => ({
      ...environment,
      ...at(`${name}/${environment.name}`),
    })),
  }));
  return {
    ...at("root"),
    ungrouped: at("ungrouped"),
    projects,
    registryCredentials: beside.credentials,
    webhooks: beside.webhooks,
  };
}

function some(fields: { readonly [field: string]: fc.Arbitrary<unknown> }): Blocks {
  return fc.record(fields, { requiredKeys: [] }) as Blocks;
}

const allowList = fc.subarray([
  { source: "203.0.113.0/24", description: "office" },
  { source: "198.51.100.7/32" },
]);
const enabled = fc.constantFrom("enabled", "disabled");
const token = fc.constant({ fromEnvironment: "DEPLOY_TOKEN" });
const endpoint = fc.constantFrom("logs.acme.test:6514", "other.acme.test:6514");

const environmentFields = some({
  networking: fc.record({ isolation: enabled }),
  permissions: fc.record({ protection: enabled }),
  ipAllowList: allowList,
});

const project = (name: string): fc.Arbitrary<Project> =>
  fc
    .subarray(["production", "staging"], { minLength: 1 })
    .chain((names) =>
      fc.tuple(...names.map((own) => environmentFields.map((fields) => ({ name: own, ...fields })))),
    )
    .map((environments) => ({ name, environments }));

const credential = (name: string): fc.Arbitrary<Named> =>
  fc.record({
    name: fc.constant(name),
    registry: fc.constantFrom("GITHUB", "docker"),
    username: fc.constantFrom("acme", "bot"),
    authToken: token,
  });

const webhook = (name: string): fc.Arbitrary<Named> =>
  fc
    .tuple(
      fc.record({
        name: fc.constant(name),
        url: fc.constantFrom("https://one.acme.test", "https://two.acme.test/in"),
      }),
      some({
        enabled: fc.boolean(),
        events: fc.subarray(["deploy_ended", "server_failed", "deploy_started"]),
      }),
    )
    .map(([fields, more]) => ({ ...fields, ...more }));

function subset<T>(
  names: readonly string[],
  block: (name: string) => fc.Arbitrary<T>,
): fc.Arbitrary<readonly T[]> {
  return fc.subarray([...names]).chain((chosen) => fc.tuple(...chosen.map(block)));
}

const around: fc.Arbitrary<Around> = fc.record({
  credentials: subset(["ghcr", "Docker Hub"], credential),
  webhooks: subset(["deploys", "failures & more"], webhook),
  projects: subset(["shop", "Back office"], project),
});

function workspaceWide(environments: readonly string[]): Blocks {
  return some({
    notifications: some({
      email: fc.boolean(),
      send: fc.constantFrom("all", "failure", "none"),
      previews: fc.boolean(),
    }),
    logStream: fc
      .tuple(fc.record({ endpoint }), some({ preview: fc.constantFrom("send", "drop"), token }))
      .map(([first, more]) => ({ ...first, ...more })),
    metricsStream: fc.record({
      provider: fc.constantFrom("CUSTOM", "grafana"),
      url: fc.constantFrom("https://m.acme.test", "https://n.acme.test"),
      token,
    }),
    dedicatedIps: subset(["out", "for banks"], (name) =>
      fc.record(
        {
          name: fc.constant(name),
          region: fc.constantFrom("oregon", "frankfurt"),
          description: fc.constantFrom("", "a note"),
          environments: fc.subarray([...environments]),
        },
        { requiredKeys: ["name", "region"] },
      ),
    ),
  });
}

const logStream = fc.oneof(
  fc.constant({ setting: "drop" }),
  fc.record({ setting: fc.constant("send"), endpoint, token }, { requiredKeys: ["endpoint"] }),
);

const notifications = some({
  send: fc.constantFrom("default", "all", "failure", "none"),
  previews: fc.constantFrom("default", true, false),
});

function serviceBlock(block: Block, index: number, { credentials, webhooks }: Around): Blocks {
  if (block["type"] === "keyvalue" || block["type"] === "redis") return keyValueBlock(block);
  const isPublic = block["type"] === "web";
  const isStatic = block["runtime"] === "static";
  const isSingle = Number(block["numInstances"] ?? 1) === 1 && block["scaling"] === undefined;
  const hasDisk = !isStatic && block["type"] !== "cron" && isSingle;
  const fields = some({
    logStream,
    notifications,
    ...(hasDisk && { disk }),
    ...(isPublic && { domains: domainsOf(index), domainsExclusive: fc.boolean() }),
    ...(isPublic &&
      !isStatic && { cache: fc.record({ profile: fc.constantFrom("no-cache", "origin-controlled") }) }),
    ...(isStatic && { headersExclusive: fc.boolean(), routesExclusive: fc.boolean() }),
    envVarsExclusive: fc.boolean(),
  });
  const hooks = fc.subarray(
    webhooks.flatMap(({ name }) => ["signingSecret", "id"].map((property) => ({ name, property }))),
  );
  const login = fc.option(fc.constantFrom(...credentials.map(({ name }) => name), null));
  return fc.tuple(fields, hooks, login).map(([more, wanted, name]) => ({
    ...withLogin(block, name),
    ...more,
    // Left out, what an earlier file asked for would stay, and more than one instance has no disk.
    ...(more["disk"] !== undefined && { scaling: null, numInstances: 1 }),
    envVars: [
      ...((block["envVars"] ?? []) as readonly Block[]),
      ...wanted.map((fromWebhook, count) => ({ key: `HOOK_${count}`, fromWebhook })),
    ],
  }));
}

function withLogin(block: Block, name: string | null): Block {
  if (name === null) return block;
  const login = { fromRegistryCreds: { name } };
  if (block["runtime"] === "image")
    return { ...block, image: { ...(block["image"] as Block), creds: login } };
  return block["runtime"] === "docker" ? { ...block, registryCredential: login } : block;
}

/** One size: a disk never shrinks. */
const disk = fc.record(
  {
    name: fc.constantFrom("data", "files"),
    mountPath: fc.constantFrom("/data", "/var/lib/files"),
    sizeGB: fc.constant(10),
  },
  { requiredKeys: ["name", "mountPath"] },
);

/** A name of its own, and an apex with or without its `www`. */
function domainsOf(index: number): fc.Arbitrary<readonly string[]> {
  return fc.shuffledSubarray([`app${index}.acme.test`, `acme${index}.test`, `www.acme${index}.test`]);
}

function keyValueBlock(block: Block): Blocks {
  const isPaid = block["plan"] !== "free";
  return some({
    logStream,
    suspended: fc.boolean(),
    ...(isPaid && { persistenceMode: fc.constantFrom("off", "snapshot", "journal_snapshot") }),
  }).map((more) => ({ ...block, ...more }));
}

function databaseBlock(block: Block): Blocks {
  const isLarge = typeof block["plan"] === "string" && block["plan"].startsWith("pro-");
  return some({
    logStream,
    users: fc.subarray(["reporting", "etl"]),
    suspended: fc.boolean(),
    ...(isLarge && { highAvailability: fc.record({ enabled: fc.boolean() }) }),
  }).map((more) => ({ ...block, ...more }));
}
