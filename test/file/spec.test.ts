import { describe, expect, test } from "vitest";
import { resourceOf, stateOf } from "./read.ts";

describe("the spec of a service", () => {
  test("has today's spelling of everything that was written in an old one", () => {
    const { spec } = resourceOf(`
services:
  - type: web
    name: api
    env: docker
    plan: Pro_Plus
    autoDeploy: false
    pullRequestPreviewsEnabled: true
`);
    expect(spec).toEqual({
      type: "web",
      runtime: "docker",
      plan: "pro plus",
      autoDeployTrigger: "off",
      previews: { generation: "automatic" },
    });
  });

  test("prefers the new spelling where both are there", () => {
    const { spec } = resourceOf(`
services:
  - type: web
    name: api
    env: docker
    runtime: node
    buildCommand: npm ci
    startCommand: npm start
    autoDeploy: true
    autoDeployTrigger: checksPass
`);
    expect(spec).toMatchObject({ runtime: "node", autoDeployTrigger: "checksPass" });
  });

  test("keeps routes in order and headers by path and name", () => {
    const { spec } = resourceOf(`
services:
  - type: web
    name: site
    runtime: static
    staticPublishPath: dist
    headers:
      - {path: /*, name: X-Frame-Options, value: DENY}
      - {path: /api/*, name: Cache-Control, value: no-store}
    routes:
      - {type: redirect, source: /old, destination: /new}
      - {type: rewrite, source: /*, destination: /index.html}
`);
    expect(spec["headers"]).toEqual({
      "/* X-Frame-Options": { from: "literal", text: "DENY" },
      "/api/* Cache-Control": { from: "literal", text: "no-store" },
    });
    expect(spec["routes"]).toEqual([
      { type: "redirect", source: "/old", destination: "/new" },
      { type: "rewrite", source: "/*", destination: "/index.html" },
    ]);
  });

  test("names registry credentials by name and needs them", () => {
    const service = resourceOf(
      `
services:
  - type: web
    name: api
    runtime: image
    image:
      url: ghcr.io/acme/api:1
      creds: {fromRegistryCreds: {name: ghcr}}
registryCredentials:
  - {name: ghcr, registry: GITHUB, username: acme, authToken: {fromEnvironment: GHCR_TOKEN}}
`,
      "render/service/api",
    );
    expect(service.spec["image"]).toEqual({ url: "ghcr.io/acme/api:1", creds: "ghcr" });
    expect(service.needs).toEqual(["render/registry-credential/ghcr"]);
  });

  test("leaves out what no API has", () => {
    const { spec } = resourceOf(`
services:
  - type: web
    name: api
    runtime: docker
    initialDeployHook: ./seed
    previewPlan: starter
    previews: {generation: manual, numInstances: 2}
`);
    expect(spec).toEqual({ type: "web", runtime: "docker", previews: { generation: "manual" } });
  });

  test("is without a field whose members have no API, rather than empty", () => {
    const { spec } = resourceOf(
      "services: [{type: web, name: api, runtime: docker, previews: {plan: starter}}]",
    );
    expect(spec).toEqual({ type: "web", runtime: "docker" });
  });

  test("is without keys that belong to another type of service", () => {
    const { spec } = resourceOf(
      "services: [{type: web, name: s, runtime: static, staticPublishPath: d, plan: starter, region: ohio}]",
    );
    expect(spec).toEqual({ type: "web", runtime: "static", staticPublishPath: "d" });
  });
});

describe("absent, null and empty", () => {
  const service = (line: string) =>
    resourceOf(`services: [{type: web, name: api, runtime: docker, ${line}}]`).spec;

  test("null clears a text and an object", () => {
    expect(service("buildCommand: null, buildFilter: null, scaling: null")).toMatchObject({
      buildCommand: null,
      buildFilter: null,
      scaling: null,
    });
  });

  test.each(["envVars: null", "envVars: []"])("%s means no declared entries", (line) => {
    expect(service(line)["envVars"]).toEqual({});
  });

  test("an empty allow list stays a list", () => {
    expect(service("ipAllowList: []")["ipAllowList"]).toEqual([]);
  });

  test("null disk and null domains declare nothing", () => {
    const { resources } = stateOf(
      "services: [{type: web, name: api, runtime: docker, disk: null, domains: null}]",
    );
    expect(resources.map(({ address }) => address)).toEqual(["render/service/api"]);
  });
});

describe("the spec of a database", () => {
  test("holds Blueprint's names, versions as text and users by name", () => {
    const { spec } = resourceOf(`
databases:
  - name: main
    plan: Basic_1GB
    postgresMajorVersion: 16
    diskSizeGB: 15
    highAvailability: {enabled: false}
    readReplicas: [{name: main-read, parameterOverrides: {work_mem: 8MB}}]
    parameterOverrides: {max_connections: 200}
    users: [reporting]
`);
    expect(spec).toEqual({
      plan: "basic-1gb",
      postgresMajorVersion: "16",
      diskSizeGB: 15,
      highAvailability: { enabled: false },
      readReplicas: [{ name: "main-read", parameterOverrides: { work_mem: "8MB" } }],
      parameterOverrides: { max_connections: "200" },
      users: { reporting: true },
    });
  });
});

describe("blocks inside blocks", () => {
  const text = `
services:
  - type: web
    name: api
    runtime: docker
    domains: [WWW.example.com, api.example.com.]
    disk: {name: data, mountPath: /var/data, sizeGB: 20}
`;

  test("a disk and each domain are resources of their own that need the service", () => {
    const { resources } = stateOf(text);
    expect(resources.map(({ address, needs }) => [address, needs])).toEqual(
      expect.arrayContaining([
        ["render/service/api", []],
        ["render/disk/api", ["render/service/api"]],
        ["render/custom-domain/www.example.com", ["render/service/api"]],
        ["render/custom-domain/api.example.com", ["render/service/api"]],
      ]),
    );
  });

  test("the disk has the service's name, the domain its own and the service as a field", () => {
    expect(resourceOf(text, "render/disk/api")).toMatchObject({
      name: "api",
      spec: { name: "data", mountPath: "/var/data", sizeGB: 20 },
    });
    expect(resourceOf(text, "render/custom-domain/api.example.com").spec).toEqual({ service: "api" });
  });
});

describe("places", () => {
  test("every field and entry knows where it stands", () => {
    const { where, places } = resourceOf(`services:
  - type: web
    name: api
    runtime: docker
    envVars:
      - key: PORT
        value: 8080
`);
    expect(where).toEqual({ file: "trueup.yaml", line: 3, column: 11 });
    expect(places.get("runtime")).toEqual({ file: "trueup.yaml", line: 4, column: 5 });
    // Where its value stands, since that line changes.
    expect(places.get("envVars.PORT")).toEqual({ file: "trueup.yaml", line: 7, column: 16 });
  });
});
