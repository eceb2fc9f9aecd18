import type { Dice } from "./dice.ts";
import {
  blocksOf,
  serviceTypes,
  type Block,
  type Entry,
  type Files,
  type ServiceBlock,
  type What,
} from "./model.ts";

export const regions = ["oregon", "frankfurt", "ohio"] as const;
export const servicePlans = ["starter", "standard"] as const;
export const databasePlans = ["basic-256mb", "basic-1gb"] as const;
export const scopes = ["full-access", "render-only", "read-only"] as const;
export const deployEvents = ["deploy_ended", "deploy_started", "server_failed"] as const;
export const renderEvents = ["render.completed", "render.failed"] as const;
export const domainNames = ["one.acme.dev", "two.acme.dev", "three.acme.dev"] as const;
export const keys = ["K_1", "K_2", "K_3", "K_4", "K_5"] as const;
/** The program's environment has these. */
const sourceVariables = ["SOAK_SOURCE_1", "SOAK_SOURCE_2"] as const;

/** How many of each a file set may have: below every limit of the accounts. */
const most: { readonly [what in What]: number } = {
  service: 5,
  group: 2,
  database: 2,
  keyValue: 2,
  webhook: 2,
  token: 3,
  cadWebhook: 2,
};

/** Few names, so that what was dropped comes back under its old one. */
export function freeName(dice: Dice, files: Files, what: What): string | undefined {
  const taken = new Set(blocksOf(files).flatMap(({ name, renamedFrom }) => [name, renamedFrom]));
  const names = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `o-${what.toLowerCase()}-${number}`);
  const free = names.filter((name) => !taken.has(name));
  return free.length === 0 ? undefined : dice.pick(free);
}

/** Another block of that sort, or nothing where there are enough. */
export function makeBlock(dice: Dice, files: Files, what: What): Block | undefined {
  const name = freeName(dice, files, what);
  const there = blocksOf(files).filter((block) => block.what === what);
  if (name === undefined || there.length >= most[what]) return undefined;
  const number = name.slice(-1);
  switch (what) {
    case "service":
      return makeService(dice, files, name);
    case "group":
      return { what, name, env: { K_1: makeEntry(dice, files, what) } };
    case "database":
      return { what, name, plan: dice.pick(databasePlans), region: dice.pick(regions) };
    case "keyValue":
      return { what, name, plan: dice.pick(servicePlans), region: dice.pick(regions) };
    case "webhook":
      return {
        what,
        name,
        url: `https://hooks.acme.dev/render-${number}`,
        events: [dice.pick(deployEvents)],
      };
    case "token":
      return { what, name, scope: dice.pick(scopes) };
    case "cadWebhook":
      return { what, name, url: freeUrl(there, number), events: [dice.pick(renderEvents)] };
    default:
      return what satisfies never;
  }
}

/** RENDERCAD knows a webhook by its URL alone, and one that was renamed has kept the URL of its first name. */
function freeUrl(there: readonly Block[], number: string): string {
  const url = `https://hooks.acme.dev/cad-${number}`;
  const isTaken = there.some((block) => block.what === "cadWebhook" && block.url.startsWith(url));
  return isTaken ? `${url}-again` : url;
}

function makeService(dice: Dice, files: Files, name: string): ServiceBlock {
  const type = dice.pick(serviceTypes);
  const env: { [key: string]: Entry } = {};
  for (let more = dice.below(4); more > 0; more -= 1)
    env[dice.pick(keys)] = makeEntry(dice, files, "service");
  return {
    what: "service",
    name,
    type,
    plan: dice.pick(servicePlans),
    region: dice.pick(regions),
    command: `./run ${dice.below(3)}`,
    env,
    groups: [],
    domains: [],
    ...(mayHaveDisk(type) && dice.chance(0.3) && { diskGB: 1 }),
  };
}

export function mayHaveDisk(type: ServiceBlock["type"]): boolean {
  return type === "web" || type === "pserv" || type === "worker";
}

/** Of any form that the file can serve. */
export function makeEntry(dice: Dice, files: Files, what: "service" | "group"): Entry {
  const blocks = blocksOf(files);
  const named = (what: What, fits: (block: Block) => boolean = () => true): readonly string[] =>
    blocks.filter((block) => block.what === what && fits(block)).map(({ name }) => name);
  const referring = [
    ["database", named("database")],
    ["keyValue", named("keyValue")],
    ["host", named("service", (block) => block.what === "service" && block.type === "pserv")],
    ["token", named("token")],
    ["cadSecret", named("cadWebhook")],
    ["signingSecret", named("webhook")],
  ] as const;
  const served = referring.filter(([form]) => what === "service" || form === "token" || form === "cadSecret");
  const forms: readonly Entry[] = [
    // A group refers to no resource, and nobody is asked for its values.
    ...(what === "service" ? ([{ form: "asked" }] as const) : []),
    { form: "literal", value: `v${dice.below(1_000)}` },
    { form: "generated" },
    { form: "environment", variable: dice.pick(sourceVariables) },
    ...served.flatMap(([form, names]): readonly Entry[] =>
      names.length === 0 ? [] : [{ form, of: dice.pick(names) }],
    ),
  ];
  return dice.pick(forms);
}
