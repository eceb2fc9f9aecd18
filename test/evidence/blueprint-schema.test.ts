import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { schemaText } from "../../src/commands/schema.ts";
import { isObject, type JsonObject } from "../../src/core/base/json.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { samples, strictRefusals } from "./blueprint-samples.ts";
import { sharedFolder } from "./shared-folder.ts";

const shared = sharedFolder();
const theirs = JSON.parse(
  readFileSync(join(shared, "reference", "blueprint-schema.json"), "utf8"),
) as JsonObject;
const corpus = join(shared, "corpus", "blueprints");
let isTheirs: ValidateFunction;
let isOurs: ValidateFunction;

beforeAll(() => {
  const ajv = new Ajv2020.default({ strict: false, allErrors: false });
  addFormats.default(ajv);
  isTheirs = ajv.compile(theirs);
  isOurs = ajv.compile(JSON.parse(schemaText("file")) as JsonObject);
});

test("every file of the corpus that is valid for Render is valid for our schema", () => {
  const documents = readdirSync(corpus).map((file) => ({ file, value: parsed(file) }));
  const valid = documents.filter(({ value }) => value !== undefined && isTheirs(value));
  expect(valid.length).toBeGreaterThan(60);
  expect(valid.filter(({ value }) => !isOurs(value)).map(({ file }) => file)).toEqual([]);
});

describe("each key of Render's schema", () => {
  const keys = listKeys(theirs);

  test("is found at all", () => {
    expect(keys.length).toBeGreaterThan(150);
  });

  test("is written in a sample, or is listed with the reason why not", () => {
    const written = new Set(samples.flatMap((sample) => keysIn(sample.value)));
    expect(keys.filter(({ key }) => !written.has(key)).map(({ path }) => path)).toEqual([]);
  });
});

describe("samples that use every key", () => {
  test.each(samples.map((sample) => [sample.title, sample] as const))("%s", (_, { value }) => {
    expect(isTheirs(value), JSON.stringify(isTheirs.errors)).toBe(true);
    expect(isOurs(value), JSON.stringify(isOurs.errors)).toBe(true);
    const { problems } = readDesired([{ name: "render.yaml", text: JSON.stringify(value) }], {
      kinds: fileKinds,
      today: "2026-11-22",
    });
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("every value that Render's schema lists", () => {
  test.each(listEnums(theirs))("%s is one of ours", (path, values) => {
    const ours = new Set(
      listEnums(JSON.parse(schemaText("file")) as JsonObject).flatMap(([, allowed]) => allowed),
    );
    expect(
      values.filter((value) => !ours.has(value)),
      path,
    ).toEqual([]);
  });
});

describe("where we are stricter than Render's schema, on purpose", () => {
  test.each(strictRefusals.map((refusal) => [refusal.reason, refusal] as const))("%s", (_, { value }) => {
    expect(isTheirs(value), JSON.stringify(isTheirs.errors)).toBe(true);
    const { state } = readDesired([{ name: "render.yaml", text: JSON.stringify(value) }], {
      kinds: fileKinds,
      today: "2026-11-22",
    });
    expect(state).toBeUndefined();
  });
});

function parsed(file: string): unknown {
  const document = parseDocument(readFileSync(join(corpus, file), "utf8"), {
    version: "1.2",
    logLevel: "silent",
  });
  return document.errors.length > 0 ? undefined : document.toJS();
}

function listKeys(schema: unknown, path = ""): readonly { readonly path: string; readonly key: string }[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => listKeys(item, path));
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([word, member]) => {
    if (word === "if" || word === "then") return [];
    const own =
      word === "properties" && isObject(member)
        ? Object.keys(member).map((key) => ({ path: `${path}/${key}`, key }))
        : [];
    return [...own, ...listKeys(member, `${path}/${word}`)];
  });
}

function keysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysIn(item));
  return isObject(value) ? Object.entries(value).flatMap(([key, member]) => [key, ...keysIn(member)]) : [];
}

function listEnums(schema: unknown, path = ""): readonly (readonly [string, readonly unknown[]])[] {
  if (Array.isArray(schema)) return schema.flatMap((item) => listEnums(item, path));
  if (!isObject(schema)) return [];
  const own = Array.isArray(schema["enum"]) ? [[path, schema["enum"]] as const] : [];
  return [
    ...own,
    ...Object.entries(schema).flatMap(([word, member]) => listEnums(member, `${path}/${word}`)),
  ];
}
