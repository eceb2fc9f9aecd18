import { existsSync } from "node:fs";
import { join } from "node:path";
import { kindOf, type Address, type KindName } from "../../src/core/base/address.ts";
import type { Desired, DesiredState } from "../../src/core/model/desired.ts";
import { isObject } from "../../src/core/base/json.ts";
import type { Value } from "../../src/core/model/value.ts";
import { ourRows, type Row } from "../observe.ts";
import type { Scene } from "../scene.ts";

/** Largest page, and how many names one call asks for. */
const [page, batch] = [100, 50];

/**
 * What the first plan may cost and the next ones do, by cause, for a file that nobody owned anything of before: the product
 * page's first figure, from its words and the account's rows. Each term is a number of GETs; a cause that costs none is left
 * out. Without auto-sync Blueprints, and a workspace by name.
 */
export function countGets(state: DesiredState, scene: Scene): { readonly [cause: string]: number } {
  const account = readAccount(state, scene);
  const terms = {
    ...countLists(account),
    ...countFacets(account),
    ...countAbsent(account),
    ...countReferences(account),
    // A state belongs to one user of RENDERCAD: whose token this is, which no limit counts.
    "RENDERCAD user": state.resources.some(({ kind }) => kind.startsWith("rendercad/")) ? 1 : 0,
    // What is written takes a token that may: its row in the list says so, read once more after its use.
    "own token": state.resources.some(
      (one) => one.kind.startsWith("rendercad/") && !account.live.has(one.address),
    )
      ? state.resources.some(({ kind }) => kind === "rendercad/token")
        ? 1
        : 2
      : 0,
    // A workspace that is named by its id, until the state is bound to it.
    workspace: existsSync(join(scene.folder, "state/default/inventory.json")) ? 0 : 1,
    // One list tells whether somebody else's Blueprint has the same resources.
    blueprints: 1,
  };
  return Object.fromEntries(Object.entries(terms).filter(([, count]) => count > 0));
}

export function sumOf(terms: { readonly [cause: string]: number }): number {
  return Object.values(terms).reduce((sum, count) => sum + count, 0);
}

/** The declared and what of it is there, by address; `rows` finds every object of the workspace. */
type Account = {
  readonly state: DesiredState;
  readonly rows: (kind: KindName) => readonly Row[];
  /** Rows that are about resources and have no owner: what a service is notified of. */
  readonly overrides: readonly Row[];
  readonly live: ReadonlyMap<Address, Row>;
};

const tables: { readonly [kind: KindName]: string } = {
  "render/service": "services",
  "render/postgres": "postgres",
  "render/key-value": "keyValues",
  "render/env-group": "environmentGroups",
  "render/project": "projects",
  "render/environment": "environments",
  "render/registry-credential": "registryCredentials",
  "render/webhook": "webhooks",
  "render/dedicated-ip": "dedicatedIps",
  "rendercad/token": "rendercad tokens",
  "rendercad/webhook": "rendercad webhooks",
};
/** One of each workspace has them or not; the settings are always there. */
const singletons: { readonly [kind: KindName]: string | undefined } = {
  "render/notification-settings": undefined,
  "render/log-stream": "logStreams",
  "render/metrics-stream": "metricsStreams",
};
/** Whatever name is asked for, the answer is the whole list or the only one, which was read already. */
const listedAgain = new Set<KindName>([
  ...Object.keys(singletons),
  "render/webhook",
  "render/dedicated-ip",
  "rendercad/token",
  "rendercad/webhook",
] as KindName[]);

function readAccount(state: DesiredState, scene: Scene): Account {
  const rows = (kind: KindName): readonly Row[] => ourRows(scene, tables[kind]!);
  const live = state.resources.flatMap((desired): (readonly [Address, Row])[] => {
    const row = desired.kind in singletons ? findSingleton(desired, scene) : findRow(desired, rows);
    return row ? [[desired.address, row]] : [];
  });
  return { state, rows, overrides: scene.rows("notificationOverrides"), live: new Map(live) };
}

function findSingleton({ kind }: Desired, scene: Scene): Row | undefined {
  const table = singletons[kind];
  const owner = scene.simulator.env["RENDER_OWNER_ID"]!;
  return table === undefined ? { id: owner } : scene.rows(table).find(({ id }) => id === owner);
}

/** Disks and domains are parts of their service's row. */
function findRow({ kind, name, spec }: Desired, rows: Account["rows"]): Row | undefined {
  if (kind === "render/disk") return partsOf(rows, name, "disk")[0];
  if (kind === "render/custom-domain")
    return partsOf(rows, spec["service"] as string, "customDomains").find(
      (domain) => domain["name"] === name,
    );
  if (kind === "render/environment") {
    const [project, environment] = name.split("/");
    const parent = rows("render/project").find((row) => row["name"] === project);
    return rows(kind).find((row) => row["projectId"] === parent?.["id"] && row["name"] === environment);
  }
  if (!tables[kind]) throw new Error(`no table of ${kind} is known here`);
  if (kind === "rendercad/webhook") return rows(kind).find((row) => row["url"] === spec["url"]);
  return rows(kind).find((row) => (row["name"] ?? row["tokenName"]) === name);
}

function partsOf(rows: Account["rows"], service: string, part: string): readonly Row[] {
  const value = rows("render/service").find((row) => row["name"] === service)?.[part];
  return (Array.isArray(value) ? value : value ? [value] : []) as readonly Row[];
}

/** A page that is full may have another one behind it. */
function pagesOf(count: number): number {
  return Math.floor(count / page) + 1;
}

/**
 * One list per declared kind; a disk stands in the service objects, and one call lists the environments of many projects.
 * Dedicated addresses name environments by their ids.
 */
function countLists({ state, rows, live }: Account): { readonly [cause: string]: number } {
  const declared = new Set(state.resources.map(({ kind }) => kind));
  const naming =
    declared.has("render/dedicated-ip") &&
    rows("render/dedicated-ip").some((row) => lengthOf(row["environmentIds"]) > 0);
  const listed: { readonly [kind: KindName]: readonly KindName[] } = {
    "render/service": ["render/service", "render/disk", "render/custom-domain"],
    "render/postgres": ["render/postgres"],
    "render/key-value": ["render/key-value"],
    "render/project": [
      "render/project",
      "render/environment",
      ...(naming ? ["render/dedicated-ip" as const] : []),
    ],
    "render/webhook": ["render/webhook"],
  };
  const lists = Object.entries(listed)
    .filter(([, kinds]) => kinds.some((kind) => declared.has(kind)))
    .map(([kind]) => [`list ${kind}`, pagesOf(rows(kind as KindName).length)] as const);
  // Without cursors, or without a list at all.
  const single = [
    "render/registry-credential",
    "render/dedicated-ip",
    "rendercad/token",
    "rendercad/webhook",
    ...Object.keys(singletons),
  ] as KindName[];
  const linking = state.resources.some((one) => live.has(one.address) && declares(one, "groupLinks"));
  const environments = (declared.has("render/environment") || naming) && rows("render/project").length > 0;
  return {
    ...Object.fromEntries(lists),
    ...Object.fromEntries(single.map((kind) => [`list ${kind}`, declared.has(kind) ? 1 : 0])),
    "list render/environment": environments ? 1 : 0,
    // Links stand in the list of groups, values only in each group.
    "list render/env-group": linking || declared.has("render/env-group") ? 1 : 0,
  };
}

/** What no list carries, read for those that exist and declare it. */
function countFacets({ state, rows, live, overrides }: Account): { readonly [cause: string]: number } {
  const there = state.resources.filter(({ address }) => live.has(address));
  const of = (kind: KindName) => there.filter((desired) => desired.kind === kind);
  const pagesFor = (field: string): number =>
    of("render/service")
      .filter((desired) => declares(desired, field) || isExclusive(desired, field))
      .reduce((sum, { address }) => sum + pagesOf(lengthOf(live.get(address)![field])), 0);
  const contents = of("render/env-group").filter(
    (one) => declares(one, "envVars") || declares(one, "secretFiles"),
  );
  return {
    "env vars": pagesFor("envVars"),
    "secret files": pagesFor("secretFiles"),
    headers: pagesFor("headers"),
    routes: pagesFor("routes"),
    domains: servicesWithDomains(state).filter((name) =>
      rows("render/service").some((row) => row["name"] === name),
    ).length,
    "parameter overrides": of("render/postgres").filter((one) => declares(one, "parameterOverrides")).length,
    "database users": of("render/postgres").filter((one) => declares(one, "users")).length,
    "env group contents": contents.length,
    // One list for all of them.
    notifications: of("render/service").some(isSaid("notifications")) ? pagesOf(overrides.length) : 0,
    "log streams": there.some((one) => !(one.kind in singletons) && isSaid("logStream")(one)) ? 1 : 0,
  };
}

/** Every service of the file that has domains, or wants no others. */
function servicesWithDomains({ resources }: DesiredState): readonly string[] {
  const owners = resources
    .filter(({ kind }) => kind === "render/custom-domain")
    .map(({ spec }) => spec["service"] as string);
  const claiming = resources.filter((one) => isExclusive(one, "domains")).map(({ name }) => name);
  return [...new Set([...owners, ...claiming])];
}

/** An absent name is asked for once more, by name; one list answers for services and for what stands in them. */
function countAbsent({ state, rows, live }: Account): { readonly [cause: string]: number } {
  const absent = state.resources.filter(({ address }) => !live.has(address));
  const namesOf = (kind: KindName): readonly string[] =>
    absent.filter((one) => one.kind === kind).map(({ name }) => name);
  const asked = new Set<string>();
  const ask = (list: KindName, names: readonly string[]): void => {
    const plain = names.filter((name) => !name.includes(","));
    for (let from = 0; from < plain.length; from += batch)
      asked.add(`${list} ${plain.slice(from, from + batch).join()}`);
    for (const name of names.filter((one) => one.includes(","))) asked.add(`${list} ${name}`);
  };
  for (const kind of Object.keys(tables) as KindName[])
    if (!listedAgain.has(kind) && kind !== "render/environment") ask(kind, namesOf(kind));
  ask("render/service", namesOf("render/disk"));
  // An environment is asked for in its project, a domain in its service.
  const projects = [
    ...new Set(namesOf("render/environment").map((name) => name.slice(0, name.lastIndexOf("/")))),
  ];
  ask("render/project", projects);
  if (rows("render/project").some((row) => projects.includes(row["name"] as string)))
    asked.add("environments");
  for (const { spec } of absent.filter(({ kind }) => kind === "render/custom-domain"))
    if (rows("render/service").some((row) => row["name"] === spec["service"]))
      asked.add(`domains of ${spec["service"] as string}`);
  // What is referred to and not declared stands in no list that is read, unless its kind is declared as well.
  const declared = new Set(state.resources.map(({ kind }) => kind));
  const targets = new Set(state.targets.map(({ kind }) => kind).filter((kind) => !declared.has(kind)));
  return { "absent names": asked.size, "undeclared targets": targets.size };
}

/** Secrets of datastores that exist, and variables of services that are not read anyway. */
function countReferences({ state, live }: Account): { readonly [cause: string]: number } {
  const targets = new Set(state.targets.map(({ address }) => address));
  const outputs = state.resources
    .flatMap(({ spec }) => valuesOf(spec["envVars"]))
    .flatMap((value) => (value.from === "output" ? [value] : []))
    .filter(({ of }) => live.has(of) || targets.has(of));
  // Host, port and database name stand in the lists; the default user can be a newer one than the list shows.
  const secret = new Set(["connectionString", "connectionPoolString", "password", "user"]);
  const datastores = outputs.filter(({ of, output }) => isDatastore(of) && secret.has(output));
  const declared = new Map(state.resources.map((desired) => [desired.address, desired]));
  const variables = outputs.filter(
    ({ of, output }) => output.startsWith("envVars.") && !isKnown(declared, of, output),
  );
  return {
    "connection info": new Set(datastores.map(({ of }) => of)).size,
    "variables of targets": new Set(variables.map(({ of, output }) => `${of} ${output}`)).size,
  };
}

function isDatastore(address: Address): boolean {
  return ["render/postgres", "render/key-value"].includes(kindOf(address));
}

/** A variable that the file declares, for the service itself or in a group that it links. */
function isKnown(declared: ReadonlyMap<Address, Desired>, of: Address, output: string): boolean {
  const key = output.slice("envVars.".length);
  const service = declared.get(of);
  const linked = Object.keys(service?.spec["groupLinks"] ?? {}) as Address[];
  return [service, ...linked.map((group) => declared.get(group))].some((holder) => {
    const variables = holder?.spec["envVars"];
    return isObject(variables) && Object.hasOwn(variables, key);
  });
}

function declares({ spec }: Desired, field: string): boolean {
  const value = spec[field];
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || field === "parameterOverrides" || Object.keys(value).length > 0;
}

function isExclusive({ spec }: Desired, list: string): boolean {
  return spec[`${list}Exclusive`] === true;
}

/** Null is said as well: it takes back what is there. */
function isSaid(field: string): (desired: Desired) => boolean {
  return ({ spec }) => spec[field] !== undefined;
}

function valuesOf(field: Desired["spec"][string] | undefined): readonly Value[] {
  return isObject(field) ? (Object.values(field) as readonly Value[]) : [];
}

function lengthOf(column: Row[string] | undefined): number {
  return Array.isArray(column) ? column.length : 0;
}
