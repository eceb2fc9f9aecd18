import { afterEach, expect, test } from "vitest";
import type { SimulatorOptions } from "../../src/simulator/start.ts";
import { makeStillClock, startClient, stopAll, webService } from "./client.ts";

afterEach(stopAll);

type Deploy = { readonly id: string; readonly status: string; readonly [field: string]: unknown };

async function startService(options: SimulatorOptions = {}, details: object = {}) {
  const clock = makeStillClock();
  const client = await startClient({ clock, ...options });
  const created = await client.call("POST", "/services", webService(client, "api", {}, details));
  const { service } = created.body as { service: { id: string } };
  const path = `/services/${service.id}/deploys`;
  return {
    clock,
    client,
    path,
    list: async (): Promise<Deploy[]> => {
      const listed = (await client.call("GET", path)).body as { deploy: Deploy }[];
      return listed.map(({ deploy }) => deploy);
    },
  };
}

test("a deploy builds, migrates, updates and goes live as time passes", async () => {
  const { clock, list } = await startService({}, { preDeployCommand: "migrate" });
  const statuses: string[] = [];
  for (const milliseconds of [0, 3000, 1000, 1000]) {
    clock.advance(milliseconds);
    statuses.push((await list())[0]?.status ?? "");
  }
  expect(statuses).toEqual(["build_in_progress", "pre_deploy_in_progress", "update_in_progress", "live"]);
});

test("another deploy waits its turn: 202 without a body; then the first is deactivated", async () => {
  const { clock, client, path, list } = await startService();
  const queued = await client.call("POST", path, {});
  expect([queued.status, queued.body]).toEqual([202, undefined]);
  expect((await list()).map((deploy) => deploy.status)).toEqual(["queued", "build_in_progress"]);
  clock.advance(4000);
  expect((await list()).map((deploy) => deploy.status)).toEqual(["build_in_progress", "live"]);
  clock.advance(4000);
  expect((await list()).map((deploy) => deploy.status)).toEqual(["live", "deactivated"]);
});

test("a deploy that waits is replaced by a newer one, which starts when the running one has ended", async () => {
  const { clock, client, path, list } = await startService();
  await client.call("POST", path, {});
  clock.advance(1000);
  await client.call("POST", path, {});
  expect((await list()).map((deploy) => deploy.status)).toEqual(["queued", "canceled", "build_in_progress"]);
  clock.advance(3500);
  expect((await list()).map((deploy) => deploy.status)).toEqual(["build_in_progress", "canceled", "live"]);
});

test("where overlapping deploys supersede, the newer one answers 201 and ends the older", async () => {
  const { client, path, list } = await startService({ switches: { deployOverlap: "supersede" } });
  expect((await client.call("POST", path, {})).status).toBe(201);
  expect((await list()).map((deploy) => deploy.status)).toEqual(["build_in_progress", "canceled"]);
});

test("a cancel ends a deploy that runs, and comes too late for one that is live", async () => {
  const { clock, client, path, list } = await startService();
  const first = (await list())[0]?.id;
  expect((await client.call("POST", `${path}/${first}/cancel`)).body).toMatchObject({ status: "canceled" });
  expect((await client.call("POST", path, {})).status).toBe(201);
  clock.advance(10_000);
  const live = (await list())[0];
  expect(live?.status).toBe("live");
  expect((await client.call("POST", `${path}/${live?.id}/cancel`)).status).toBe(400);
});

test("a rollback deploys what was live before; a failing build leaves the live one live", async () => {
  const { clock, client, path, list } = await startService();
  const service = path.replace("/deploys", "");
  clock.advance(10_000);
  const first = (await list())[0];
  await client.call("PATCH", service, { serviceDetails: { envSpecificDetails: { buildCommand: "exit 1" } } });
  await client.call("POST", path, {});
  clock.advance(10_000);
  expect((await list()).map((deploy) => deploy.status)).toEqual(["build_failed", "live"]);
  const rollback = await client.call("POST", `${service}/rollback`, { deployId: first?.id });
  expect(rollback.status).toBe(201);
  expect(rollback.body).toMatchObject({ trigger: "rollback", commit: first?.["commit"] });
});

test("with no durations a deploy is live in the answer", async () => {
  const { client, path } = await startService({ switches: { buildMs: 0, updateMs: 0 } });
  expect((await client.call("POST", path, {})).body).toMatchObject({ status: "live" });
});

test("a PATCH deploys by itself only where the switch says so", async () => {
  const { client, path, list } = await startService();
  const service = path.replace("/deploys", "");
  await client.call("PATCH", service, { name: "web" });
  expect(await list()).toHaveLength(1);
  await client.control("POST", "switches", { patchDeploys: true });
  await client.call("PATCH", service, { name: "api" });
  expect((await list())[0]).toMatchObject({ trigger: "service_updated" });
});

test("a job runs and ends by the clock", async () => {
  const { clock, client, path } = await startService();
  const jobs = path.replace("/deploys", "/jobs");
  const good = (await client.call("POST", jobs, { startCommand: "npm run migrate" })).body as { id: string };
  const bad = (await client.call("POST", jobs, { startCommand: "exit 1" })).body as { id: string };
  expect(good).toMatchObject({ status: "pending" });
  clock.advance(2000);
  expect((await client.call("GET", `${jobs}/${good.id}`)).body).toMatchObject({ status: "succeeded" });
  expect((await client.call("GET", `${jobs}/${bad.id}`)).body).toMatchObject({ status: "failed" });
});
