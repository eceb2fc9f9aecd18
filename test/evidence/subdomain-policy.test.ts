import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/base/json.ts";
import { serviceFields } from "../../src/providers/render/service/fields/fields.ts";
import { converge } from "../providers/converge.ts";
import { openScene, type Scene } from "../scene.ts";
import { readRecordings } from "./recordings.ts";
import { sharedFolder } from "./shared-folder.ts";

/**
 * #91 of the Terraform provider: `renderSubdomainPolicy`, which closes the onrender.com address. It is described and was
 * never recorded, so the description is all there is to hold it against; the last test says when that changes.
 */
let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

type Schema = {
  readonly enum?: readonly string[];
  readonly properties?: { readonly [field: string]: unknown };
};
type Description = { readonly components: { readonly schemas: { readonly [name: string]: Schema } } };

const description = JSON.parse(
  readFileSync(join(sharedFolder(), "reference", "render-openapi.json"), "utf8"),
) as Description;
const { schemas } = description.components;
const field = "renderSubdomainPolicy";
const described = { web: "webServiceDetails", static: "staticSiteDetails" };

function validate(schema: string, body: unknown): unknown {
  // Not strict: the description has keywords of OpenAPI between those of JSON Schema.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(description, "render");
  const check = ajv.getSchema(`render#/components/schemas/${schema}`);
  if (!check) throw new Error(`the description has no ${schema}`);
  return check(body) ? [] : check.errors;
}

describe("#91 the address under onrender.com can be closed", () => {
  test("the file has the field where the API is described to have it, with the same values", () => {
    const own = serviceFields[field];
    expect(own.schema["enum"]).toEqual(schemas[field]?.enum);
    expect([...(own.shapes ?? [])].sort()).toEqual(["static", "web"]);
    const having = Object.keys(schemas).filter((name) => field in (schemas[name]?.properties ?? {}));
    expect(having.sort()).toEqual(
      Object.values(described)
        .flatMap((name) => [name, `${name}PATCH`, `${name}POST`])
        .sort(),
    );
  });

  test.each([
    { shape: "web", block: "type: web, runtime: image, image: { url: nginx }, plan: starter" },
    { shape: "static", block: "type: web, runtime: static, staticPublishPath: dist, buildCommand: make" },
  ] as const)("a $shape service is made and changed with bodies as described", async ({ shape, block }) => {
    const sent: { readonly method: string; readonly details: JsonObject }[] = [];
    scene = await openScene({
      send: (send) => (request) => {
        const body = request.body === undefined ? {} : (JSON.parse(request.body) as JsonObject);
        const details = body["serviceDetails"] as JsonObject | undefined;
        if (details !== undefined) sent.push({ method: request.method, details });
        return send(request);
      },
    });
    const file = (policy: string): string =>
      `services: [{ ${block}, name: api, domains: [app.acme.dev], ${field}: ${policy} }]`;
    await converge(scene, file("disabled"));
    await converge(scene, file("enabled"));
    expect(sent.map(({ method, details }) => [method, details[field]])).toEqual([
      ["POST", "disabled"],
      ["PATCH", "enabled"],
    ]);
    for (const { method, details } of sent)
      expect(validate(`${described[shape]}${method}`, details)).toEqual([]);
  });

  test("never recorded: once it is, the recording decides and not the description", () => {
    const recorded = readRecordings()
      .flatMap(({ exchanges }) => exchanges)
      .filter((exchange) => JSON.stringify([exchange.request, exchange.response]).includes(field));
    expect(recorded).toEqual([]);
  });
});
