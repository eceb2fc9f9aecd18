import { afterEach, beforeEach, expect, test } from "vitest";
import { hasDrift } from "../../src/core/planning/drift.ts";
import { renderDrift } from "../../src/views/plan/drift.ts";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, verdictsOf } from "../providers/converge.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ environment: { STRIPE: "sk_1", HUB: "pat_1" } })));
afterEach(() => scene.close());

const screen = { columns: 100, colour: false, unicode: true } as const;
const file = (database = "main", variable = "STRIPE"): string => `
databases:
  - { name: main, plan: basic-256mb }
  - { name: other, plan: basic-256mb }
registryCredentials:
  - { name: hub, registry: DOCKER, username: acme, authToken: { fromEnvironment: HUB } }
services:
  - type: worker
    name: queue
    runtime: node
    plan: starter
    buildCommand: b
    startCommand: s
    envVars:
      - { key: LEVEL, value: info }
      - { key: STRIPE_KEY, fromEnvironment: ${variable} }
      - { key: CONF, fromFile: config/app.conf }
      - { key: DATABASE_URL, fromDatabase: { name: ${database}, property: connectionString } }
      - { key: DATABASE_PASSWORD, fromDatabase: { name: ${database}, property: password } }
  - type: worker
    name: copy
    runtime: node
    plan: starter
    buildCommand: b
    startCommand: s
    envVars: [{ key: COPY, fromService: { type: worker, name: queue, envVarKey: LEVEL } }]
`;

async function begin(): Promise<void> {
  await scene.write("one", "config/app.conf");
  await converge(scene, file());
}
const rotate = (database: string): Promise<unknown> =>
  scene.edit("POST", `/postgres/${idOf(scene, "postgres", database)}/credentials`, { username: "rotated" });

/** What plan and drift say of one state: the verdicts, both texts, and whether it is drift. */
async function look() {
  const [plan, drift] = [await scene.plan(), await scene.drift()];
  return {
    verdicts: verdictsOf(plan),
    text: renderPlan(plan, screen),
    told: renderDrift(drift, screen),
    isDrift: hasDrift(drift),
  };
}

test("another value of a variable or a file is told as that, with no line of the file, and is no drift", async () => {
  await begin();
  scene.setVariable("STRIPE", "sk_2");
  scene.setVariable("HUB", "pat_2");
  await scene.write("two", "config/app.conf");
  const { verdicts, text, told, isDrift } = await look();
  expect(told).toContain("none, 2 with another value than last applied, 3 as the file says");
  expect(verdicts).toEqual([
    "update render/registry-credential/hub source",
    "update render/service/queue source",
  ]);
  expect(text.match(/another value than last applied/g)).toHaveLength(2);
  expect(text).not.toContain("changed in the file");
  expect(text).not.toMatch(/trueup\.yaml:\d/);
  expect(isDrift).toBe(false);
});

test("a reference is stale, which is drift, after somebody rotated the credentials, and an apply wires it again", async () => {
  await begin();
  await rotate("main");
  const { verdicts, text, told, isDrift } = await look();
  expect(verdicts).toEqual(["update render/service/queue outside"]);
  expect(isDrift).toBe(true);
  for (const one of [text, told]) {
    expect(one).toContain("changed outside the file");
    expect(one).not.toMatch(/changed in the file|trueup\.yaml:\d/);
  }
  await converge(scene, file());
});

test("another source in the file is a change of the file, at its line, whatever became of the old one", async () => {
  await begin();
  scene.setVariable("SECOND", "sk_3");
  await rotate("main");
  await scene.write(file("other", "SECOND"));
  const { verdicts, text } = await look();
  expect(verdicts).toEqual(["update render/service/queue file"]);
  expect(text).toMatch(/changed in the file, trueup\.yaml:\d+/);
});

test("an equal value from another source is noted by the next apply, so that it is known what moves later", async () => {
  await begin();
  scene.setVariable("SECOND", "sk_1");
  const sent = scene.requests.length;
  await converge(scene, file("main", "SECOND"));
  expect(scene.requests.slice(sent).filter(({ method }) => method !== "GET")).toEqual([]);
  scene.setVariable("SECOND", "sk_2");
  expect((await look()).verdicts).toEqual(["update render/service/queue source"]);
});

test("what the file itself changes at the other end is no line of the one who refers to it", async () => {
  await begin();
  await scene.write(file().replace("value: info", "value: debug"));
  expect((await look()).verdicts).toEqual([
    "update render/service/copy source",
    "update render/service/queue file",
  ]);
});

test("a registry credential that is taken over without its token cannot be verified, and needs no value", async () => {
  const ownerId = scene.simulator.env["RENDER_OWNER_ID"]!;
  const theirs = { ownerId, name: "hub", registry: "DOCKER", username: "acme", authToken: "theirs" };
  await scene.edit("POST", "/registrycredentials", theirs);
  const text =
    "registryCredentials: [{ name: hub, registry: DOCKER, username: acme, authToken: { sync: false } }]";
  await scene.write(text);
  const seen = await look();
  expect(seen.text).toContain("cannot be verified");
  expect(seen.text).not.toContain("needs a value");
  await converge(scene, text, { adopt: true });
  expect((await look()).text).not.toContain("needs a value");
});
