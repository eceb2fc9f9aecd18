import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject } from "../../src/core/base/json.ts";
import { pullRequest, startRunner, type Runner } from "../action/runner.ts";
import type { Seen } from "../github/stand-in.ts";
import { sharedFolder } from "./shared-folder.ts";

type JsonMap = { readonly [name: string]: unknown };

/** Judges requests by GitHub's own description: the call, its query, its body, and members that the description does not know. */
function openJudge(): (seen: Pick<Seen, "method" | "path" | "query" | "body">) => readonly string[] {
  const text = readFileSync(join(sharedFolder(), "reference", "github-openapi.json"), "utf8");
  const description = JSON.parse(text) as JsonMap;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(description, "github");
  const find = (pointer: readonly string[]): unknown =>
    pointer.reduce<unknown>((value, step) => {
      const inner = isObject(value) ? value[step] : undefined;
      return isObject(inner) && typeof inner["$ref"] === "string"
        ? find(inner["$ref"].slice(2).split("/"))
        : inner;
    }, description);
  const paths = Object.keys(description["paths"] as JsonMap);
  return ({ method, path, query, body }) => {
    const template = paths
      .filter((one) => new RegExp(`^${one.replaceAll(/\{[^}]+\}/gu, "[^/]+")}$`, "u").test(path))
      .sort((a, b) => a.split("{").length - b.split("{").length)[0];
    const operation = template && find(["paths", template, method.toLowerCase()]);
    if (!isObject(operation)) return [`${method} ${path}: not described`];
    const parameters = ((operation["parameters"] ?? []) as readonly JsonMap[]).map((one) =>
      typeof one["$ref"] === "string" ? (find(one["$ref"].slice(2).split("/")) as JsonMap) : one,
    );
    const known = parameters.filter((one) => one["in"] === "query");
    const wrongQuery = [...query].flatMap(([name, value]) => {
      const parameter = known.find((one) => one["name"] === name);
      if (!parameter) return [`${method} ${template}: unknown query ${name}`];
      const schema = parameter["schema"] as JsonMap;
      const typed = schema["type"] === "integer" ? Number(value) : value;
      return ajv.validate(schema, typed) ? [] : [`${method} ${template}: query ${name} is ${value}`];
    });
    const schema = find([
      "paths",
      template!,
      method.toLowerCase(),
      "requestBody",
      "content",
      "application/json",
      "schema",
    ]);
    if (!isObject(schema))
      return Object.keys(body).length === 0
        ? wrongQuery
        : [...wrongQuery, `${method} ${template}: no body is described`];
    const wrongBody = ajv.validate({ ...schema, components: description["components"] }, body)
      ? []
      : (ajv.errors ?? []).map((one) => `${method} ${template}: body${one.instancePath} ${one.message}`);
    const members = isObject(schema["properties"]) ? Object.keys(schema["properties"]) : undefined;
    const unknown = members ? Object.keys(body).filter((name) => !members.includes(name)) : [];
    return [
      ...wrongQuery,
      ...wrongBody,
      ...unknown.map((name) => `${method} ${template}: unknown member ${name}`),
    ];
  };
}

const judge = openJudge();
const file = (many: number): string =>
  `services:\n${Array.from({ length: many }, (_, index) => `  - {type: worker, name: w-${index}, runtime: image, image: {url: nginx}, plan: starter}\n`).join("")}`;

describe("what the Action asks of GitHub is what GitHub describes", () => {
  let runner: Runner;
  beforeAll(async () => void (runner = await startRunner()), 300_000);
  afterAll(() => runner.close());

  test("in a pull request, as a roll-up, with errors on lines, after the merge, and with drift", async () => {
    const head = await runner.push("feature", file(2));
    const event = { event: "pull_request", payload: pullRequest(7, head), at: "feature" };
    const plan = { command: "plan", state: "git" };
    await runner.run({ ...event, inputs: plan });
    await runner.run({ ...event, inputs: { ...plan, comment: "always-new" } });
    await runner.run({ ...event, inputs: { ...plan, comment: "rollup", label: "web" } });
    const broken = await runner.push("feature", file(60).replaceAll("plan: starter", "plan: starterr"));
    await runner.run({ ...event, payload: pullRequest(7, broken), inputs: plan });
    const commit = await runner.merge(head, file(2));
    const applied = await runner.run({
      event: "push",
      sha: commit,
      inputs: { command: "apply", state: "git" },
    });
    expect({ code: applied.code, log: applied.log }).toMatchObject({ code: 0 });
    await runner.run({ event: "schedule", inputs: { command: "drift", state: "git" } });

    const { requests, unknown } = runner.github;
    expect(unknown).toEqual([]);
    const rest = requests.filter(({ path }) => path !== "/graphql");
    const calls = new Set(
      rest.map(({ method, path }) => `${method} ${path.replaceAll(/\/[0-9a-f]{40}|\/\d+/gu, "/{}")}`),
    );
    process.stdout.write(`${rest.length} requests of ${calls.size} calls judged by GitHub's description\n`);
    expect(calls.size).toBeGreaterThan(6);
    expect([...new Set(rest.flatMap(judge))]).toEqual([]);
  });

  test("what is wrong is found", () => {
    const query = new URLSearchParams();
    const of = (method: string, path: string, body: JsonMap, asked = query) =>
      judge({ method, path, query: asked, body });
    expect(of("POST", "/repos/a/b/check-runs", { name: "x" })).not.toEqual([]);
    expect(of("POST", "/repos/a/b/issues/7/comments", { body: "x", text: "y" })).not.toEqual([]);
    expect(of("GET", "/repos/a/b/pulls", {}, new URLSearchParams({ state: "shut" }))).not.toEqual([]);
    expect(of("GET", "/repos/a/b/comments", {})).not.toEqual([]);
    expect(of("POST", "/repos/a/b/issues/7/comments", { body: "x" })).toEqual([]);
  });
});
