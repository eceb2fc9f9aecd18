import { kindOf, type Address, type KindName } from "../../src/core/address.ts";
import type { Desired, DesiredState } from "../../src/core/desired.ts";
import { isObject } from "../../src/core/json.ts";
import type { Value } from "../../src/core/value.ts";
import { ourRows, type Row } from "../observe.ts";
import type { Scene } from "../scene.ts";

/** Largest page, and how many names one call asks for. */
const [page, batch] = [100, 50];

/**
 * What the first plan may cost and the next ones do, by cause, for a file that nobody owned anything of before: the product
 * page's first figure, from its words and the account's rows. Each term is a number of GETs; a cause that costs none is left
 * out. Without RENDERCAD, auto-sync Blueprints, and a workspace by name.
 */
export function countGets(state: DesiredState, scene: Scene): { readonly [cause: string]: number } {
  const account = readAccount(state, scene);
  const terms = {
    ...countLists(account),
    ...countFacets(account),
    ...countAbsent(account),
    ...countReferences(account),
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
  readonly live: ReadonlyMap<Address, Row>;
};

const tables: { readonly [kind: KindName]: string } = {
  "render/service": "services",
  "render/postgres": "postgres",
  "render/key-value": "keyValues",
  "render/env-group": "environmentGroups",
  "render/project": "projects",
  "render/environment": "environments",
};

function readAccount(state: DesiredState, scene: Scene): Account {
  const rows = (kind: KindName): readonly Row[] => ourRows(scene, tables[kind]!);
  const live = state.resources.flatMap((desired): (readonly [Address, Row])[] => {
    const row = findRow(desired, rows);
    return row ? [[desired.address, row]] : [];
  });
  return { state, rows, live: new Map(live) };
}

/** Disks and domains are parts of their service's row. */
function findRow({ kind, name, spec }: Desired, rows: Account["rows"]): Row | undefined {
  if (kind === "render/disk") return partsOf(rows, name, "disk")[0];
  if (kind === "render/custom-domain")
    return partsOf(rows, String(spec["service"]), "customDomains").find((domain) => domain["name"] === name);
  if (kind === "render/environment") {
    const [project, environment] = name.split("/");
    const parent = rows("render/project").find((row) => row["name"] === project);
    return rows(kind).find((row) => row["projectId"] === parent?.["id"] && row["name"] === environment);
  }
  if (!tables[kind]) throw new Error(`no table of ${kind} is known here`);
  return rows(kind).find((row) => row["name"] === name);
}

function partsOf(rows: Account["rows"], service: string, part: string): readonly Row[] {
  const value = rows("render/service").find((row) => row["name"] === service)?.[part];
  return (Array.isArray(value) ? value : value ? [value] : []) as readonly Row[];
}

/** A page that is full may have another one behind it. */
function pagesOf(count: number): number {
  return Math.floor(count / page) + 1;
}

/** One list per declared kind; a disk stands in the service objects, and one call lists the environments of many projects. */
function countLists({ state, rows }: Account): { readonly [cause: string]: number } {
  const declared = new Set(state.resources.map(({ kind }) => kind));
  const listed: { readonly [kind: KindName]: readonly KindName[] } = {
    "render/service": ["render/service", "render/disk", "render/custom-domain"],
    "render/postgres": ["render/postgres"],
    "render/key-value": ["render/key-value"],
    "render/project": ["render/project", "render/environment"],
  };
  const lists = Object.entries(listed)
    .filter(([, kinds]) => kinds.some((kind) => declared.has(kind)))
    .map(([kind]) => [`list ${kind}`, pagesOf(rows(kind as KindName).length)] as const);
  const projects = rows("render/project").length;
  const environments = declared.has("render/environment") && projects > 0 ? 1 : 0;
  return { ...Object.fromEntries(lists), "list render/environment": environments };
}

/** What no list carries, read for those that exist and declare it. */
function countFacets({ state, live }: Account): { readonly [cause: string]: number } {
  const there = state.resources.filter(({ address }) => live.has(address));
  const pagesFor = (kind: KindName, field: string, column = field): number =>
    there
      .filter((desired) => desired.kind === kind && declares(desired, field))
      .reduce((sum, { address }) => sum + pagesOf(lengthOf(live.get(address)![column])), 0);
  const groups = there.filter(({ kind }) => kind === "render/env-group");
  const linking = there.some((desired) => declares(desired, "groupLinks"));
  const domains = there.filter(({ kind }) => kind === "render/custom-domain");
  return {
    "env vars": pagesFor("render/service", "envVars"),
    "secret files": pagesFor("render/service", "secretFiles"),
    headers: pagesFor("render/service", "headers"),
    routes: pagesFor("render/service", "routes"),
    domains: new Set(domains.map(({ spec }) => spec["service"])).size,
    "parameter overrides": there.filter((desired) => declares(desired, "parameterOverrides")).length,
    // Links stand in the list of groups, values only in each group.
    "list render/env-group":
      linking || state.resources.some(({ kind }) => kind === "render/env-group") ? 1 : 0,
    "env group contents": groups.filter(
      (desired) => declares(desired, "envVars") || declares(desired, "secretFiles"),
    ).length,
  };
}

/** An absent name is asked for once more, by name; one list answers for services and for what stands in them. */
function countAbsent({ state, live }: Account): { readonly [cause: string]: number } {
  const absent = state.resources.filter(({ address }) => !live.has(address));
  const asked = new Set<string>();
  for (const kind of new Set(absent.map((desired) => desired.kind))) {
    const names = absent.filter((desired) => desired.kind === kind).map(({ name }) => name);
    const list = kind === "render/disk" ? "render/service" : kind;
    for (let from = 0; from < names.length; from += batch)
      asked.add(`${list} ${names.slice(from, from + batch).join()}`);
  }
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
  const secret = new Set(["connectionString", "connectionPoolString", "password"]);
  // Host, port, user and database name stand in the lists.
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
  return Array.isArray(value) || !isObject(value)
    ? true
    : field === "parameterOverrides" || Object.keys(value).length > 0;
}

function valuesOf(field: Desired["spec"][string] | undefined): readonly Value[] {
  return isObject(field) ? (Object.values(field) as readonly Value[]) : [];
}

function lengthOf(column: Row[string] | undefined): number {
  return Array.isArray(column) ? column.length : 0;
}
