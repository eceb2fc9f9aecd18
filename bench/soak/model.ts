/**
 * What the soak's files declare, as plain data: the generator edits it, `write-file.ts` writes it down as YAML, and the judge
 * holds the account's rows against it. It knows nothing of how the program reads a file; that is the point.
 *
 * Example: `{ what: "database", name: "o-database-1", plan: "basic-256mb", region: "oregon" }`.
 */
export type Entry =
  | { readonly form: "literal"; readonly value: string }
  | { readonly form: "generated" }
  /** `sync: false`. */
  | { readonly form: "asked" }
  | { readonly form: "environment"; readonly variable: string }
  /** A connection string, a host, a token, a secret: of the block with that name. */
  | {
      readonly form: "database" | "keyValue" | "host" | "token" | "cadSecret" | "signingSecret";
      readonly of: string;
    };

export type Entries = { readonly [key: string]: Entry };

type Named = { readonly name: string; readonly renamedFrom?: string };

export const serviceTypes = ["web", "pserv", "worker", "cron", "static"] as const;
export type ServiceBlock = Named & {
  readonly what: "service";
  readonly type: (typeof serviceTypes)[number];
  readonly plan: string;
  readonly region: string;
  /** Two services of one image and command are alike. */
  readonly command: string;
  readonly env: Entries;
  readonly groups: readonly string[];
  readonly domains: readonly string[];
  readonly diskGB?: number;
};
/** What the account calls them. */
export const typeNames: { readonly [type in ServiceBlock["type"]]: string } = {
  web: "web_service",
  pserv: "private_service",
  worker: "background_worker",
  cron: "cron_job",
  static: "static_site",
};
type GroupBlock = Named & { readonly what: "group"; readonly env: Entries };
type DatabaseBlock = Named & {
  readonly what: "database";
  readonly plan: string;
  readonly region: string;
};
type KeyValueBlock = Named & {
  readonly what: "keyValue";
  readonly plan: string;
  readonly region: string;
};
type WebhookBlock = Named & {
  readonly what: "webhook";
  readonly url: string;
  readonly events: readonly string[];
};
type TokenBlock = Named & { readonly what: "token"; readonly scope: string };
type CadWebhookBlock = Named & {
  readonly what: "cadWebhook";
  readonly url: string;
  readonly events: readonly string[];
};

export type Block =
  | ServiceBlock
  | GroupBlock
  | DatabaseBlock
  | KeyValueBlock
  | WebhookBlock
  | TokenBlock
  | CadWebhookBlock;
export type What = Block["what"];

/** By name of the file. */
export type Files = { readonly [file: string]: readonly Block[] };

export const fileNames = ["a.yaml", "b.yaml"] as const;

export function blocksOf(files: Files): readonly Block[] {
  return Object.values(files).flat();
}

/** Entries of every block that has some. */
export function entriesOf(block: Block): Entries {
  return block.what === "service" || block.what === "group" ? block.env : {};
}

/** Blocks that an entry or a link of this one names. */
export function referencesOf(block: Block): readonly string[] {
  const named = Object.values(entriesOf(block)).flatMap((entry) => ("of" in entry ? [entry.of] : []));
  return block.what === "service" ? [...named, ...block.groups] : named;
}

const kinds: { readonly [what in What]: string } = {
  service: "render/service",
  group: "render/env-group",
  database: "render/postgres",
  keyValue: "render/key-value",
  webhook: "render/webhook",
  token: "rendercad/token",
  cadWebhook: "rendercad/webhook",
};

/** As people write it in a flag. */
export function addressOf({ what, name }: Pick<Block, "what" | "name">): string {
  return `${kinds[what]}/${name}`;
}
