import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, setVariable, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ environment: { LOG_TOKEN: "s3cr3t-token" } })));
afterEach(() => scene.close());

const web = (more = ""): string => `
services:
  - type: web
    name: api
    runtime: image
    image: { url: nginx }
    plan: starter
${more}`;

describe("notifications of a service", () => {
  const noisy = web("    notifications: { send: all, previews: false }\n");
  const rows = (): unknown => scene.rows("notificationOverrides");

  test("are written after the service, and read with one list", async () => {
    await converge(scene, noisy);
    expect(rows()).toEqual([
      {
        id: idOf(scene, "services", "api"),
        notificationsToSend: "all",
        previewNotificationsEnabled: "false",
      },
    ]);
    expect((await readsOf(scene)).filter((line) => line.includes("notification"))).toEqual([
      "GET /notification-settings/overrides",
    ]);
  });

  test("somebody else's choice is seen and reverted", async () => {
    await converge(scene, noisy);
    const path = `/notification-settings/overrides/services/${idOf(scene, "services", "api")}`;
    await scene.edit("PATCH", path, { notificationsToSend: "none" });
    expect(verdictsOf(await scene.plan())).toEqual(["update render/service/api outside"]);
    await converge(scene, noisy);
    expect(rows()).toMatchObject([{ notificationsToSend: "all" }]);
  });

  test("null takes them back to the workspace's choice", async () => {
    await converge(scene, noisy);
    await converge(scene, web("    notifications:\n"));
    expect(rows()).toMatchObject([
      { notificationsToSend: "default", previewNotificationsEnabled: "default" },
    ]);
  });
});

describe("the log stream of a resource", () => {
  const stream = "logStream: { endpoint: logs.acme.dev:6514, token: { fromEnvironment: LOG_TOKEN } }";
  const everything = `${web(`    ${stream}\n`)}
  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [], ${stream} }
databases:
  - { name: main, plan: basic-256mb, ${stream} }
`;
  const rows = () => [...scene.rows("logStreamOverrides")].map(({ ownerId: _owner, ...row }) => row);

  test("of a service, a database and a Key Value instance is its own call, read with one list for all", async () => {
    await converge(scene, everything);
    const set = { setting: "send", endpoint: "logs.acme.dev:6514", token: "s3cr3t-token" };
    expect(rows()).toHaveLength(3);
    expect(rows()).toEqual(
      expect.arrayContaining([
        { id: idOf(scene, "services", "api"), ...set },
        { id: idOf(scene, "postgres", "main"), ...set },
        { id: idOf(scene, "keyValues", "cache"), ...set },
      ]),
    );
    expect((await readsOf(scene)).filter((line) => line.includes("logs"))).toEqual([
      "GET /logs/streams/resource",
    ]);
  });

  test("a new token is sent although no API shows the old one, and it appears nowhere else", async () => {
    await converge(scene, web(`    ${stream}\n`));
    expect(JSON.stringify([await scene.inventory(), await scene.plan(), scene.events])).not.toContain(
      "s3cr3t",
    );
    setVariable(scene, "LOG_TOKEN", "another-token");
    const plan = await scene.plan();
    expect(plan.changes[0]?.fields).toMatchObject([
      { field: "logStream", entry: "token", verdict: "source" },
    ]);
    await converge(scene, web(`    ${stream}\n`));
    expect(rows()).toMatchObject([{ token: "another-token" }]);
  });

  test("dropping, another endpoint and taking it back each converge", async () => {
    await converge(scene, web(`    ${stream}\n`));
    await converge(scene, web("    logStream: { setting: drop }\n"));
    expect(rows()).toMatchObject([{ setting: "drop", endpoint: "" }]);
    await converge(scene, web("    logStream: { endpoint: other.acme.dev:6514 }\n"));
    expect(rows()).toMatchObject([{ setting: "send", endpoint: "other.acme.dev:6514" }]);
    await converge(scene, web("    logStream:\n"));
    expect(rows()).toEqual([]);
  });

  test("somebody else's endpoint is seen and reverted with the token", async () => {
    await converge(scene, web(`    ${stream}\n`));
    const path = `/logs/streams/resource/${idOf(scene, "services", "api")}`;
    await scene.edit("PUT", path, { setting: "send", endpoint: "theirs.dev:1", token: "theirs" });
    expect(verdictsOf(await scene.plan())).toEqual(["update render/service/api outside"]);
    await converge(scene, web(`    ${stream}\n`));
    expect(rows()).toMatchObject([{ endpoint: "logs.acme.dev:6514", token: "s3cr3t-token" }]);
  });
});

test("the edge cache is written after creation, which has no place for it", async () => {
  await converge(scene, web("    cache: { profile: origin-controlled }\n"));
  expect(rowNamed(scene, "services", "api")["cacheProfile"]).toBe("origin-controlled");
  await scene.edit("PATCH", `/services/${idOf(scene, "services", "api")}`, {
    serviceDetails: { cache: { profile: "no-cache" } },
  });
  expect(verdictsOf(await scene.plan())).toEqual(["update render/service/api outside"]);
  await converge(scene, web("    cache: { profile: origin-controlled }\n"));
  expect(stepsOf(await scene.plan())).toEqual([]);
});
