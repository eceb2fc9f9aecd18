import { describe, expect, test } from "vitest";
import { kinds } from "../../src/providers/kinds.ts";
import { apiProperties, callsLeft, type ApiProperties } from "./api-properties.ts";
import { readRequestProperties } from "./request-properties.ts";

const { properties } = readRequestProperties();
const callOf = (property: string): string => property.split(" ").slice(0, 2).join(" ");
const described = [...properties].map((property) => ({
  call: callOf(property),
  member: property.slice(callOf(property).length + 1),
}));
const listed = ({ managed, derived = {}, left = {} }: ApiProperties): readonly string[] =>
  [managed, derived, left].flatMap((rows) => Object.keys(rows));

test("every call with a body is in one of the tables, once", () => {
  const calls = [...apiProperties.flatMap((entry) => entry.calls), ...Object.keys(callsLeft)];
  expect([...calls].sort()).toEqual([...new Set(described.map(({ call }) => call))].sort());
});

describe("every member of a create or update body is managed, derived or left out, and no other is listed", () => {
  test.each(apiProperties.map((entry) => [entry.calls.join(", "), entry] as const))("%s", (_calls, entry) => {
    const members = described.filter(({ call }) => entry.calls.includes(call)).map(({ member }) => member);
    expect([...listed(entry)].sort()).toEqual([...new Set(members)].sort());
  });
});

test("a member is managed by a field that the kind has", () => {
  const wrong = apiProperties.flatMap(({ kind, managed }) => {
    const { fields, rename } = kinds.get(kind)!;
    const has = (field: string): boolean =>
      Object.hasOwn(fields, field) || (field === "name" && rename !== undefined);
    return Object.entries(managed)
      .filter(([, field]) => !has(field))
      .map(([member, field]) => `${kind} ${member}: ${field}`);
  });
  expect(wrong).toEqual([]);
});

/** Written by calls without a body, or by members that only the newer description has. */
const elsewhere: { readonly [field: string]: string } = {
  "render/service autoDeployTrigger": "newer description",
  "render/service groupLinks": "POST /env-groups/{}/services/{}",
  "render/service suspended": "POST /services/{}/suspend",
  "render/service environment": "POST /environments/{}/resources",
  "render/postgres connectionPool": "newer description",
  "render/postgres suspended": "POST /postgres/{}/suspend",
  "render/postgres environment": "POST /environments/{}/resources",
  "render/postgres logStream": "PUT /logs/streams/resource/{}",
  "render/key-value persistenceMode": "newer description",
  "render/key-value suspended": "POST /key-value/{}/suspend",
  "render/key-value environment": "POST /environments/{}/resources",
  "render/key-value logStream": "PUT /logs/streams/resource/{}",
  "render/env-group environment": "POST /environments/{}/resources",
  "render/custom-domain service": "POST /services/{}/custom-domains",
  "render/dedicated-ip region": "newer description",
  "render/dedicated-ip description": "newer description",
  "render/dedicated-ip environments": "newer description",
};

test("a field that is written has a member, or is written by a call without one", () => {
  const managing = new Set(
    apiProperties.flatMap(({ kind, managed }) => Object.values(managed).map((field) => `${kind} ${field}`)),
  );
  const written = [...kinds.values()]
    .filter(({ provider }) => provider === "render")
    .flatMap(({ name, fields }) =>
      Object.entries(fields)
        .filter(([, field]) => field.onChange !== "none")
        .map(([field]) => `${name} ${field}`),
    );
  expect(written.filter((field) => !managing.has(field)).sort()).toEqual(Object.keys(elsewhere).sort());
});
