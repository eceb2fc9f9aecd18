import { expect, test } from "vitest";
import { judge } from "../../bench/soak/judge.ts";
import { declareAlso, nothingDeclared } from "../../bench/soak/judge/declared.ts";
import type { Evidence } from "../../bench/soak/judge/evidence.ts";
import type { Files } from "../../bench/soak/model.ts";
import type { Row, Tables } from "../../bench/soak/rows.ts";

/** One of what each rule looks at, as the files and as the account have it. */
const files: Files = {
  "a.yaml": [
    {
      what: "service",
      name: "o-service-1",
      type: "worker",
      plan: "starter",
      region: "oregon",
      command: "./run",
      groups: ["o-group-1"],
      domains: [],
      diskGB: 1,
      env: {
        K_1: { form: "literal", value: "v1" },
        K_2: { form: "generated" },
        K_3: { form: "asked" },
        K_4: { form: "token", of: "o-token-1" },
      },
    },
    { what: "group", name: "o-group-1", env: {} },
    { what: "database", name: "o-database-1", plan: "basic-256mb", region: "oregon" },
    { what: "keyValue", name: "o-keyvalue-1", plan: "starter", region: "oregon" },
    { what: "token", name: "o-token-1", scope: "read-only" },
  ],
};

const service = {
  id: "srv-1",
  ownerId: "tea-1",
  name: "o-service-1",
  type: "background_worker",
  plan: "starter",
  region: "oregon",
  dockerCommand: "./run",
  customDomains: [],
  headers: [{ id: "hdr-1", path: "/*", name: "X-Theirs", value: "theirs" }],
  disk: { id: "dsk-1", sizeGB: 1 },
  envVars: [
    { key: "K_1", value: "v1" },
    { key: "K_2", value: "generated-once" },
    { key: "K_3", value: "typed-by-hand" },
    { key: "K_4", value: "rendercad_first_token" },
    { key: "THEIRS", value: "theirs" },
  ],
};
const database = {
  id: "dpg-1",
  ownerId: "tea-1",
  name: "o-database-1",
  plan: "basic_256mb",
  region: "oregon",
  version: "18",
};
const tables = {
  services: [service, { id: "srv-2", ownerId: "tea-2", name: "o-service-1", plan: "starter" }],
  environmentGroups: [
    { id: "evg-1", ownerId: "tea-1", name: "o-group-1", serviceIds: ["srv-1"], envVars: [] },
    { id: "evg-2", ownerId: "tea-1", name: "their-group", serviceIds: [], envVars: [] },
  ],
  postgres: [database],
  keyValues: [{ id: "red-1", ownerId: "tea-1", name: "o-keyvalue-1", plan: "starter", region: "oregon" }],
  "rendercad tokens": [
    { id: "1", tokenName: "trueup", token: "own", isActive: true },
    {
      id: "2",
      tokenName: "o-token-1",
      token: "rendercad_first_token",
      scope: "read-only",
      isActive: true,
    },
  ],
} satisfies Tables;

const fine: Evidence = {
  owner: "tea-1",
  ownToken: "own",
  before: tables,
  after: tables,
  files,
  declared: declareAlso(nothingDeclared, files),
  flags: [],
  outside: { made: new Set(), keys: new Set() },
  settled: new Set(),
  calm: true,
  writesAgain: 0,
  texts: { "inventory.json": "{}" },
  sources: { SOAK_SOURCE_1: "canary-environment-value" },
};

/** The rules that find something. */
function rules(change: Partial<Evidence>): readonly number[] {
  return [...new Set(judge({ ...fine, ...change }).map(({ rule }) => rule))].sort(
    (one, other) => one - other,
  );
}

function after(change: { readonly [table: string]: readonly Row[] }): Partial<Evidence> {
  return { after: { ...tables, ...change }, calm: false };
}

function withVariables(...changes: readonly { readonly key: string; readonly value?: string }[]): Row {
  const changed = new Map(changes.map(({ key, value }) => [key, value]));
  const envVars = service.envVars.flatMap((entry) =>
    changed.has(entry.key) && changed.get(entry.key) === undefined
      ? []
      : [{ ...entry, value: changed.get(entry.key) ?? entry.value }],
  );
  return { ...service, envVars };
}

const theirService = tables.services[1]!;
const [ourGroup, theirGroup] = [tables.environmentGroups[0]!, tables.environmentGroups[1]!];

test("an account that is as the files say, and as it was, is fine", () => {
  expect(judge(fine)).toEqual([]);
});

test.each<readonly [what: string, rule: number, change: Partial<Evidence>]>([
  ["somebody's group is gone", 1, after({ environmentGroups: [ourGroup] })],
  ["somebody's group was changed", 1, after({ environmentGroups: [ourGroup, { ...theirGroup, name: "x" }] })],
  [
    "a service of another workspace was changed",
    1,
    after({ services: [service, { ...theirService, plan: "pro" }] }),
  ],
  ["a variable in no file is gone", 1, after({ services: [withVariables({ key: "THEIRS" }), theirService] })],
  ["a header in no file is gone", 1, after({ services: [{ ...service, headers: [] }, theirService] })],
  ["a database is there twice", 2, after({ postgres: [database, { ...database, id: "dpg-2" }] })],
  ["a database is gone without consent", 3, after({ postgres: [] })],
  ["a Key Value instance is gone without consent", 3, after({ keyValues: [] })],
  ["a disk is gone without consent", 3, after({ services: [{ ...service, disk: undefined }, theirService] })],
  ["a group that the file has was deleted", 3, after({ environmentGroups: [theirGroup] })],
  [
    "a generated value changed",
    4,
    after({ services: [withVariables({ key: "K_2", value: "x" }), theirService] }),
  ],
  ["a typed value is gone", 4, after({ services: [withVariables({ key: "K_3" }), theirService] })],
  [
    "what took a service's place has another generated value",
    4,
    after({
      services: [{ ...withVariables({ key: "K_2", value: "x" }), id: "srv-3", region: "ohio" }, theirService],
    }),
  ],
  ["a delivered token works no more", 5, after({ "rendercad tokens": [] })],
  [
    "a variable is not what the file says",
    6,
    { after: { ...tables, services: [withVariables({ key: "K_1", value: "x" }), theirService] } },
  ],
  [
    "another plan than the file's",
    6,
    { after: { ...tables, services: [{ ...service, plan: "pro" }, theirService] } },
  ],
  [
    "a link that the file has is missing",
    6,
    { after: { ...tables, environmentGroups: [{ ...ourGroup, serviceIds: [] }, theirGroup] } },
  ],
  ["a second run writes", 6, { writesAgain: 1 }],
  ["a delivered token is in the state", 7, { texts: { "inventory.json": "... rendercad_first_token ..." } }],
  [
    "a source's value is in the output as base64",
    7,
    { texts: { out: Buffer.from("canary-environment-value").toString("base64") } },
  ],
])("the judge notices: %s", (_what, rule, change) => {
  expect(rules(change)).toContain(rule);
});

test("what was agreed to and dropped may go, and what took its place keeps the values", () => {
  const { "a.yaml": blocks = [] } = files;
  const left: Files = { "a.yaml": blocks.filter(({ what }) => what !== "database") };
  const flags = ["--allow-data-loss render/postgres/o-database-1"];
  expect(judge({ ...fine, ...after({ postgres: [] }), files: left, flags })).toEqual([]);
});
