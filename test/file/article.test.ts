import { expect, test } from "vitest";
import { schemaText } from "../../src/commands/schema.ts";
import { readText } from "./read.ts";

const messageOf = (text: string): string | undefined => readText(text).problems[0]?.message;

test.each([
  ["envVarGroups: [{}]", "An env group of `envVarGroups` lacks `name`."],
  ["databases: [{}]", "A Postgres database of `databases` lacks `name`."],
])("a block without a name is told with its article: %s", (text, message) => {
  expect(messageOf(text)).toBe(message);
});

test.each([
  ["envVarGroups", "an env group"],
  ["buildSources", "a build source"],
])("so is a name that cannot be one: %s", (list, noun) => {
  expect(messageOf(`${list}: [{ name: "a\\nb" }]`)).toContain(`The name of ${noun} must be one line`);
});

test("so is a template by its engine", () => {
  expect(messageOf("<% if true %>\nservices: []\n")).toContain("is an ERB template");
  expect(messageOf("{% if true %}\nservices: []\n")).toContain("is a Jinja template");
});

test("no description of the schema has the wrong article", () => {
  expect(schemaText("file").match(/\b(?:a (?=[aeio])|an (?=[bcdfgjkpqtvwz]))\w+/giu) ?? []).toEqual([]);
});
