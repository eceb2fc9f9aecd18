import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { schemaText } from "../../src/commands/schema.ts";
import { isObject } from "../../src/core/base/json.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { hasField } from "../../src/file/shape/shape-schema.ts";
import { readText } from "../file/read.ts";

const schema = JSON.parse(schemaText("file")) as { readonly [key: string]: unknown };
let isValid: ValidateFunction;

beforeAll(() => {
  const ajv = new Ajv2020.default({
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
  });
  addFormats.default(ajv);
  isValid = ajv.compile(schema);
});

test.each(["file", "output", "events"] as const)(
  "the published schema of %s is today's (`trueup schema` prints it)",
  async (name) => {
    const path = fileURLToPath(
      new URL(`../../schemas/${name === "file" ? "trueup" : name}.schema.json`, import.meta.url),
    );
    expect(await readFile(path, "utf8")).toBe(schemaText(name));
  },
);

test("every key has a description", () => {
  const nameless: string[] = [];
  visitProperties(schema, "", (path, property) => {
    if (!("$ref" in property) && typeof property["description"] !== "string") nameless.push(path);
  });
  expect(nameless).toEqual([]);
});

test("every field of every kind is in the block of each shape that has it", () => {
  const definitions = schema["$defs"] as { readonly [name: string]: { readonly properties?: object } };
  for (const kind of fileKinds) {
    for (const shape of kind.shapes.filter(({ named }) => named !== "itself")) {
      const block = definitions[`${shape.name}Block`];
      const fields = Object.entries(kind.fields).filter(
        ([, field]) => !field.derived && hasField(field, shape.name),
      );
      for (const [key] of fields) expect(Object.keys(block?.properties ?? {}), shape.name).toContain(key);
    }
  }
});

describe("the schema and the loader agree", () => {
  const service = (rest: string) => `services: [{name: api, ${rest}}]`;
  test.each([
    service("type: web, runtime: node, plan: starter"),
    service("type: web, env: node"),
    service("type: redis, ipAllowList: []"),
    service("type: web, runtime: static, staticPublishPath: dist"),
    service("type: cron, runtime: docker, schedule: '0 3 * * *'"),
    service(
      "type: web, runtime: docker, envVars: [{key: A, value: true}, {fromGroup: g}, {key: B, fromFile: x}]",
    ),
    service("type: web, runtime: docker, disk: null, domains: [a.dev], buildFilter: null"),
    "projects: [{name: p, environments: [{name: e, services: [{type: web, name: a, runtime: docker}]}]}]",
    "webhooks: [{name: a, url: 'https://a.dev'}]\nnotifications: {send: all}\nlogStream: {endpoint: a, token: {sync: false}}",
    "previewsEnabled: true\nversion: '1'",
  ])("valid: %s", (text) => {
    expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    expect(readText(text).state).toBeDefined();
  });

  test.each([
    service("type: web, runtime: nodejs"),
    service("type: worker, runtime: docker, plan: free"),
    service("type: keyvalue"),
    service("type: web, runtime: docker, port: 80"),
    service("type: web, runtime: docker, envVars: [{key: A, valeu: b}]"),
    service("type: web, runtime: docker, envVars: [{key: A, fromDatabase: {name: d, property: url}}]"),
    service("type: web, runtime: docker, lifecycle: {protected: true}"),
    "databases: [{name: d, ipAllowList: null}]",
    "services: {}",
    "redis: []",
  ])("refused: %s", (text) => {
    expect(isValid(parse(text))).toBe(false);
    expect(readText(text).state).toBeUndefined();
  });

  test("messages are about the shape that is meant", () => {
    isValid(parse(service("type: web, runtime: docker, plan: huge")));
    expect(isValid.errors?.some(({ instancePath }) => instancePath === "/services/0/plan")).toBe(true);
    expect(JSON.stringify(isValid.errors)).not.toContain("ipAllowList");
  });
});

function visitProperties(
  node: unknown,
  path: string,
  visit: (path: string, property: { readonly [key: string]: unknown }) => void,
): void {
  if (Array.isArray(node)) for (const item of node) visitProperties(item, path, visit);
  if (!isObject(node)) return;
  for (const [key, member] of Object.entries(node)) {
    if (key === "if" || key === "not" || key === "examples") continue;
    if (key === "properties" && isObject(member)) {
      for (const [name, property] of Object.entries(member))
        if (isObject(property)) visit(`${path}/${name}`, property);
    }
    visitProperties(member, `${path}/${key}`, visit);
  }
}
