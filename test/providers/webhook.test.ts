import { afterEach, beforeEach, expect, test } from "vitest";
import { ourRows, rowNamed, variablesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, stepsOf, verdictsOf } from "./converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const webhook = (more = ""): string => `
webhooks:
  - { name: ops, url: "https://hooks.acme.dev/render"${more} }
`;
const receiver = `
services:
  - type: worker
    name: receiver
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars:
      - { key: HOOK_SECRET, fromWebhook: { name: ops, property: signingSecret } }
      - { key: HOOK_ID, fromWebhook: { name: ops, property: id } }
`;

test("a webhook without events gets all of them, and is read with one list", async () => {
  await converge(scene, webhook());
  expect(rowNamed(scene, "webhooks", "ops")).toMatchObject({
    url: "https://hooks.acme.dev/render",
    enabled: true,
    eventFilter: [],
  });
  expect(await readsOf(scene)).toEqual(["GET /blueprints", "GET /webhooks"]);
});

test("events are a set, and a change is one call", async () => {
  await converge(scene, webhook(", events: [server_failed, deploy_ended]"));
  await scene.write(webhook(", events: [deploy_ended, server_failed]"));
  expect(stepsOf(await scene.plan())).toEqual([]);
  await converge(scene, webhook(", events: [deploy_ended], enabled: false"));
  expect(rowNamed(scene, "webhooks", "ops")).toMatchObject({ enabled: false, eventFilter: ["deploy_ended"] });
});

test("its secret and its id reach the variables that want them, in the same run and nowhere else", async () => {
  await converge(scene, webhook() + receiver);
  const { id, secret } = rowNamed(scene, "webhooks", "ops");
  expect(variablesOf(scene, "receiver")).toEqual({ HOOK_SECRET: secret, HOOK_ID: id });
  expect(JSON.stringify([await scene.inventory(), await scene.plan(), scene.events])).not.toContain(secret);
});

test("an empty secret is refused and never delivered", async () => {
  await scene.close();
  scene = await openScene({ switches: { webhookSecret: "empty" } });
  await converge(scene, webhook());
  await scene.write(webhook() + receiver);
  expect((await scene.plan()).refusals.map(({ code }) => code)).toEqual(["webhook-secret-empty"]);
  expect((await scene.apply()).verdict).toBe("refused");
  expect(ourRows(scene, "services")).toEqual([]);
});

test("somebody else's change is seen and reverted; a rename keeps the object; dropping deletes it", async () => {
  await converge(scene, webhook());
  const id = idOf(scene, "webhooks", "ops");
  await scene.edit("PATCH", `/webhooks/${id}`, { enabled: false, name: "theirs" });
  expect(verdictsOf(await scene.plan())).toEqual(["update render/webhook/ops outside"]);
  await converge(scene, webhook(", enabled: true"));
  expect(rowNamed(scene, "webhooks", "ops")).toMatchObject({ id, enabled: true });
  await converge(
    scene,
    webhook(", enabled: true, lifecycle: { renamedFrom: ops }").replace("name: ops", "name: alerts"),
  );
  expect(rowNamed(scene, "webhooks", "alerts")["id"]).toBe(id);
  await converge(scene, "webhooks: [{ name: other, url: https://other.acme.dev }]");
  expect(ourRows(scene, "webhooks").map(({ name }) => name)).toEqual(["other"]);
});
