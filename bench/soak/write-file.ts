import type { Block, Entries, Entry, ServiceBlock } from "./model.ts";

/** A block of the model as the file has it. JSON is YAML, so nothing has to be quoted by hand. */
type Written = { readonly [key: string]: unknown };

/** The text of one file. */
export function writeFileText(blocks: readonly Block[]): string {
  const of = (what: Block["what"]): readonly Written[] =>
    blocks.filter((block) => block.what === what).map(writeBlock);
  const root = {
    services: [...of("service"), ...of("keyValue")],
    envVarGroups: of("group"),
    databases: of("database"),
    webhooks: of("webhook"),
    rendercad: { tokens: of("token"), webhooks: of("cadWebhook") },
  };
  return `${JSON.stringify(root, null, 1)}\n`;
}

function writeBlock(block: Block): Written {
  const lifecycle = block.renamedFrom === undefined ? {} : { lifecycle: { renamedFrom: block.renamedFrom } };
  const { name } = block;
  switch (block.what) {
    case "service":
      return { ...writeService(block), ...lifecycle };
    case "group":
      return { name, envVars: writeEntries(block.env), ...lifecycle };
    case "database":
      return { name, plan: block.plan, region: block.region, postgresMajorVersion: "18", ...lifecycle };
    case "keyValue":
      return {
        type: "keyvalue",
        name,
        plan: block.plan,
        region: block.region,
        ipAllowList: [],
        ...lifecycle,
      };
    case "webhook":
    case "cadWebhook":
      return { name, url: block.url, events: block.events, ...lifecycle };
    case "token":
      return { name, scope: block.scope, ...lifecycle };
    default:
      return block satisfies never;
  }
}

function writeService(block: ServiceBlock): Written {
  const { type, name, plan, region, command } = block;
  const envVars = [...writeEntries(block.env), ...block.groups.map((group) => ({ fromGroup: group }))];
  const common = { name, envVars, ...(block.domains.length > 0 && { domains: block.domains }) };
  if (type === "static")
    return { type: "web", runtime: "static", staticPublishPath: "./dist", buildCommand: command, ...common };
  return {
    type,
    runtime: "image",
    image: { url: "nginx" },
    dockerCommand: command,
    plan,
    region,
    ...common,
    ...(type === "cron" && { schedule: "0 3 * * *" }),
    ...(block.diskGB !== undefined && {
      disk: { name: "data", mountPath: "/var/data", sizeGB: block.diskGB },
    }),
  };
}

function writeEntries(entries: Entries): readonly Written[] {
  return Object.entries(entries).map(([key, entry]) => ({ key, ...writeEntry(entry) }));
}

function writeEntry(entry: Entry): Written {
  switch (entry.form) {
    case "literal":
      return { value: entry.value };
    case "generated":
      return { generateValue: true };
    case "asked":
      return { sync: false };
    case "environment":
      return { fromEnvironment: entry.variable };
    case "database":
      return { fromDatabase: { name: entry.of, property: "connectionString" } };
    case "keyValue":
      return { fromService: { type: "keyvalue", name: entry.of, property: "connectionString" } };
    case "host":
      return { fromService: { type: "pserv", name: entry.of, property: "host" } };
    case "token":
      return { fromRendercadToken: { name: entry.of } };
    case "cadSecret":
      return { fromRendercadWebhook: { name: entry.of, property: "secret" } };
    case "signingSecret":
      return { fromWebhook: { name: entry.of, property: "signingSecret" } };
    default:
      return entry satisfies never;
  }
}
