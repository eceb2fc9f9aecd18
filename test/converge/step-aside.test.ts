import { afterEach, describe, expect, test } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { renderSchedule } from "../../src/views/plan/schedule.ts";
import type { Transport } from "../../src/world/transport.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, ourRows, rowNamed, variablesOf, writesOf, type Row } from "../observe.ts";
import { openScene, planDefaults, start, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const screen = { columns: 200, colour: false, unicode: true };
const agreed = { allowDeletes: 20, allowReplace: ["*"] };

async function applyThenPlan(text: string): Promise<readonly string[]> {
  await scene.write(text);
  const report = await scene.apply(agreed);
  expect(report.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
  expect(report.verdict).toBe("done");
  expect(hasWork(await scene.plan(agreed))).toBe(false);
  expect(await scene.inventory()).not.toHaveProperty("pending");
  return report.results.map(({ step }) => step);
}

const shop = (region: string, type = "web"): string => `
services:
  - type: ${type}
    name: api
    runtime: docker
    region: ${region}
    envVars:
      - { key: LEVEL, value: info }
      - { key: SESSION, generateValue: true }
      - { key: STRIPE, sync: false }
  - type: worker
    name: queue
    runtime: docker
    envVars:
      - { key: API, fromService: { type: ${type}, name: api, property: hostport } }
`;

/** What people set in the dashboard, and no file says. */
async function typeByHand(): Promise<void> {
  const id = idNamed(scene, "services", "api");
  await scene.edit("PUT", `/services/${id}/env-vars/STRIPE`, { value: "sk_live_1" });
  await scene.edit("PUT", `/services/${id}/env-vars/BY_HAND`, { value: "typed" });
  await scene.edit("PUT", `/services/${id}/secret-files/cert.pem`, { content: "certificate" });
  await scene.edit("PATCH", `/services/${id}`, {
    rootDir: "backend",
    serviceDetails: { plan: "standard", preDeployCommand: "npm run migrate" },
  });
  await scene.edit("POST", `/services/${id}/scale`, { numInstances: 3 });
}

describe("a service that is replaced", () => {
  test.each([
    { what: "region", to: shop("ohio") },
    { what: "type", to: shop("oregon", "pserv") },
  ])(
    "by another $what gives its name and all it has to the new one, and goes when that works",
    async ({ to }) => {
      scene = await openScene();
      await applyThenPlan(shop("oregon"));
      await typeByHand();
      const before = rowNamed(scene, "services", "api");
      const variables = variablesOf(scene, "api");
      scene.requests.length = 0;

      await scene.write(to);
      const text = renderPlan(await scene.plan(agreed), screen);
      expect(text).toContain("the new one is made first and takes over envVars (3) and secretFiles (1)");
      expect(text).toContain("the new one gets another address: api.onrender.com goes with the former one");
      expect(text).not.toContain("sk_live_1");

      const steps = await applyThenPlan(to);
      expect(steps).toEqual([
        "aside render/service/api",
        "create render/service/api",
        "update render/service/queue envVars.API",
        "wait render/service/api live",
        "deploy render/service/queue",
        "wait render/service/queue live",
        "delete render/service/api former",
      ]);
      const after = rowNamed(scene, "services", "api");
      expect(after["id"]).not.toBe(before["id"]);
      expect(variablesOf(scene, "api")).toEqual(variables);
      expect(after).toMatchObject({
        plan: "standard",
        rootDir: "backend",
        preDeployCommand: "npm run migrate",
        numInstances: 3,
        secretFiles: [{ name: "cert.pem", content: "certificate" }],
      });
      expect(ourRows(scene, "services")).toHaveLength(2);
      expect(variablesOf(scene, "queue")["API"]).toBe(`${after["slug"] as string}:10000`);
      const [aside, create] = writesOf(scene);
      expect([aside, create]).toEqual([
        `PATCH /services/${before["id"] as string} 200`,
        "POST /services 201",
      ]);
      expect(writesOf(scene).at(-1)).toBe(`DELETE /services/${before["id"] as string} 204`);
    },
  );

  test("keeps no variable that the same edit takes out of the file, and none that a block claims for itself", async () => {
    scene = await openScene();
    await applyThenPlan(shop("oregon"));
    await typeByHand();
    await applyThenPlan(
      shop("ohio")
        .replace("      - { key: LEVEL, value: info }\n", "")
        .replace("    envVars:", "    envVarsExclusive: true\n    envVars:"),
    );
    expect(Object.keys(variablesOf(scene, "api")).sort()).toEqual(["SESSION", "STRIPE"]);
  });

  test("gives its headers, its routes and its place in the environment to the new one", async () => {
    scene = await openScene();
    const site = (type: string): string => `
services:
  - { type: ${type}, name: www, runtime: ${type === "web" ? "static" : "docker"}, ${type === "web" ? "staticPublishPath: dist, buildCommand: make" : ""} }
projects:
  - name: shop
    environments: [{ name: production }]
`;
    await applyThenPlan(site("worker"));
    const environment = ourRows(scene, "environments")[0]?.["id"] ?? scene.rows("environments")[0]?.["id"];
    const id = idNamed(scene, "services", "www");
    await scene.edit("POST", `/environments/${environment as string}/resources`, { resourceIds: [id] });
    await applyThenPlan(site("web"));
    expect(rowNamed(scene, "services", "www")).toMatchObject({
      type: "static_site",
      environmentId: environment,
    });
  });

  test("is not replaced where something of it cannot be taken over, which the refusal names", async () => {
    scene = await openScene();
    await applyThenPlan(shop("oregon"));
    const id = idNamed(scene, "services", "api");
    await scene.edit("POST", `/services/${id}/custom-domains`, { name: "pay.acme.dev" });
    await scene.write(shop("ohio"));
    const { refusals } = await scene.plan(agreed);
    expect(refusals).toMatchObject([
      {
        code: "replace-loses-values",
        message: expect.stringContaining("the custom domain pay.acme.dev") as string,
      },
    ]);
    expect(await scene.apply(agreed)).toMatchObject({ verdict: "refused" });
    expect(idNamed(scene, "services", "api")).toBe(id);
    await applyThenPlan(
      shop("ohio")
        .replace(
          "    runtime: docker\n    region: ohio",
          "    runtime: docker\n    region: ohio\n    domains: [pay.acme.dev]",
        )
        .replace("services:", "services:"),
    );
  });
});

describe("while an hour is waited for", () => {
  const names = Array.from({ length: 12 }, (_, index) => `app-${index}`);
  const fleet = (region: string): string =>
    `services:\n${names.map((name) => `  - { type: web, name: ${name}, runtime: docker, region: ${region} }\n`).join("")}`;

  test("no service is away: twelve are replaced with eight creations left", async () => {
    const away: string[] = [];
    let before: ReadonlyMap<string, Row> = new Map();
    let last = start;
    const watch =
      (send: Transport): Transport =>
      async (request) => {
        const isLong = scene.world.now() - last > 120_000;
        last = scene.world.now();
        const waiting = isLong ? ourRows(scene, "services") : [];
        const answer = await send(request);
        if (before.size === 0) return answer;
        const rows = ourRows(scene, "services");
        for (const [name, { id }] of before) {
          const former = rows.find((row) => row["id"] === id);
          const now = rows.find((row) => row["name"] === name && row["id"] !== id) as
            | { readonly deploys: readonly { readonly status: string }[] }
            | undefined;
          const runs = now?.deploys.some(({ status }) => status === "live") === true;
          if (!former && !runs) away.push(`${name} is away at ${scene.world.now() - start}`);
          const isAside = waiting.some((row) => row["id"] === id && row["name"] !== name);
          if (isAside && !waiting.some((row) => row["name"] === name))
            away.push(`${name} lost its name for an hour`);
        }
        return answer;
      };
    scene = await openScene({ send: watch });
    await scene.write(fleet("oregon"));
    expect((await scene.apply()).verdict).toBe("done");
    before = new Map(names.map((name) => [name, rowNamed(scene, "services", name)]));
    await scene.write(fleet("ohio"));
    const plan = await scene.plan(agreed);
    expect(plan.schedule).not.toHaveProperty("gaps");
    expect(plan.schedule.waves.length).toBeGreaterThan(1);
    const report = await scene.apply(agreed);
    expect(report.verdict).toBe("done");
    expect(scene.world.now() - start).toBeGreaterThan(3_000_000);
    expect(away).toEqual([]);
    expect(
      ourRows(scene, "services")
        .map(({ name, region }) => `${name as string} ${region as string}`)
        .sort(),
    ).toEqual(names.map((name) => `${name} ohio`).sort());
    expect(scene.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("a domain stays where it is until it may be made on the other service, and the plan says for how long it is away", async () => {
    scene = await openScene({
      limits: { "render/custom-domain": { size: 3, windowMs: 3_600_000 } },
    });
    const text = (host: string): string => `
services:
  - { type: web, name: one, runtime: docker${host === "one" ? ", domains: [shop.acme.dev, pay.acme.dev, api.acme.dev]" : ""} }
  - { type: web, name: two, runtime: docker${host === "two" ? ", domains: [shop.acme.dev, pay.acme.dev, api.acme.dev]" : ""} }
`;
    await scene.write(text("one"));
    expect((await scene.apply()).verdict).toBe("done");
    await scene.write(text("two"));
    const plan = await scene.plan(agreed);
    expect(plan.schedule.gaps?.map(({ address }) => address)).toEqual([
      "render/custom-domain/api.acme.dev",
      "render/custom-domain/pay.acme.dev",
      "render/custom-domain/shop.acme.dev",
    ]);
    expect(Math.max(...(plan.schedule.gaps ?? []).map(({ time }) => time))).toBeLessThan(10_000);
    expect(renderPlan(plan, screen)).toContain("away for a few seconds");
    expect(renderSchedule(plan, screen)).toContain(
      "render/custom-domain/shop.acme.dev is away for a few seconds, from",
    );
    expect((await scene.apply(agreed)).verdict).toBe("done");
    const deletions = scene.requests.filter(
      ({ method, path }) => method === "DELETE" && path.includes("custom-domains"),
    );
    expect(deletions).toHaveLength(3);
    const moved = scene.requests
      .map(({ t, method, path, status }) => ({ t, method, path, status }))
      .filter(
        ({ method, path }) => method !== "GET" && path.includes("custom-domains") && !path.endsWith("verify"),
      );
    for (const { t } of moved.filter(({ method }) => method === "DELETE")) {
      const next = moved.find((one) => one.method === "POST" && one.status === 201 && one.t >= t);
      expect((next?.t ?? Infinity) - t).toBeLessThan(10_000);
    }
    expect(scene.requests.filter(({ status }) => status === 429)).toEqual([]);
  });
});

describe("a creation that Render refuses for good", () => {
  const refuse =
    (isRefused: () => boolean, status: number) =>
    (send: Transport): Transport =>
    async (request) =>
      isRefused() && request.method === "POST" && request.url.endsWith("/v1/services")
        ? { status, headers: {}, text: '{"message":"no"}' }
        : send(request);

  test.each([400, 402, 409])(
    "with %i leaves the former one, which the next run goes on with",
    async (status) => {
      let isRefused = false;
      scene = await openScene({ send: refuse(() => isRefused, status) });
      await applyThenPlan(shop("oregon"));
      const id = idNamed(scene, "services", "api");
      isRefused = true;
      await scene.write(shop("ohio"));
      expect((await scene.apply(agreed)).verdict).toBe("failed");
      expect(ourRows(scene, "services").find((row) => row["id"] === id)?.["name"]).toMatch(
        /^api-[0-9a-f]{8}$/u,
      );
      expect(await scene.drift()).toMatchObject({ drifted: [] });
      const plan = await scene.plan(agreed);
      expect(plan.steps.map((step) => step.id)).not.toContain("aside render/service/api");
      expect(renderPlan(plan, screen)).toContain("an earlier run began to replace it");
      isRefused = false;
      await applyThenPlan(shop("ohio"));
      expect(
        ourRows(scene, "services")
          .map(({ name }) => name as string)
          .sort(),
      ).toEqual(["api", "queue"]);
    },
  );

  test("and a file that goes back to what was give the former one its name again", async () => {
    let isRefused = false;
    scene = await openScene({ send: refuse(() => isRefused, 402) });
    await applyThenPlan(shop("oregon"));
    const id = idNamed(scene, "services", "api");
    isRefused = true;
    await scene.write(shop("ohio"));
    expect((await scene.apply(agreed)).verdict).toBe("failed");
    isRefused = false;
    const steps = await applyThenPlan(shop("oregon"));
    expect(steps.slice(0, 2)).toEqual(["converge render/service/api", "update render/service/api name"]);
    expect(idNamed(scene, "services", "api")).toBe(id);
  });

  test("is not tried while somebody else has the name, and a person says which one is meant", async () => {
    let isRefused = false;
    scene = await openScene({ send: refuse(() => isRefused, 402) });
    await applyThenPlan(shop("oregon"));
    const { id: _id, slug: _slug, ...former } = rowNamed(scene, "services", "api");
    isRefused = true;
    await scene.write(shop("ohio"));
    expect((await scene.apply(agreed)).verdict).toBe("failed");
    await scene.edit("POST", "/services", {
      type: "web_service",
      name: "api",
      ownerId: former["ownerId"] as string,
      repo: "https://github.com/acme/other",
      serviceDetails: { runtime: "docker", region: "ohio" },
    });
    isRefused = false;
    const { refusals } = await scene.plan(agreed);
    expect(refusals).toMatchObject([{ code: "ambiguous-name", address: "render/service/api" }]);
    expect(refusals[0]?.remedy).toContain("trueup state adopt render/service/api srv-");
  });
});

test("a file that asks for a third region while a first replacement is unfinished ends with one service and all values", async () => {
  scene = await openScene();
  await applyThenPlan(shop("oregon"));
  await typeByHand();
  const variables = variablesOf(scene, "api");
  await scene.write(shop("ohio"));
  // Killed when the new one is made.
  expect(
    await new Mortal(scene, { at: "after-write", number: 3 }).apply({
      ...planDefaults,
      ...agreed,
      yes: true,
    }),
  ).toBe("died");
  expect(ourRows(scene, "services")).toHaveLength(3);
  await scene.write(shop("virginia"));
  expect(await new Mortal(scene).apply({ ...planDefaults, ...agreed, yes: true })).toMatchObject({
    verdict: "done",
  });
  expect(ourRows(scene, "services")).toHaveLength(2);
  expect(rowNamed(scene, "services", "api")["region"]).toBe("virginia");
  expect(variablesOf(scene, "api")).toEqual(variables);
  expect(hasWork(await scene.plan(agreed))).toBe(false);
});

test("what is deleted or destroyed while a replacement is unfinished leaves neither of the two", async () => {
  scene = await openScene();
  await applyThenPlan(shop("oregon"));
  await scene.write(shop("ohio"));
  expect(
    await new Mortal(scene, { at: "after-write", number: 2 }).apply({
      ...planDefaults,
      ...agreed,
      yes: true,
    }),
  ).toBe("died");
  const report = await new Mortal(scene).apply({ ...planDefaults, yes: true, destroys: "all" });
  expect(report).toMatchObject({ verdict: "done" });
  expect(ourRows(scene, "services")).toEqual([]);
});
