import { afterEach, describe, expect, test } from "vitest";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

type Service = {
  readonly id: string;
  readonly slug: string;
  readonly updatedAt: string;
  readonly serviceDetails: { readonly [field: string]: unknown };
  readonly [field: string]: unknown;
};

async function create(client: Client, body: object): Promise<Service> {
  const reply = await client.call("POST", "/services", body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return (reply.body as { service: Service }).service;
}

async function read(client: Client, id: string): Promise<Service> {
  return (await client.call("GET", `/services/${id}`)).body as Service;
}

function imageBody(client: Client, name: string, type: string, details: object = {}): object {
  return {
    type,
    name,
    ownerId: client.owner,
    image: { ownerId: client.owner, imagePath: "nginx" },
    serviceDetails: { runtime: "image", envSpecificDetails: {}, ...details },
  };
}

describe("creation", () => {
  test("answers the deploy's id and a service that one GET repeats", async () => {
    const client = await startClient();
    const reply = await client.call("POST", "/services", webService(client, "api"));
    expect(reply.status).toBe(201);
    const { deployId, service } = reply.body as { deployId: string; service: Service };
    expect(deployId).toMatch(/^dep-[0-9a-v]{19}[0g]$/);
    expect(await read(client, service.id)).toEqual(service);
    expect(service).toMatchObject({
      slug: "api",
      autoDeploy: "yes",
      autoDeployTrigger: "commit",
      branch: "main",
    });
    expect(service.serviceDetails).toMatchObject({
      env: "node",
      plan: "starter",
      region: "oregon",
      url: "https://api.onrender.com",
      previews: { generation: "off" },
      pullRequestPreviewsEnabled: "no",
      maintenanceMode: { enabled: false, uri: "" },
    });
    for (const field of ["environmentId", "buildFilter", "imagePath"])
      expect(service).not.toHaveProperty(field);
  });

  test("moves the pre-deploy command into the runtime's details and derives previews", async () => {
    const client = await startClient();
    const details = {
      preDeployCommand: "npm run migrate",
      previews: { generation: "automatic" },
      pullRequestPreviewsEnabled: "no",
    };
    const service = await create(client, webService(client, "api", {}, details));
    expect(service.serviceDetails).toMatchObject({
      envSpecificDetails: {
        buildCommand: "npm ci",
        startCommand: "npm start",
        preDeployCommand: "npm run migrate",
      },
      pullRequestPreviewsEnabled: "yes",
    });
  });

  test("normalises an image and gives workers and cron jobs a slug with a suffix", async () => {
    const client = await startClient();
    const worker = await create(client, imageBody(client, "queue", "background_worker"));
    expect(worker["imagePath"]).toBe("docker.io/library/nginx:latest");
    expect(worker.slug).toMatch(/^queue-[a-z0-9]{4}$/);
    const cron = await create(client, imageBody(client, "nightly", "cron_job", { schedule: "0 3 * * *" }));
    expect(cron.id).toMatch(/^crn-/);
    expect(cron.serviceDetails).toMatchObject({ schedule: "0 3 * * *" });
    expect(cron.serviceDetails).not.toHaveProperty("numInstances");
  });

  test.each([
    ["several free instances", {}, { plan: "free", numInstances: 2 }, 400, /free/],
    ["a retired plan", {}, { plan: "standard_plus" }, 400, /no longer/],
    ["an unknown plan", {}, { plan: "gigantic" }, 400, /invalid plan/],
    [
      "a second instance beside a disk",
      {},
      { numInstances: 2, disk: { name: "d", mountPath: "/d" } },
      400,
      /one instance/,
    ],
    ["a disk on a system folder", {}, { disk: { name: "d", mountPath: "/etc" } }, 400, /mount path/],
    ["an unknown region", {}, { region: "mars" }, 400, /region/],
    ["no start command", {}, { envSpecificDetails: { buildCommand: "make" } }, 400, /startCommand/],
    ["no name", { name: "" }, {}, 400, /name/],
    ["an unknown environment", { environmentId: "evm-00000000000000000000" }, {}, 404, /not found: evm-/],
    [
      "a repeated variable",
      {
        envVars: [
          { key: "A", value: "1" },
          { key: "A", value: "2" },
        ],
      },
      {},
      400,
      /duplicate/,
    ],
  ])("refuses %s and leaves nothing behind", async (_what, more, details, status, message) => {
    const client = await startClient();
    const reply = await client.call("POST", "/services", webService(client, "api", more, details));
    expect(reply.status).toBe(status);
    expect((reply.body as { message: string }).message).toMatch(message);
    expect((await client.call("GET", "/services")).body).toEqual([]);
  });

  test("refuses a name that the workspace has, and allows it in another one", async () => {
    const client = await startClient();
    await create(client, webService(client, "api"));
    expect((await client.call("POST", "/services", webService(client, "api"))).status).toBe(409);
    const owners = (await client.call("GET", "/owners")).body as { owner: { id: string } }[];
    const other = owners.map(({ owner }) => owner.id).find((id) => id !== client.owner);
    const twin = await create(client, webService(client, "api", { ownerId: other }));
    expect(twin.slug).toMatch(/^api-[a-z0-9]{4}$/);
  });
});

describe("a PATCH", () => {
  test("that changes nothing does not bump updatedAt; one that changes something does", async () => {
    const client = await startClient();
    const service = await create(client, webService(client, "api"));
    const same = await client.call("PATCH", `/services/${service.id}`, {
      name: "api",
      serviceDetails: { plan: "starter" },
    });
    expect(same.body).toEqual(service);
    const renamed = (await client.call("PATCH", `/services/${service.id}`, { name: "web" })).body as Service;
    expect(renamed).toMatchObject({ name: "web", slug: "api" });
    expect(renamed.updatedAt > service.updatedAt).toBe(true);
  });

  test("to an image drops repo and branch, and back to a repository drops the image", async () => {
    const client = await startClient();
    const { id } = await create(client, webService(client, "api"));
    const image = await client.call("PATCH", `/services/${id}`, {
      image: { ownerId: client.owner, imagePath: "ghcr.io/acme/api:2" },
      serviceDetails: { runtime: "image", envSpecificDetails: { dockerCommand: "" } },
    });
    expect(image.body).toMatchObject({ imagePath: "ghcr.io/acme/api:2" });
    expect(image.body).not.toHaveProperty("repo");
    expect(image.body).not.toHaveProperty("branch");
    const docker = await client.call("PATCH", `/services/${id}`, {
      repo: "https://github.com/acme/app",
      serviceDetails: { runtime: "docker", envSpecificDetails: {} },
    });
    expect(docker.body).toMatchObject({
      repo: "https://github.com/acme/app",
      serviceDetails: { envSpecificDetails: { dockerContext: ".", dockerfilePath: "./Dockerfile" } },
    });
    expect(docker.body).not.toHaveProperty("imagePath");
  });

  test("clears: a filter disappears, a command stays as an empty text", async () => {
    const client = await startClient();
    const filter = { buildFilter: { paths: ["src/**"], ignoredPaths: [] } };
    const service = await create(client, webService(client, "api", filter, { preDeployCommand: "make" }));
    expect(service["buildFilter"]).toEqual(filter.buildFilter);
    const cleared = await client.call("PATCH", `/services/${service.id}`, {
      buildFilter: { paths: null, ignoredPaths: null },
      serviceDetails: { preDeployCommand: "" },
    });
    expect(cleared.body).not.toHaveProperty("buildFilter");
    expect(cleared.body).toMatchObject({ serviceDetails: { envSpecificDetails: { preDeployCommand: "" } } });
  });
});

describe("entries", () => {
  test("of env vars read newest first, answer a PUT in its order, and leave updatedAt alone", async () => {
    const client = await startClient();
    const service = await create(client, webService(client, "api", { envVars: [{ key: "A", value: "1" }] }));
    const path = `/services/${service.id}/env-vars`;
    const put = await client.call("PUT", path, [
      { key: "B", value: "2" },
      { key: "C", generateValue: true },
    ]);
    const keys = (reply: { body: unknown }) =>
      (reply.body as { envVar: { key: string } }[]).map(({ envVar }) => envVar.key);
    expect(keys(put)).toEqual(["B", "C"]);
    expect(keys(await client.call("GET", path))).toEqual(["C", "B"]);
    const generated = await client.call("GET", `${path}/C`);
    expect((generated.body as { value: string }).value).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect((await client.call("DELETE", `${path}/B`)).status).toBe(204);
    expect((await client.call("DELETE", `${path}/B`)).status).toBe(404);
    expect((await read(client, service.id)).updatedAt).toBe(service.updatedAt);
    expect((await client.call("PUT", path)).body).toEqual([]);
  });

  test("generateValue for a key that has a value makes a new one, or keeps it: a switch", async () => {
    const client = await startClient();
    const service = await create(
      client,
      webService(client, "api", { envVars: [{ key: "A", value: "old" }] }),
    );
    const path = `/services/${service.id}/env-vars/A`;
    await client.control("POST", "switches", { generateAgain: "keep" });
    expect((await client.call("PUT", path, { generateValue: true })).body).toEqual({
      key: "A",
      value: "old",
    });
    await client.control("POST", "switches", { generateAgain: "regenerate" });
    expect((await client.call("PUT", path, { generateValue: true })).body).not.toEqual({
      key: "A",
      value: "old",
    });
  });

  test("of headers and routes are replaced as a whole; emptied, the answer is null", async () => {
    const client = await startClient();
    const site = await create(client, {
      type: "static_site",
      name: "www",
      ownerId: client.owner,
      repo: "https://github.com/acme/www",
      serviceDetails: { routes: [{ type: "redirect", source: "/a", destination: "/b" }] },
    });
    const routes = `/services/${site.id}/routes`;
    const added = await client.call("POST", routes, {
      type: "rewrite",
      source: "/*",
      destination: "/",
      priority: 0,
    });
    expect(added.body).toMatchObject({ priority: 0 });
    const list = (await client.call("GET", routes)).body as { route: { source: string; priority: number } }[];
    expect(list.map(({ route }) => [route.source, route.priority])).toEqual([
      ["/*", 0],
      ["/a", 1],
    ]);
    expect((await client.call("PUT", routes, [])).body).toBeNull();
    const headers = `/services/${site.id}/headers`;
    const put = await client.call("PUT", headers, [{ path: "/*", name: "X-Frame-Options", value: "DENY" }]);
    expect(put.body).toMatchObject([{ name: "X-Frame-Options" }]);
    expect((await client.call("PUT", headers, [])).body).toBeNull();
  });

  test("an apex domain brings its www twin, and takes it along when it goes", async () => {
    const client = await startClient();
    const service = await create(client, webService(client, "api"));
    const path = `/services/${service.id}/custom-domains`;
    const added = await client.call("POST", path, { name: "acme.co.uk" });
    expect(added.body).toMatchObject([
      { name: "acme.co.uk", domainType: "apex", publicSuffix: "co.uk", redirectForName: "" },
      { name: "www.acme.co.uk", domainType: "subdomain", redirectForName: "acme.co.uk" },
    ]);
    expect((await client.call("POST", path, { name: "www.acme.co.uk" })).status).toBe(409);
    expect((await client.call("POST", `${path}/acme.co.uk/verify`)).status).toBe(202);
    expect((await client.call("GET", `${path}/acme.co.uk`)).body).toMatchObject({
      verificationStatus: "verified",
    });
    expect((await client.call("DELETE", `${path}/acme.co.uk`)).status).toBe(204);
    expect((await client.call("GET", path)).body).toEqual([]);
  });

  test("a domain whose name never has a record stays unverified", async () => {
    const client = await startClient();
    const service = await create(client, webService(client, "api"));
    const path = `/services/${service.id}/custom-domains`;
    await client.call("POST", path, { name: "app.acme.invalid" });
    expect((await client.call("POST", `${path}/app.acme.invalid/verify`)).status).toBe(202);
    expect((await client.call("GET", path)).body).toMatchObject([
      { customDomain: { verificationStatus: "unverified" } },
    ]);
  });
});

describe("disks and scaling", () => {
  test("a disk grows, never shrinks, and bumps the service when it comes and goes", async () => {
    const client = await startClient();
    const service = await create(client, webService(client, "api"));
    const disk = await client.call("POST", "/disks", {
      serviceId: service.id,
      name: "data",
      mountPath: "/data",
      sizeGB: 5,
    });
    expect(disk.status).toBe(201);
    const { id } = disk.body as { id: string };
    const attached = await read(client, service.id);
    expect(attached.serviceDetails["disk"]).toEqual({ id, name: "data", mountPath: "/data", sizeGB: 5 });
    expect(attached.updatedAt > service.updatedAt).toBe(true);
    expect((await client.call("PATCH", `/disks/${id}`, { sizeGB: 4 })).status).toBe(400);
    expect((await client.call("PATCH", `/disks/${id}`, { sizeGB: 6 })).body).toMatchObject({ sizeGB: 6 });
    expect((await read(client, service.id)).updatedAt).toBe(attached.updatedAt);
    expect((await client.call("POST", `/services/${service.id}/scale`, { numInstances: 2 })).status).toBe(
      400,
    );
    expect((await client.call("DELETE", `/disks/${id}`)).status).toBe(204);
    expect((await read(client, service.id)).serviceDetails).not.toHaveProperty("disk");
  });

  test("autoscaling is echoed, shown and removed without a bump; scaling bumps", async () => {
    const client = await startClient();
    const service = await create(client, webService(client, "api"));
    const scaling = {
      enabled: true,
      min: 1,
      max: 3,
      criteria: { cpu: { enabled: true, percentage: 60 }, memory: { enabled: false, percentage: 70 } },
    };
    expect((await client.call("PUT", `/services/${service.id}/autoscaling`, scaling)).body).toEqual(scaling);
    const scaled = await read(client, service.id);
    expect(scaled.serviceDetails["autoscaling"]).toEqual(scaling);
    expect(scaled.updatedAt).toBe(service.updatedAt);
    expect((await client.call("DELETE", `/services/${service.id}/autoscaling`)).status).toBe(204);
    const reply = await client.call("POST", `/services/${service.id}/scale`, { numInstances: 4 });
    expect([reply.status, reply.body]).toEqual([202, undefined]);
    const manual = await read(client, service.id);
    expect(manual.serviceDetails["numInstances"]).toBe(4);
    expect(manual.updatedAt > service.updatedAt).toBe(true);
  });
});

test("deleting takes everything along, and a suspended service deploys when it is resumed", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const service = await create(client, webService(client, "api"));
  const path = `/services/${service.id}`;
  expect((await client.call("POST", `${path}/suspend`)).status).toBe(202);
  expect(await read(client, service.id)).toMatchObject({ suspended: "suspended", suspenders: ["user"] });
  expect((await client.call("POST", `${path}/deploys`, {})).status).toBe(400);
  expect((await client.call("POST", `${path}/resume`)).status).toBe(202);
  const deploys = (await client.call("GET", `${path}/deploys`)).body as { deploy: { trigger: string } }[];
  expect(deploys[0]?.deploy.trigger).toBe("service_resumed");
  expect((await client.call("DELETE", path)).status).toBe(204);
  expect((await client.call("GET", path)).body).toEqual({ message: `not found: ${service.id}` });
});
