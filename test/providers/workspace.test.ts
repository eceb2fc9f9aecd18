import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ourRows, rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ environment: { TOKEN: "s3cr3t-token" } })));
afterEach(() => scene.close());

const cron =
  'services: [{ type: cron, name: nightly, runtime: image, image: { url: nginx }, schedule: "0 3 * * *", plan: starter }]\n';
const owner = (): string => scene.simulator.env["RENDER_OWNER_ID"]!;
const ourRow = (table: string): unknown => scene.rows(table).find(({ id }) => id === owner());

describe("notification settings", () => {
  const settings = "notifications: { email: false, send: all, previews: true }\n";

  test("are there already: changed, never adopted, and left as they are when the file drops them", async () => {
    await scene.write(settings);
    expect((await scene.plan()).changes.map(({ action }) => action)).toEqual(["update"]);
    await converge(scene, settings);
    const written = { emailEnabled: false, notificationsToSend: "all", previewNotificationsEnabled: true };
    expect(ourRow("notificationSettings")).toMatchObject(written);
    expect((await readsOf(scene)).length).toBe(2);
    await converge(scene, cron);
    expect(ourRow("notificationSettings")).toMatchObject(written);
    expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/service/nightly"]);
  });

  test("that hold already are taken over without a call", async () => {
    await scene.write("notifications: { email: true }\n");
    expect(stepsOf(await scene.plan())).toEqual(["converge render/notification-settings/workspace"]);
    await converge(scene, "notifications: { email: true }\n");
  });

  test("somebody else's change is seen and reverted", async () => {
    await converge(scene, settings);
    await scene.edit("PATCH", `/notification-settings/owners/${owner()}`, { notificationsToSend: "none" });
    expect(verdictsOf(await scene.plan())).toEqual(["update render/notification-settings/workspace outside"]);
    await converge(scene, settings);
    expect(ourRow("notificationSettings")).toMatchObject({ notificationsToSend: "all" });
  });
});

describe.each([
  {
    what: "log stream",
    table: "logStreams",
    path: "/logs/streams/owner",
    block: "logStream: { endpoint: logs.acme.dev:6514, token: { fromEnvironment: TOKEN } }\n",
    row: { preview: "send", endpoint: "logs.acme.dev:6514", token: "s3cr3t-token" },
    theirs: { preview: "drop", endpoint: "theirs.dev:1" },
    // What the file does not say stays.
    adopted: { preview: "drop", endpoint: "logs.acme.dev:6514", token: "s3cr3t-token" },
  },
  {
    what: "metrics stream",
    table: "metricsStreams",
    path: "/metrics-stream",
    block:
      "metricsStream: { provider: CUSTOM, url: https://metrics.acme.dev, token: { fromEnvironment: TOKEN } }\n",
    row: { provider: "CUSTOM", url: "https://metrics.acme.dev", token: "s3cr3t-token" },
    theirs: { provider: "GRAFANA", url: "https://theirs.dev", token: "theirs" },
    adopted: { provider: "CUSTOM", url: "https://metrics.acme.dev", token: "s3cr3t-token" },
  },
])("the $what of the workspace", ({ what, table, path, block, row, theirs, adopted }) => {
  const address = `render/${what.replace(" ", "-")}/workspace`;

  test("is set, read with one call, and taken away when the file drops it", async () => {
    await converge(scene, block);
    expect(ourRow(table)).toEqual({ id: owner(), ...row });
    expect(await readsOf(scene)).toHaveLength(2);
    expect(JSON.stringify([await scene.inventory(), await scene.plan()])).not.toContain("s3cr3t");
    await converge(scene, cron);
    expect(ourRow(table)).toBeUndefined();
  });

  test("of somebody else is seen and reverted, with the token", async () => {
    await converge(scene, block);
    await scene.edit("PUT", `${path}/${owner()}`, theirs);
    expect(verdictsOf(await scene.plan())).toEqual([`update ${address} outside`]);
    await converge(scene, block);
    expect(ourRow(table)).toMatchObject({ token: row.token });
  });

  test("that goes and comes back within minutes has the same id, and is a new one each time", async () => {
    await converge(scene, block);
    await converge(scene, cron);
    await converge(scene, block);
    expect(ourRow(table)).toEqual({ id: owner(), ...row });
    await converge(scene, cron);
    await scene.edit("PUT", `${path}/${owner()}`, theirs);
    await scene.write(block);
    expect((await scene.apply()).verdict, "theirs by now").toBe("refused");
    expect(ourRow(table)).toMatchObject(theirs);
  });

  test("that was there before is adopted", async () => {
    await scene.edit("PUT", `${path}/${owner()}`, theirs);
    await scene.write(block);
    expect((await scene.apply()).verdict).toBe("refused");
    await converge(scene, block, { adopt: true });
    expect(ourRow(table)).toEqual({ id: owner(), ...adopted });
  });
});

describe("a dedicated IP set", () => {
  const set = (more = "", name = "egress"): string => `
projects: [{ name: shop, environments: [{ name: production }, { name: staging }] }]
dedicatedIps:
  - { name: ${name}, region: frankfurt, environments: [shop/production]${more} }
`;
  const environmentId = (name: string): string => idOf(scene, "environments", name);

  test("is made after the environments that use it, and read with one list beside theirs", async () => {
    await converge(scene, set());
    expect(rowNamed(scene, "dedicatedIps", "egress")).toMatchObject({
      region: "frankfurt",
      environmentIds: [environmentId("production")],
    });
    const lists = ["GET /blueprints", "GET /dedicated-ips", "GET /environments", "GET /projects"];
    expect(await readsOf(scene)).toEqual(lists);
  });

  test("changes in place, and its region replaces it", async () => {
    await converge(scene, set());
    const id = idOf(scene, "dedicatedIps", "egress");
    const wider = set(', description: "for banks", lifecycle: { renamedFrom: egress }', "banks").replace(
      "[shop/production]",
      "[shop/staging, shop/production]",
    );
    await converge(scene, wider);
    expect(rowNamed(scene, "dedicatedIps", "banks")).toMatchObject({
      id,
      description: "for banks",
      environmentIds: [environmentId("staging"), environmentId("production")],
    });
    await converge(scene, wider.replace("frankfurt", "oregon"), {
      allowReplace: ["render/dedicated-ip/banks"],
    });
    expect(rowNamed(scene, "dedicatedIps", "banks")).toMatchObject({ region: "oregon" });
    expect(rowNamed(scene, "dedicatedIps", "banks")["id"]).not.toBe(id);
  });

  test("of somebody else is seen and reverted; dropped, it is deleted", async () => {
    await converge(scene, set());
    const id = idOf(scene, "dedicatedIps", "egress");
    await scene.edit("PATCH", `/dedicated-ips/${id}`, { environmentIds: [] });
    expect(verdictsOf(await scene.plan())).toEqual(["update render/dedicated-ip/egress outside"]);
    await converge(scene, set());
    await converge(scene, cron, { allowDeletes: 4 });
    expect(ourRows(scene, "dedicatedIps")).toEqual([]);
  });
});
