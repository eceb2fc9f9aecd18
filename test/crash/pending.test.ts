import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { emptyInventory, type Inventory, type Owned } from "../../src/core/model/inventory.ts";
import { foldEntry, type JournalEntry, type Outcome } from "../../src/core/run/journal.ts";
import type { Transport } from "../../src/world/transport.ts";
import { input } from "./course.ts";
import { Mortal } from "./mortal.ts";
import { ourRows, rowNamed, setFaults, variablesOf } from "../observe.ts";
import { openScene, start, type Scene } from "../scene.ts";

const api = "render/service/api";
const shared = "render/env-group/shared";
const owned: Owned = {
  kind: "render/service",
  id: "srv-1",
  name: "api",
  fields: {},
  needs: [],
  protect: false,
};
const done: Outcome = { status: "done", owned };

type Intent = Extract<JournalEntry, { entry: "intent" }>;
function intent(verb: string, more: Partial<Intent> = {}): JournalEntry {
  const base = {
    run: "r",
    at: 0,
    step: `${verb} ${api}`,
    address: api,
    kind: "render/service",
    name: "api",
  } as const;
  return { entry: "intent", verb, method: "POST", path: "/", ...base, ...more };
}

function outcome(verb: string, result: Outcome, step = `${verb} ${api}`): JournalEntry {
  return { entry: "outcome", run: "r", at: 0, step, verb, address: api, result };
}

function pendingAfter(...entries: readonly JournalEntry[]): Inventory["pending"] {
  return entries.reduce(foldEntry, emptyInventory("lineage")).pending;
}

const creation = intent("create", { takesEffectIn: [api], incomplete: true });

describe("a journal tells what is left undone", () => {
  test("a creation that was announced may have been done", () => {
    expect(pendingAfter(creation)).toEqual({
      [api]: { creation: { at: 0 }, cancellation: true, deployFor: [`create ${api}`] },
    });
    expect(pendingAfter(creation, outcome("create", { status: "unknown" }))).toEqual(pendingAfter(creation));
    expect(pendingAfter(creation, outcome("create", { status: "failed", code: "rejected" }))).toBeUndefined();
  });

  test("what was made is owned, and still to be cancelled and deployed", () => {
    const made = [creation, outcome("create", done)];
    expect(pendingAfter(...made)?.[api]).toEqual({ cancellation: true, deployFor: [`create ${api}`] });
    const canceled = [...made, intent("cancel"), outcome("cancel", done)];
    expect(pendingAfter(...canceled)?.[api]).toEqual({ deployFor: [`create ${api}`] });
    expect(
      pendingAfter(...canceled, intent("deploy", { after: "dep-1" }), outcome("deploy", done)),
    ).toBeUndefined();
  });

  test("a write is taken back when it was refused, and its deploy with it", () => {
    const write = intent("update", { takesEffectIn: [api] });
    expect(pendingAfter(write)?.[api]).toEqual({ deployFor: [`update ${api}`] });
    expect(pendingAfter(write, outcome("update", { status: "failed", code: "rejected" }))).toBeUndefined();
    expect(pendingAfter(write, outcome("update", { status: "unknown" }))).toEqual(pendingAfter(write));
  });

  test("a write of a group leaves the deploys of its services due, each until it is done", () => {
    const jobs = "render/service/jobs";
    const write = intent("update", { address: shared, takesEffectIn: [api, jobs], step: "update shared" });
    const both = pendingAfter(write, outcome("deploy", done));
    expect(both).toEqual({ [jobs]: { deployFor: ["update shared"] } });
  });

  test("a deploy that was sent remembers what was the newest before, until it is known to be done or not", () => {
    const write = intent("update", { takesEffectIn: [api] });
    const sent = [write, outcome("update", done), intent("deploy", { after: null })];
    expect(pendingAfter(...sent)?.[api]).toEqual({
      deployFor: [`update ${api}`],
      deployAfter: null,
      deployAt: 0,
    });
    const refused = outcome("deploy", { status: "failed", code: "rejected" });
    expect(pendingAfter(...sent, refused)?.[api]).toEqual({ deployFor: [`update ${api}`] });
  });

  test("of what is gone nothing is left", () => {
    const gone: Outcome = { status: "done", owned: null };
    expect(pendingAfter(creation, outcome("delete", gone))).toBeUndefined();
  });
});

describe("the next run takes it up", () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const shop = (level: string): string => `
services:
  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter, envVars: [{ key: LEVEL, value: ${level} }] }
`;
  const deploys = (): number => (rowNamed(scene, "services", "api")["deploys"] as readonly unknown[]).length;

  test("a deploy that was refused after its variable was written is made up for", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await setFaults(scene, "402@POST /services/*/deploys");
    await scene.write(shop("debug"));
    expect((await scene.apply()).verdict).toBe("failed");
    expect((await scene.plan()).changes).toMatchObject([{ action: "update", due: { deploy: true } }]);
    await setFaults(scene, "");
    expect((await scene.apply()).results.map(({ step }) => step)).toEqual(["deploy render/service/api"]);
    expect(deploys()).toBe(2);
    expect((await scene.plan()).steps).toEqual([]);
    expect(await scene.inventory()).not.toHaveProperty("pending");
  });

  test("a deploy that never arrived is not taken for the one that ran a moment ago", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await setFaults(scene, "reset-before@POST /services/*/deploys#1");
    await scene.write(shop("debug"));
    expect((await scene.apply()).verdict).toBe("done");
    expect(deploys()).toBe(2);
  });

  test("a deploy that nobody ever answered for is looked for, and only noted when it is there", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await scene.write(shop("debug"));
    expect((await runApply(input, deafAfter("/deploys"))).verdict).toBe("failed");
    expect((await scene.plan()).steps).toMatchObject([{ step: "record", verb: "converge", deployed: true }]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(deploys()).toBe(2);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a creation that nobody ever answered for is ours, not somebody else's to adopt", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    expect((await runApply(input, deafAfter("/services"))).verdict).toBe("failed");
    expect(ourRows(scene, "services")).toHaveLength(1);
    expect((await scene.inventory()).pending).toMatchObject({ [api]: { creation: { at: start } } });
    expect((await scene.apply({ adopt: false })).verdict).toBe("done");
    expect(ourRows(scene, "services")).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a first run may take hours: what it adopted was planned under the key that it keeps", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await rm(`${scene.folder}/state`, { recursive: true });
    await scene.write(shop("debug"));
    const slow: Deps = { ...scene.deps, planned: () => void scene.world.sleep(3_600_000) };
    expect((await runApply({ ...input, adopt: true }, slow)).problems).toEqual([]);
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "debug" });
  });

  test("a job before the deploy is not started again when the run ends while it works", async () => {
    const migrating = (level: string): string =>
      shop(level).replace(
        "plan: starter",
        "plan: starter, lifecycle: { beforeDeploy: { job: npm run migrate } }",
      );
    scene = await openScene();
    await scene.write(migrating("info"));
    await scene.apply();
    await scene.write(migrating("debug"));
    // The second write is the job's.
    expect(await new Mortal(scene, { at: "torn-append", number: 6 }).apply(input)).toBe("died");
    const report = await new Mortal(scene).apply(input);
    expect(report).toMatchObject({
      verdict: "done",
      results: [{ step: "wait render/service/api ready to deploy" }, { step: "deploy render/service/api" }],
    });
    expect(rowNamed(scene, "services", "api")["jobs"]).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
  });

  /** A POST there is done and never answered, and from then on nothing that could tell what became of it. */
  function deafAfter(end: string): Deps {
    let isDeaf = false;
    const send: Transport = async (request) => {
      const fits = new URL(request.url).pathname.endsWith(end);
      if (isDeaf && fits) throw new Error("no route to host");
      const answer = await scene.world.send(request);
      if (request.method !== "POST" || !fits) return answer;
      isDeaf = true;
      throw new Error("connection reset");
    };
    return { ...scene.deps, world: { ...scene.world, send } };
  }
});
