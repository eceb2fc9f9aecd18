import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import { postgresInstances } from "../../src/simulator/render/datastore/postgres-row.ts";
import { kinds } from "../../src/providers/kinds.ts";
import { idNamed, ourRows } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const serviceIn = (region: string, plan = "starter"): string => `
services:
  - { type: web, name: api, runtime: node, plan: ${plan}, region: ${region}, buildCommand: npm ci, startCommand: npm start }
`;

/** A service in Oregon that this state does not own. */
async function makeForeign(): Promise<void> {
  await scene.write(serviceIn("oregon"));
  expect((await scene.apply()).verdict).toBe("done");
  await rm(`${scene.folder}/state`, { recursive: true });
}

function idOfApi(): unknown {
  return scene.rows("services").find(({ name }) => name === "api")?.["id"];
}

test("adopting never replaces: what cannot change in place stays, and is said in every plan", async () => {
  await makeForeign();
  const id = idOfApi();
  await scene.write(serviceIn("frankfurt", "standard"));
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
  expect(idOfApi()).toBe(id);
  const [api] = scene.rows("services").filter(({ name }) => name === "api");
  expect(api).toMatchObject({ region: "oregon", plan: "standard" });
  const again = await scene.plan();
  expect(isPending(again)).toBe(false);
  expect(again.steps).toEqual([]);
  expect(again.changes[0]?.notes).toEqual([
    {
      note: "stays",
      field: "region",
      before: { show: "public", value: "oregon" },
      after: { show: "public", value: "frankfurt" },
      verdict: "unknown",
      text: 'region is "oregon" and the file says "frankfurt": it cannot change in place, and stays as it is; write "oregon" to agree, or replace it with --allow-replace render/service/api',
    },
  ]);
  expect((await scene.drift()).drifted).toEqual([]);
});

test("another wish in the file replaces it then, as it does everything that is ours", async () => {
  await makeForeign();
  const id = idOfApi();
  await scene.write(serviceIn("frankfurt"));
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
  await scene.write(serviceIn("ohio"));
  const plan = await scene.plan();
  expect(plan.changes.map(({ action }) => action)).toEqual(["replace"]);
  expect(plan.changes[0]?.fields).toMatchObject([{ field: "region", verdict: "file" }]);
  expect(plan.refusals).toMatchObject([
    { code: "replace", answer: { flags: ["--allow-replace render/service/api"] } },
  ]);
  expect((await scene.apply()).verdict).toBe("refused");
  expect(idOfApi()).toBe(id);
  expect((await scene.apply({ allowReplace: ["render/service/api"] })).verdict).toBe("done");
  expect(idOfApi()).not.toBe(id);
});

test("without --adopt a run that nobody watches touches nothing of what it does not own", async () => {
  await makeForeign();
  const id = idOfApi();
  await scene.write(serviceIn("frankfurt"));
  const report = await scene.apply();
  expect(report.verdict).toBe("refused");
  expect(report.problems.map(({ code }) => code)).toEqual(["adopt"]);
  expect(idOfApi()).toBe(id);
});

test("what somebody else changes later is drift, also where no call of ours could change it", async () => {
  await scene.write(`databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "16" }]\n`);
  expect((await scene.apply()).verdict).toBe("done");
  // An upgrade, which only Render's dashboard offers.
  const row = scene.simulator.account.find(postgresInstances, idNamed(scene, "postgres", "main"));
  Object.assign(row ?? {}, { version: "17" });
  expect((await scene.drift()).drifted).toMatchObject([
    { address: "render/postgres/main", verdict: "changed" },
  ]);
});

/** A block of each kind that has such fields; the field differs between what somebody made and what the file says then. */
const fixed: {
  readonly [field: string]: readonly [table: string, block: (value: string) => string, ...values: string[]];
} = {
  "render/service region": ["services", (region) => serviceIn(region), "oregon", "ohio"],
  "render/postgres databaseName": ["postgres", (name) => database(`databaseName: ${name}`), "shop", "store"],
  "render/postgres user": ["postgres", (user) => database(`user: ${user}`), "app", "root"],
  "render/postgres region": ["postgres", (region) => database(`region: ${region}`), "oregon", "ohio"],
  "render/postgres postgresMajorVersion": [
    "postgres",
    (version) => database(`postgresMajorVersion: "${version}"`),
    "16",
    "17",
  ],
  "render/key-value region": [
    "keyValues",
    (region) =>
      `services: [{ type: keyvalue, name: api, plan: starter, region: ${region}, ipAllowList: [] }]\n`,
    "oregon",
    "ohio",
  ],
  "render/dedicated-ip region": [
    "dedicatedIps",
    (region) => `dedicatedIps: [{ name: api, region: ${region}, environments: [] }]\n`,
    "oregon",
    "ohio",
  ],
  "rendercad/token scope": [
    "rendercad tokens",
    (scope) => cad(`tokens: [{ name: api, scope: ${scope} }]`),
    "read-only",
    "full-access",
  ],
  "rendercad/webhook events": [
    "rendercad webhooks",
    (event) => cad(`webhooks: [{ name: api, url: "https://hooks.acme.test/a", events: [${event}] }]`),
    "render.completed",
    "render.failed",
  ],
};
/**
 * Not adopted while they differ: the type of a service decides which fields it has (other-type.test.ts), a webhook of another
 * url is another one, and of domains only those are listed whose service is to have one.
 */
const elsewhere = ["render/service type", "rendercad/webhook url", "render/custom-domain service"];

function database(field: string): string {
  return `databases: [{ name: api, plan: basic-256mb, ${field} }]\n`;
}
function cad(list: string): string {
  return `state: { encryption: { recipients: [${recipient}] } }\nrendercad:\n  ${list}\n`;
}
const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

test("every field that cannot change has its case here", () => {
  const all = [...kinds.values()].flatMap((kind) =>
    Object.entries(kind.fields)
      .filter(([, field]) => field.onChange === "replace")
      .map(([field]) => `${kind.name} ${field}`),
  );
  expect(all.sort()).toEqual([...Object.keys(fixed), ...elsewhere].sort());
});

test.each(Object.keys(fixed))(
  "what differs in %s is adopted, stays the same object, and settles",
  async (field) => {
    const [table, block, first = "", then = ""] = fixed[field]!;
    await scene.write(block(first));
    expect((await scene.apply()).verdict).toBe("done");
    await rm(`${scene.folder}/state`, { recursive: true });
    const ids = (): readonly unknown[] => ourRows(scene, table).map((row) => row["id"]);
    const before = ids();
    await scene.write(block(then));
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    const again = await scene.plan();
    expect(isPending(again)).toBe(false);
    expect(again.steps).toEqual([]);
    expect(ids()).toEqual(before);
  },
);
