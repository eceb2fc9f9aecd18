import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasDrift } from "../../src/core/planning/drift.ts";
import { isPending, type Plan } from "../../src/core/model/plan.ts";
import { postgresInstances, type Postgres } from "../../src/simulator/render/datastore/postgres-row.ts";
import { makeLiar, type Lie } from "../odd-answers.ts";
import { idNamed, rowNamed, variablesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
let liar: ReturnType<typeof makeLiar>;
beforeEach(async () => {
  liar = makeLiar();
  scene = await openScene({ send: liar.send });
});
afterEach(() => scene.close());

async function apply(text: string, input: Parameters<Scene["apply"]>[0] = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

const actionsOf = (plan: Plan): readonly string[] =>
  plan.changes.filter(({ action }) => action !== "keep").map(({ action, address }) => `${action} ${address}`);
const stayingIn = (plan: Plan): readonly string[] =>
  plan.changes.flatMap(({ address, notes }) =>
    notes.flatMap((note) => (note.note === "stays" ? [`${address} ${note.field} ${note.verdict}`] : [])),
  );
const database = (): Postgres =>
  scene.simulator.account.find(postgresInstances, idNamed(scene, "postgres", "db"))!;
/** What only Render's dashboard does: the row is another one, and no call of the API made it so. */
function rewrite(fields: Partial<Postgres>): void {
  Object.assign(database(), fields);
}

const shop = (more = ""): string => `
databases:
  - { name: db, plan: basic-256mb, user: app, databaseName: shop, region: oregon, postgresMajorVersion: "16" }
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    region: oregon
    buildCommand: b
    startCommand: s
    domains: [api.acme.test]
    envVars: [{ key: DATABASE_URL, fromDatabase: { name: db, property: connectionString } }]
${more}`;

test("a default user that somebody rotated is noted, and what is wired to the database follows", async () => {
  await apply(shop());
  const { id } = database();
  rewrite({ databaseUser: "rotated", password: "p2" });
  const plan = await scene.plan();
  expect(actionsOf(plan)).toEqual(["update render/service/api"]);
  expect(stayingIn(plan)).toEqual(["render/postgres/db user outside"]);
  expect(plan.refusals).toEqual([]);
  expect((await scene.apply()).verdict).toBe("done");
  expect(variablesOf(scene, "api")["DATABASE_URL"]).toContain("//rotated:p2@");
  expect(database().id).toBe(id);
  // Only the note is left: nothing to do, and still drift.
  expect(isPending(await scene.plan())).toBe(false);
  expect((await scene.drift()).drifted).toMatchObject([
    { address: "render/postgres/db", verdict: "changed" },
  ]);
});

test("what the note says to write agrees, and the next change of the file is one again", async () => {
  await apply(shop());
  rewrite({ version: "17" });
  await apply(shop().replace('"16"', '"17"'));
  const settled = await scene.plan();
  expect(settled.steps).toEqual([]);
  expect(stayingIn(settled)).toEqual([]);
  expect(hasDrift(await scene.drift())).toBe(false);
  await scene.write(shop().replace('"16"', '"18"'));
  expect(actionsOf(await scene.plan())).toEqual(["replace render/postgres/db", "update render/service/api"]);
});

test("a further user of ours, which becomes the default one, is no reason for anything", async () => {
  const users = "databases: [{ name: db, plan: basic-256mb, user: app, users: [reporting] }]\n";
  await apply("databases: [{ name: db, plan: basic-256mb, user: app }]\n");
  await apply(users);
  const plan = await scene.plan();
  expect(plan.steps).toEqual([]);
  expect(plan.changes.flatMap(({ notes }) => notes)).toEqual([]);
  expect(hasDrift(await scene.drift())).toBe(false);
  await apply("databases: [{ name: db, plan: basic-256mb, user: app, users: [] }]\n");
  expect(database().users).toEqual([]);
});

const odd = [null, undefined, "OREGON", "mars-1", 7, {}, ""] as const;
const odds: readonly (readonly [string, string, (value: (typeof odd)[number]) => Lie])[] = [
  ["region", "render/service/api region", (value) => at("serviceDetails", "region", value)],
  ["type", "render/service/api type", (value) => at("type", "web_service", value)],
  ["runtime", "render/service/api runtime", (value) => at("serviceDetails", "runtime", value)],
  ["version", "render/postgres/db postgresMajorVersion", (value) => at("version", "16", value)],
  ["user", "render/postgres/db user", (value) => at("databaseUser", "app", value)],
  ["name", "render/postgres/db databaseName", (value) => at("databaseName", undefined, value)],
];

/** Every object that has the member (of that text, where one is given) shows another value there. */
function at(where: string, member: string | undefined, value: unknown): Lie {
  if (where === "serviceDetails")
    return (object) => {
      if (typeof object["serviceDetails"] !== "object") return;
      const details = object["serviceDetails"] as { [name: string]: unknown };
      details[member!] = value;
      if (member === "runtime") details["env"] = value;
    };
  return (object) => {
    if (where in object && (member === undefined || object[where] === member)) object[where] = value as never;
  };
}

describe("a live service, its domain and its database stay when the API shows", () => {
  test.each(odds.flatMap(([field, place, make]) => odd.map((value) => ({ field, place, value, make }))))(
    "$field as $value",
    async ({ place, value, make }) => {
      await apply(shop());
      const ids = (): unknown => [database().id, rowNamed(scene, "services", "api")["id"]];
      const before = ids();
      liar.lie = make(value);
      const plan = await scene.plan();
      expect(plan.changes.filter(({ action }) => action !== "keep" && action !== "update")).toEqual([]);
      expect(plan.refusals).toEqual([]);
      expect(stayingIn(plan).filter((one) => !one.endsWith("outside"))).toEqual([]);
      // A region in capitals is that region. A runtime can be written in place; everything else is told and left.
      const isSame = place.endsWith(" region") && value === "OREGON";
      if (!place.endsWith("runtime")) {
        expect(stayingIn(plan)).toEqual(isSame ? [] : [`${place} outside`]);
        expect(hasDrift(await scene.drift())).toBe(!isSame);
      }
      await scene.apply();
      expect(ids()).toEqual(before);
      expect(rowNamed(scene, "services", "api")["customDomains"]).toHaveLength(1);
      liar.lie = undefined;
      expect(actionsOf(await scene.plan())).toEqual([]);
    },
  );
});

test("of several reasons only the file's replaces", async () => {
  await apply(shop());
  rewrite({ version: "17" });
  await scene.write(shop().replace("region: oregon, postgres", "region: ohio, postgres"));
  const plan = await scene.plan();
  const change = plan.changes.find(({ address }) => address === "render/postgres/db");
  expect(change?.action).toBe("replace");
  expect(change?.fields.filter(({ forcesReplace }) => forcesReplace).map(({ field }) => field)).toEqual([
    "region",
  ]);
  expect(stayingIn(plan)).toEqual(["render/postgres/db postgresMajorVersion outside"]);
});

test("the file moved, and live shows what nobody knows: nothing is replaced until it can be read again", async () => {
  await apply(shop());
  liar.lie = at("version", "16", null);
  await scene.write(shop().replace('"16"', '"18"'));
  expect(actionsOf(await scene.plan())).toEqual([]);
  expect((await scene.drift()).drifted).toMatchObject([{ verdict: "conflict" }]);
  expect((await scene.apply()).verdict).toBe("done");
  liar.lie = undefined;
  expect(actionsOf(await scene.plan())).toContain("replace render/postgres/db");
});

test("a newly said value that live never had is a note until --allow-replace makes it a replacement", async () => {
  const api = (region: string): string =>
    `services: [{ type: web, name: api, runtime: node, plan: starter, ${region}buildCommand: b, startCommand: s }]\n`;
  await apply(api(""));
  const { id } = rowNamed(scene, "services", "api");
  await scene.write(api("region: frankfurt, "));
  expect(isPending(await scene.plan())).toBe(false);
  expect(hasDrift(await scene.drift())).toBe(false);
  await apply(api("region: frankfurt, "));
  expect(rowNamed(scene, "services", "api")["id"]).toBe(id);
  // It is remembered as what the file asks, so that a move of the file can be told from then on.
  expect((await scene.plan()).steps).toEqual([]);
  expect(hasDrift(await scene.drift())).toBe(false);
  await apply(api("region: frankfurt, "), { allowReplace: ["render/service/api"] });
  expect(rowNamed(scene, "services", "api")).toMatchObject({ region: "frankfurt" });
  expect(rowNamed(scene, "services", "api")["id"]).not.toBe(id);
});

test("under another key nobody can tell who moved, so nothing is replaced", async () => {
  await apply(shop());
  await rm(join(scene.folder, "state/key"));
  await scene.write(shop().replaceAll("region: oregon", "region: ohio"));
  const plan = await scene.plan();
  expect(actionsOf(plan)).toEqual([]);
  expect(stayingIn(plan)).toEqual(["render/postgres/db region unknown", "render/service/api region unknown"]);
});

test("--rewrite sends values again, and replaces no database whose version moved", async () => {
  await apply(shop());
  rewrite({ version: "17" });
  const plan = await scene.plan({ rewrites: ["render/postgres/db", "render/service/api"] });
  expect(plan.changes.filter(({ action }) => action === "replace")).toEqual([]);
});

describe("what the platform moves by itself", () => {
  const grown = `databases: [{ name: db, plan: basic-1gb, diskSizeGB: 15, storageAutoscalingEnabled: true }]\n`;

  test("a disk that storage autoscaling grew is neither drift nor refused; the file can still ask for more", async () => {
    await apply(grown);
    rewrite({ diskSizeGB: 25 });
    const plan = await scene.plan();
    expect(isPending(plan)).toBe(false);
    expect(plan.refusals).toEqual([]);
    expect(plan.changes[0]?.notes).toEqual([
      {
        note: "remark",
        text: "diskSizeGB is 25 and the file says 15: storage autoscaling grows it, so the file's value is a floor",
      },
    ]);
    expect((await scene.drift()).drifted).toEqual([]);
    await apply(grown.replace("15", "20"));
    expect(database().diskSizeGB).toBe(25);
    await apply(grown.replace("15", "50"));
    expect(database().diskSizeGB).toBe(50);
  });

  test("also when it is adopted, and where autoscaling is on that the file does not speak of", async () => {
    await apply(grown);
    rewrite({ diskSizeGB: 25 });
    await rm(join(scene.folder, "state"), { recursive: true });
    await apply(grown.replace(", storageAutoscalingEnabled: true", ""), { adopt: true });
    expect((await scene.plan()).steps).toEqual([]);
    expect(database().diskSizeGB).toBe(25);
  });

  test("a disk that somebody grew where nothing grows by itself is drift, and refused", async () => {
    const fixed = grown.replace("true", "false");
    await apply(fixed);
    rewrite({ diskSizeGB: 25 });
    expect((await scene.drift()).drifted).toMatchObject([{ verdict: "changed" }]);
    expect((await scene.plan()).refusals.map(({ code }) => code)).toEqual(["disk-shrink"]);
  });

  const api = (more: string): string =>
    `services: [{ type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s${more} }]\n`;
  const scaleBy = async (numInstances: number): Promise<void> => {
    const id = idNamed(scene, "services", "api");
    const target = { enabled: true, percentage: 70 };
    await scene.edit("PUT", `/services/${id}/autoscaling`, {
      enabled: true,
      min: 2,
      max: 6,
      criteria: { cpu: target, memory: { enabled: false, percentage: 70 } },
    });
    await scene.edit("POST", `/services/${id}/scale`, { numInstances });
  };
  const instances = (): unknown => rowNamed(scene, "services", "api")["numInstances"];

  test.each([{ isAdopted: false }, { isAdopted: true }])(
    "instances under live autoscaling are left to it (adopted: $isAdopted)",
    async ({ isAdopted }) => {
      await apply(api(", numInstances: 1"));
      await scaleBy(4);
      if (isAdopted) await rm(join(scene.folder, "state"), { recursive: true });
      const plan = await scene.plan();
      expect(plan.changes[0]?.fields).toEqual([]);
      expect(plan.changes[0]?.notes).toMatchObject([
        { text: expect.stringContaining("autoscaling decides it") },
      ]);
      if (!isAdopted) expect(hasDrift(await scene.drift())).toBe(false);
      await apply(api(", numInstances: 1"), { adopt: true });
      expect(instances()).toBe(4);
      expect((await scene.plan()).steps).toEqual([]);
      // Turned off, the file counts again.
      await apply(api(", numInstances: 2, scaling: null"));
      expect(instances()).toBe(2);
    },
  );

  test("a tag that reads back with the digest it stood for is the file's image", async () => {
    await apply(
      "services: [{ type: worker, name: jobs, runtime: image, plan: starter, image: { url: acme/jobs } }]\n",
    );
    liar.lie = (object) => {
      if (typeof object["imagePath"] === "string") object["imagePath"] += `@sha256:${"ab".repeat(32)}`;
    };
    expect((await scene.plan()).steps).toEqual([]);
    liar.lie = (object) => {
      if (typeof object["imagePath"] === "string") object["imagePath"] = "docker.io/acme/other:latest";
    };
    expect(actionsOf(await scene.plan())).toEqual(["update render/service/jobs"]);
  });
});
