import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { readText, stateOf, toldBy } from "../file/read.ts";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const toApi = (path = ", path: /v1/*"): string =>
  `{ fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL }${path} }`;
const file = (destination: string, more = "", header = "DENY"): string => `
services:
  - type: web
    name: docs
    runtime: static
    buildCommand: npm run build
    staticPublishPath: dist
    headers:
      - { path: "/*", name: X-Origin, value: ${header} }
    routes:
      - { type: redirect, source: /old, destination: /new }
      - { type: rewrite, source: "/api/*", destination: ${destination} }
      - { type: rewrite, source: "/*", destination: /index.html }
  - type: web
    name: api
    runtime: node
    buildCommand: npm ci
    startCommand: npm start
${more}`;
const withSite = `    envVars:
      - key: SITE
        fromService: { type: web, name: docs, envVarKey: RENDER_EXTERNAL_URL }
`;

type Route = { readonly source: string; readonly destination: string };
function destinations(): readonly string[] {
  return (rowNamed(scene, "services", "docs")["routes"] as readonly Route[]).map(
    ({ source, destination }) => `${source} ${destination}`,
  );
}
function addressOf(name: string): string {
  return `https://${rowNamed(scene, "services", name)["slug"] as string}.onrender.com`;
}
function wanted(path = "/v1/*"): readonly string[] {
  return ["/old /new", `/api/* ${addressOf("api")}${path}`, "/* /index.html"];
}
function headerText(): string {
  const [header] = rowNamed(scene, "services", "docs")["headers"] as readonly { readonly value: string }[];
  return header!.value;
}

test("a route leads to a service that the same run makes, which comes first", async () => {
  await converge(scene, file(toApi()));
  expect(destinations()).toEqual(wanted());
  const made = scene.requests.filter(({ method }) => method === "POST").map(({ path }) => path);
  expect(made).toEqual(["/services", "/services"]);
  expect((await readsOf(scene)).filter((line) => line.includes("env-vars"))).toEqual([]);
});

test("a header has the address of a service, without a path", async () => {
  await converge(scene, file(toApi(), "", toApi("")));
  expect(headerText()).toBe(addressOf("api"));
});

test("services that lead to each other are made first; the routes follow whole and in order", async () => {
  await converge(scene, file(toApi(), withSite, toApi("")));
  expect(destinations()).toEqual(wanted());
  expect(headerText()).toBe(addressOf("api"));
  const variables = rowNamed(scene, "services", "api")["envVars"];
  expect(variables).toMatchObject([{ key: "SITE", value: addressOf("docs") }]);
});

test("a route of a site leads to the site itself", async () => {
  const own = toApi().replace("name: api", "name: docs");
  await converge(scene, file(own));
  expect(destinations()[1]).toBe(`/api/* ${addressOf("docs")}/v1/*`);
});

test("a service that takes the place of another one takes the route along, and the rest of the routes stays", async () => {
  await converge(scene, file(toApi(), "    region: oregon\n", toApi("")));
  const before = addressOf("api");
  await scene.write(file(toApi(), "    region: frankfurt\n", toApi("")));
  const report = await scene.apply({ allowReplace: ["render/service/api"] });
  expect(report.problems).toEqual([]);
  expect(addressOf("api")).not.toBe(before);
  expect(destinations()).toEqual(wanted());
  expect(headerText()).toBe(addressOf("api"));
  expect(stepsOf(await scene.plan())).toEqual([]);
});

test("a service that is renamed keeps its address, and so does the route", async () => {
  await converge(scene, file(toApi()));
  const before = destinations();
  const text = file(toApi().replace("name: api", "name: web")).replace(
    "    name: api\n",
    "    name: web\n    lifecycle: { renamedFrom: api }\n",
  );
  await converge(scene, text);
  expect(destinations()).toEqual(before);
});

test("who changed a route is told: somebody outside, the file, or the service behind it", async () => {
  await converge(scene, file(toApi()));
  const routes = rowNamed(scene, "services", "docs")["routes"] as readonly Route[];
  const elsewhere = routes.map(({ source, destination, ...route }) => ({
    ...route,
    source,
    destination: source === "/api/*" ? "https://evil.example" : destination,
  }));
  await scene.edit("PUT", `/services/${idOf(scene, "services", "docs")}/routes`, elsewhere);
  const plan = await scene.plan();
  expect(verdictsOf(plan)).toEqual(["update render/service/docs outside"]);
  const [field] = plan.changes.flatMap(({ fields }) => fields);
  expect(field).toMatchObject({
    entry: "rewrite /api/*",
    before: { show: "public", value: { destination: "https://evil.example" } },
    after: { show: "public", value: { destination: `${addressOf("api")}/v1/*` } },
  });
  await converge(scene, file(toApi()));
  await scene.write(file(toApi(", path: /v2/*")));
  expect(verdictsOf(await scene.plan())).toEqual(["update render/service/docs file"]);
  await converge(scene, file(toApi(", path: /v2/*")));
  expect(destinations()).toEqual(wanted("/v2/*"));
});

test("a text that becomes a reference to the same address writes nothing", async () => {
  await converge(scene, file(toApi()));
  await converge(scene, file(JSON.stringify(`${addressOf("api")}/v1/*`)));
  const writes = scene.requests.filter(({ method }) => method !== "GET").length;
  await converge(scene, file(toApi()));
  expect(scene.requests.filter(({ method }) => method !== "GET")).toHaveLength(writes);
});

test("a service that no file declares is looked up by its name", async () => {
  const text = file(toApi());
  const own = text.indexOf("  - type: web\n    name: api");
  await scene.close();
  scene = await openScene({ load: [stateOf(`services:\n${text.slice(own)}`)] });
  await converge(scene, text.slice(0, own));
  expect(destinations()).toEqual(wanted());
});

test("an export says such addresses as references, and planning with it adopts only", async () => {
  await converge(scene, file(toApi(), withSite, toApi("")));
  const exported = await runExport({ literals: [] }, scene.deps);
  expect(exported.problems).toEqual([]);
  const other = await openScene({ saved: scene.simulator.save() });
  try {
    await other.write(exported.text);
    const plan = await other.plan();
    const services = plan.changes.filter(({ kind }) => kind === "render/service");
    expect(services.map(({ action, fields }) => [action, fields.length])).toEqual([
      ["adopt", 0],
      ["adopt", 0],
    ]);
    expect(exported.text).toMatch(
      /destination:\n\s+fromService:\n\s+type: web\n\s+name: api\n\s+envVarKey: RENDER_EXTERNAL_URL\n\s+path: \/v1\/\*\n/u,
    );
    expect(exported.text).toMatch(/value:\n\s+fromService:\n\s+type: web\n\s+name: api/u);
    expect(exported.text).not.toContain("onrender.com");
  } finally {
    await other.close();
  }
});

describe("what everybody can read takes nothing but a public address", () => {
  test.each([
    ["{ fromDatabase: { name: main, property: connectionString } }", "error unknown-key"],
    ["{ value: /index.html }", "error unknown-key"],
    ["{ path: /x }", "error missing-key"],
    ["{ fromService: { type: web, name: api, envVarKey: TOKEN } }", "error wrong-value"],
    ["{ fromService: { type: web, name: api, property: hostport } }", "error wrong-value"],
    ["{ fromService: { type: web, name: api } }", "error missing-key"],
    [toApi(", path: v1"), "error wrong-value"],
    [toApi(", path: [v1]"), "error wrong-type"],
    [
      "{ fromService: { type: worker, name: jobs, envVarKey: RENDER_EXTERNAL_URL } }",
      "error reference-property",
    ],
    ["[/index.html]", "error wrong-type"],
  ])("%s", (destination, told) => {
    const jobs = "  - { type: worker, name: jobs, runtime: docker }\n";
    const problems = toldBy(readText(file(destination) + jobs));
    expect(problems.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([told]);
  });

  test("in a file that a Blueprint may read, it warns", () => {
    const told = readText(file(toApi()), "render.yaml").problems.map(({ code }) => code);
    expect(told).toContain("extension-in-blueprint");
  });
});
