import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../src/core/base/json.ts";
import { sharedFolder } from "./shared-folder.ts";

type JsonMap = { readonly [key: string]: unknown };

/** One member of a body, as `PATCH /services/{} serviceDetails.plan`; `[]` stands behind a list. */
export type Property = string;

/** `/services/srv-1/env-vars/PORT` and `/services/{serviceId}/env-vars/{envVarKey}` are both `/services/{}/env-vars/{}`. */
export function describeCall(method: string, path: string, templates: readonly string[]): string {
  const segments = path.split("/");
  const template = templates.find((candidate) => {
    const parts = candidate.split("/");
    return (
      parts.length === segments.length &&
      parts.every((part, index) => part === "{}" || part === segments[index])
    );
  });
  return `${method} ${template ?? path.replaceAll(/[a-z]{3}-[0-9a-v]{20}(-a)?/g, "{}")}`;
}

/** Every member of every body that Render's description knows, and the templates of its paths, the literal ones first. */
export function readRequestProperties(): {
  readonly properties: ReadonlySet<Property>;
  readonly templates: readonly string[];
} {
  const text = readFileSync(join(sharedFolder(), "reference", "render-openapi.json"), "utf8");
  const document = JSON.parse(text) as JsonMap;
  const properties = new Set<Property>();
  const templates = new Set<string>();
  for (const [path, item] of Object.entries(document["paths"] as JsonMap)) {
    const template = path.replaceAll(/\{[^}]+\}/g, "{}");
    templates.add(template);
    for (const method of ["post", "put", "patch"]) {
      const operation = isObject(item) && isObject(item[method]) ? item[method] : {};
      const body = follow(document, operation["requestBody"]);
      const content = isObject(body["content"]) ? body["content"]["application/json"] : undefined;
      const members = isObject(content) ? membersOf(document, content["schema"], "", 0) : [];
      for (const member of members) properties.add(`${method.toUpperCase()} ${template} ${member}`);
    }
  }
  const holes = (template: string): number => template.split("{}").length;
  return { properties, templates: [...templates].sort((a, b) => holes(a) - holes(b)) };
}

function follow(document: JsonMap, value: unknown): JsonMap {
  let current = value;
  while (isObject(current) && typeof current["$ref"] === "string") {
    const steps = decodeURIComponent(current["$ref"]).slice(2).split("/");
    current = steps.reduce<unknown>(
      (inner, step) =>
        isObject(inner) ? inner[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined,
      document,
    );
  }
  return isObject(current) ? current : {};
}

const deepest = 12;

/** Leaves only: an object is its members, a list what its items are. */
function membersOf(document: JsonMap, value: unknown, at: string, depth: number): readonly string[] {
  const schema = follow(document, value);
  if (depth > deepest) return [];
  const joined = ["allOf", "oneOf", "anyOf"].flatMap((word) => {
    const parts: unknown = schema[word];
    return Array.isArray(parts) ? parts.flatMap((part) => membersOf(document, part, at, depth + 1)) : [];
  });
  const inner = Object.entries(isObject(schema["properties"]) ? schema["properties"] : {}).flatMap(
    ([name, member]) => membersOf(document, member, at === "" ? name : `${at}.${name}`, depth + 1),
  );
  const items =
    schema["items"] === undefined ? [] : membersOf(document, schema["items"], `${at}[]`, depth + 1);
  const found = [...joined, ...inner, ...items].filter((member) => member !== at);
  return found.length > 0 || at === "" ? found : [at];
}

/** The leaves of a body that was sent, in the same form. A map by free keys ends where the description has none. */
export function leavesOf(value: unknown, at = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, `${at}[]`));
  if (!isObject(value) || at.endsWith("parameterOverrides")) return at === "" ? [] : [at];
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, at === "" ? name : `${at}.${name}`),
  );
}
