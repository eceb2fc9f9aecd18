import type { Dice } from "./dice.ts";
import type { Ground } from "./ground.ts";
import { idOf, type Row } from "./rows.ts";
import { blocksOf, typeNames, type Block, type Files } from "./model.ts";
import { keys } from "./new-block.ts";

/**
 * What somebody else does to the account between two runs, through the simulator's control endpoint. Names and keys that
 * no file ever has begin with `their`. `kind` is for the table of what was exercised.
 */
export type Outside = { readonly kind: string; readonly said: string };

type Call = readonly [method: string, path: string, body?: unknown, api?: "render" | "rendercad"];
type Act = { readonly kind: string; readonly calls: readonly Call[] };
type Scene = { readonly dice: Dice; readonly ground: Ground; readonly files: Files; readonly number: number };

const acts: readonly ((scene: Scene) => Act | undefined)[] = [
  setVariable,
  setVariable,
  setVariable,
  deleteVariable,
  deleteVariable,
  addTheirVariable,
  addTheirVariable,
  addTheirFile,
  addTheirHeader,
  makeTheirs,
  makeTheirs,
  makeUnderFutureName,
  changePlan,
  deleteOwned,
  deleteDomain,
];

/** The values that it types begin so, and are secrets. */
const typed = "canary-typed-";

export async function actOutside(scene: Scene): Promise<Outside | undefined> {
  const act = scene.dice.pick(acts)(scene);
  if (!act) return undefined;
  const statuses: number[] = [];
  for (const call of act.calls) statuses.push(await scene.ground.edit(...call));
  if (statuses.some((status) => status >= 400)) return undefined;
  return { kind: act.kind, said: act.calls.map(([method, path]) => `${method} ${path}`).join(", ") };
}

/**
 * What somebody made under the name of a service that the files declare with another type gets another name, as the refusal of
 * its adoption says. Answers whether there was one.
 */
export async function stepAside(ground: Ground, files: Files, made: ReadonlySet<string>): Promise<boolean> {
  const blocks = blocksOf(files).filter((block) => block.what === "service");
  const others = (ground.tables()["services"] ?? []).filter((row) =>
    blocks.some((block) => block.name === row["name"] && typeNames[block.type] !== row["type"]),
  );
  const theirs = others.filter((row) => made.has(idOf(row)));
  for (const row of theirs)
    await ground.edit("PATCH", `/services/${idOf(row)}`, { name: `their-${String(row["name"])}` });
  return theirs.length > 0;
}

const pathOf: { readonly [table: string]: string } = {
  services: "/services",
  postgres: "/postgres",
  keyValues: "/key-value",
  environmentGroups: "/env-groups",
};

/** What has a name that a block is renamed to gives it away, as the refusal says. Answers whether there was one. */
export async function giveNamesAway(ground: Ground, refusal: string): Promise<boolean> {
  const ids = new Set([...refusal.matchAll(/renamed to [\w-]+, and ([\w-]+) \(/gu)].map(([, id]) => id));
  const tables = Object.entries(pathOf).flatMap(([table, path]) =>
    (ground.tables()[table] ?? []).filter((row) => ids.has(idOf(row))).map((row) => ({ path, row })),
  );
  for (const { path, row } of tables)
    await ground.edit("PATCH", `${path}/${idOf(row)}`, { name: `their-${String(row["name"])}` });
  return tables.length > 0;
}

function ours({ ground }: Pick<Scene, "ground">, table: string): readonly Row[] {
  return (ground.tables()[table] ?? []).filter((row) => row["ownerId"] === ground.owner);
}

/** One of what holds variables, with its path. */
function pickHolder(scene: Scene): { readonly path: string; readonly row: Row } | undefined {
  const holders = [
    ...ours(scene, "services").map((row) => ({ path: `/services/${String(row["id"])}`, row })),
    ...ours(scene, "environmentGroups").map((row) => ({ path: `/env-groups/${String(row["id"])}`, row })),
  ];
  return holders.length === 0 ? undefined : scene.dice.pick(holders);
}

function setVariable(scene: Scene): Act | undefined {
  const holder = pickHolder(scene);
  const key = scene.dice.pick(keys);
  const value = `${typed}${scene.number}-qWeRtYuI`;
  return holder && { kind: "variable set", calls: [["PUT", `${holder.path}/env-vars/${key}`, { value }]] };
}

function deleteVariable(scene: Scene): Act | undefined {
  const holder = pickHolder(scene);
  const there = (holder?.row["envVars"] ?? []) as readonly { readonly key: string }[];
  if (!holder || there.length === 0) return undefined;
  const { key } = scene.dice.pick(there);
  return { kind: "variable deleted", calls: [["DELETE", `${holder.path}/env-vars/${key}`]] };
}

function addTheirVariable(scene: Scene): Act | undefined {
  const holder = pickHolder(scene);
  const value = `${typed}${scene.number}-aSdFgHjK`;
  const path = `${holder?.path}/env-vars/THEIRS_${scene.dice.below(20)}`;
  return holder && { kind: "foreign variable", calls: [["PUT", path, { value }]] };
}

function addTheirFile(scene: Scene): Act | undefined {
  const holder = pickHolder(scene);
  const content = `${typed}${scene.number}-yXcVbNmQ`;
  const path = `${holder?.path}/secret-files/theirs-${scene.dice.below(5)}.txt`;
  return holder && { kind: "foreign file", calls: [["PUT", path, { content }]] };
}

function addTheirHeader(scene: Scene): Act | undefined {
  const sites = ours(scene, "services").filter((row) => row["type"] === "static_site");
  if (sites.length === 0) return undefined;
  const body = { path: "/*", name: `X-Their-${scene.number}`, value: "theirs" };
  return {
    kind: "foreign header",
    calls: [["POST", `/services/${String(scene.dice.pick(sites)["id"])}/headers`, body]],
  };
}

function makeTheirs(scene: Scene): Act {
  return { kind: "foreign object", calls: [makeNamed(scene, `their-${scene.number}`)] };
}

/** A name that a later version of the file may take: adopted then, or never. */
function makeUnderFutureName(scene: Scene): Act | undefined {
  const what = scene.dice.pick(["service", "group", "database", "keyvalue"]);
  const name = `o-${what}-${1 + scene.dice.below(8)}`;
  const all = ["services", "environmentGroups", "postgres", "keyValues"].flatMap((table) =>
    ours(scene, table),
  );
  const isTaken = all.some((row) => String(row["name"]).startsWith(name));
  const isDeclared = blocksOf(scene.files).some((block) => block.name === name || block.renamedFrom === name);
  if (isTaken || isDeclared) return undefined;
  return { kind: "object under a later name", calls: [makeNamed(scene, name, what)] };
}

function makeNamed(
  { dice, ground }: Scene,
  name: string,
  what = dice.pick(["service", "group", "database", "keyvalue"]),
): Call {
  const common = { name, ownerId: ground.owner };
  if (what === "group")
    return ["POST", "/env-groups", { ...common, envVars: [{ key: "THEIRS", value: "theirs" }] }];
  if (what === "database") return ["POST", "/postgres", { ...common, plan: "basic_256mb", version: "18" }];
  if (what === "keyvalue") return ["POST", "/key-value", { ...common, plan: "starter" }];
  const image = { imagePath: "docker.io/library/nginx:latest", ownerId: ground.owner };
  return [
    "POST",
    "/services",
    {
      ...common,
      type: "background_worker",
      image,
      serviceDetails: { runtime: "image", plan: "starter" },
      envVars: [{ key: "THEIRS", value: "theirs" }],
    },
  ];
}

function changePlan(scene: Scene): Act | undefined {
  const services = ours(scene, "services").filter((row) => row["type"] !== "static_site");
  if (services.length === 0) return undefined;
  const row = scene.dice.pick(services);
  const serviceDetails = { plan: row["plan"] === "pro" ? "standard" : "pro" };
  return { kind: "plan changed", calls: [["PATCH", `/services/${String(row["id"])}`, { serviceDetails }]] };
}

const places: { readonly [what in Block["what"]]?: readonly [table: string, path: string] } = {
  service: ["services", "/services"],
  group: ["environmentGroups", "/env-groups"],
  database: ["postgres", "/postgres"],
  keyValue: ["keyValues", "/key-value"],
  webhook: ["webhooks", "/webhooks"],
};

function deleteOwned(scene: Scene): Act | undefined {
  const block = scene.dice.pick(blocksOf(scene.files));
  const kind = `deleted ${block.what}`;
  if (block.what === "token" || block.what === "cadWebhook") {
    const isToken = block.what === "token";
    const rows = scene.ground.tables()[isToken ? "rendercad tokens" : "rendercad webhooks"] ?? [];
    const row = rows.find((one) => (isToken ? one["tokenName"] === block.name : one["url"] === block.url));
    if (!row) return undefined;
    const id = Number(row["id"]);
    const call: Call = isToken
      ? ["POST", "/auth.php?action=revoke_api_token", { token_id: id }, "rendercad"]
      : ["POST", "/webhooks.php?action=delete", { webhook_id: id }, "rendercad"];
    return { kind, calls: [call] };
  }
  const [table, path] = places[block.what] ?? ["", ""];
  const row = ours(scene, table).find((one) => one["name"] === block.name);
  return row && { kind, calls: [["DELETE", `${path}/${String(row["id"])}`]] };
}

function deleteDomain(scene: Scene): Act | undefined {
  for (const row of ours(scene, "services")) {
    const [domain] = (row["customDomains"] ?? []) as readonly { readonly name: string }[];
    if (domain)
      return {
        kind: "domain deleted",
        calls: [["DELETE", `/services/${String(row["id"])}/custom-domains/${domain.name}`]],
      };
  }
  return undefined;
}
