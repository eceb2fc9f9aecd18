import fc from "fast-check";
import type { JsonObject } from "../../src/core/base/json.ts";
import type { Names, ServiceName } from "./arbitrary-names.ts";

/** One entry of `envVars`, as the file has it. */
export type Entry = JsonObject;

/** The environment that scenes of generated files have. */
export const environment: { readonly [variable: string]: string } = {
  DEPLOY_TOKEN: "from-outside",
  EMPTY: "",
};

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "True",
      "3.10",
      "null",
      "${X}",
      "a\nb\n",
      " padded ",
      "#no comment",
      "0x1F",
    ),
  },
);

/** What needs nothing else: the forms of a literal, generated, asked for, from outside. */
const plainSource: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 4, arbitrary: text.map((value) => ({ value })) },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 70_000 }).map((value) => ({ value })) },
  { weight: 2, arbitrary: fc.constant({ generateValue: true }) },
  { weight: 1, arbitrary: fc.constant({ sync: false }) },
  {
    weight: 1,
    // One that is there and empty has to be agreed to.
    arbitrary: fc.constantFrom(
      { fromEnvironment: "DEPLOY_TOKEN" },
      { fromEnvironment: "EMPTY", allowEmpty: true },
    ),
  },
);

const plainKeys = ["PLAIN", "LEVEL", "Mixed_Case", "dotted.key", "with-dash"];

/** Entries that others can refer to without going in a circle of values. */
export const plainEntries: fc.Arbitrary<readonly Entry[]> = fc
  .uniqueArray(fc.constantFrom(...plainKeys), { maxLength: plainKeys.length })
  .chain((keys) => fc.tuple(...keys.map((key) => plainSource.map((source) => ({ key, ...source })))));

/** More than a page of them: every list answers a hundred at a time. */
export const manyEntries: fc.Arbitrary<readonly Entry[]> = fc
  .tuple(fc.integer({ min: 101, max: 205 }), text)
  .map(([count, value]) =>
    Array.from({ length: count }, (_, index) => ({ key: `MANY_${index}`, value: `${value}${index}` })),
  );

/** In a group only what has a value by itself (Render's Blueprint schema), and `fromEnvironment`, which is ours. */
export const groupEntries: fc.Arbitrary<readonly Entry[]> = fc.oneof(
  {
    weight: 16,
    arbitrary: plainEntries.map((entries) => entries.filter((entry) => entry["sync"] !== false)),
  },
  { weight: 1, arbitrary: manyEntries },
);

export type Plain = { readonly [service: string]: readonly Entry[] };
export type GroupEntries = { readonly [group: string]: readonly Entry[] };

/**
 * Entries that take their value from something else of the file: any token or webhook of RENDERCAD, any database, cache or listening service (oneself and
 * circles included), any variable that stands by itself, and those that Render derives from the service object.
 */
export function referenceEntries(names: Names, plain: Plain): fc.Arbitrary<readonly Entry[]> {
  const sources = [
    ...names.databases.flatMap(databaseSources),
    ...names.keyValues.flatMap(keyValueSources),
    ...names.tokens.map((name) => ({ fromRendercadToken: { name } })),
    ...names.hooks.flatMap((name) =>
      ["secret", "id"].map((property) => ({ fromRendercadWebhook: { name, property } })),
    ),
    ...names.services.flatMap((service) => serviceSources(service, plain[service.name] ?? [])),
  ];
  return fc
    .subarray([...sources], { maxLength: Math.min(6, sources.length) })
    .map((chosen) => chosen.map((source, index) => ({ key: `REF_${index}`, ...source })));
}

/** A group can hold a token as well. */
export function groupTokens(names: Names): fc.Arbitrary<readonly Entry[]> {
  return fc
    .subarray([...names.tokens])
    .map((chosen) => chosen.map((name, index) => ({ key: `TOKEN_${index}`, fromRendercadToken: { name } })));
}

function databaseSources(name: string): readonly Entry[] {
  return ["connectionString", "host", "port", "user", "password", "database"].map((property) => ({
    fromDatabase: { name, property },
  }));
}

function keyValueSources(name: string): readonly Entry[] {
  return ["connectionString", "host", "port", "hostport"].map((property, index) => ({
    fromService: { type: index % 2 === 0 ? "keyvalue" : "redis", name, property },
  }));
}

function serviceSources({ name, shape }: ServiceName, entries: readonly Entry[]): readonly Entry[] {
  const type = shape === "static" ? "web" : shape;
  const listens = shape === "web" || shape === "pserv";
  const isPublic = shape === "web" || shape === "static";
  const keys = [
    ...entries.map((entry) => entry["key"] as string),
    "RENDER_SERVICE_ID",
    ...(isPublic ? ["RENDER_EXTERNAL_URL", "RENDER_EXTERNAL_HOSTNAME"] : []),
  ];
  return [
    ...(listens ? ["host", "port", "hostport"] : []).map((property) => ({
      fromService: { type, name, property },
    })),
    ...keys.map((envVarKey) => ({ fromService: { type, name, envVarKey } })),
  ];
}
