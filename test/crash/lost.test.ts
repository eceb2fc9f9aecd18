import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import { forgetOwned } from "../../src/commands/state/state.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { Transport } from "../../src/world/transport.ts";
import { ourRows, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { input } from "./course.ts";

let scene: Scene;
afterEach(() => scene.close());

const worker = (name: string): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter }\n`;
const database = 'databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n';
const api = "render/service/api";

/** The first POST there is done (or not) and never answered, and from then on nobody can ask what became of it. */
function deafAt(end: string, arrives = true): Deps {
  let isDeaf = false;
  const send: Transport = async (request) => {
    const fits = new URL(request.url).pathname.endsWith(end);
    if (isDeaf && fits) throw new Error("no route to host");
    if (request.method !== "POST" || !fits) return scene.world.send(request);
    isDeaf = true;
    if (arrives) await scene.world.send(request);
    throw new Error("connection reset");
  };
  return { ...scene.deps, world: { ...scene.world, send } };
}

/** A service whose creation nobody heard of, and the file that no longer has it. */
async function loseService(arrives = true): Promise<void> {
  scene = await openScene();
  await scene.write(`services:\n${worker("jobs")}`);
  await scene.apply();
  await scene.write(`services:\n${worker("jobs")}${worker("api")}`);
  expect((await runApply(input, deafAt("/services", arrives))).verdict).toBe("failed");
  await scene.write(`services:\n${worker("jobs")}`);
}

describe("a creation without an answer whose block is gone since", () => {
  test("is found, shown, and deleted as ours", async () => {
    await loseService();
    expect(ourRows(scene, "services")).toHaveLength(2);
    const plan = await scene.plan();
    expect(plan.changes.filter(({ action }) => action !== "keep")).toMatchObject([
      {
        action: "delete",
        address: api,
        summary: "made by a run that did not hear the answer, and no longer in the file",
      },
    ]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["jobs"]);
    expect(await scene.inventory()).not.toHaveProperty("pending");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("is guarded as any delete", async () => {
    await loseService();
    await scene.write(`settings: { guards: { maxDeletes: 0 } }\nservices:\n${worker("jobs")}`);
    expect((await scene.plan()).refusals).toMatchObject([{ code: "max-deletes" }]);
  });

  test("stays protected where its block asked for that", async () => {
    scene = await openScene();
    const kept = worker("api").replace("plan: starter", "plan: starter, lifecycle: { protect: true }");
    await scene.write(`services:\n${worker("jobs")}${kept}`);
    expect((await runApply(input, deafAt("/services"))).verdict).toBe("failed");
    await scene.write(`services:\n${worker("jobs")}`);
    const { refusals } = await scene.plan();
    expect(refusals.map(({ code, address }) => ({ code, address }))).toContainEqual({
      code: "protected",
      address: api,
    });
    await scene.write(`services:\n${worker("jobs")}${worker("api")}`);
    expect((await scene.apply()).verdict).toBe("done");
    expect(await scene.inventory()).not.toHaveProperty("pending");
  });

  test("is ours again when the block comes back", async () => {
    await loseService();
    await scene.write(`services:\n${worker("jobs")}${worker("api")}`);
    expect((await scene.apply({ adopt: false })).verdict).toBe("done");
    expect(ourRows(scene, "services")).toHaveLength(2);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("that never arrived is only forgotten, and nothing is written to the account", async () => {
    await loseService(false);
    const before = writesOf(scene);
    expect((await scene.plan()).steps).toMatchObject([{ step: "record", verb: "forget", address: api }]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene)).toEqual(before);
    expect(await scene.inventory()).not.toHaveProperty("pending");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("goes with everything that is destroyed", async () => {
    await loseService();
    await scene.write(`services:\n${worker("jobs")}${worker("api")}`);
    await scene.apply({ destroys: "all" });
    expect(ourRows(scene, "services")).toEqual([]);
  });

  test("of which there are two is a person's to decide, who then says that it is settled", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("jobs")}${database}`);
    expect((await runApply(input, deafAt("/postgres"))).verdict).toBe("failed");
    const [ours] = ourRows(scene, "postgres");
    const body = { name: "main", ownerId: ours!["ownerId"]!, plan: "basic_256mb", version: "18" };
    await scene.edit("POST", "/postgres", body);
    await scene.write(`services:\n${worker("jobs")}`);
    const [refusal] = (await scene.plan()).refusals;
    expect(refusal).toMatchObject({ code: "lost-creation", address: "render/postgres/main" });
    for (const row of ourRows(scene, "postgres")) expect(refusal!.message).toContain(row["id"]);
    await scene.edit("DELETE", `/postgres/${ours!["id"] as string}`);
    expect(refusal!.remedy).toContain("trueup state forget render/postgres/main");
    await forgetOwned("render/postgres/main", { files: [] }, scene.deps);
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "postgres")).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("is found inside its service as well", async () => {
    scene = await openScene();
    const site = (more: string): string =>
      `services:\n  - { type: web, name: site, runtime: image, image: { url: nginx }, plan: starter${more} }\n`;
    await scene.write(site(", domains: [acme.dev]"));
    expect((await runApply(input, deafAt("/custom-domains"))).verdict).toBe("failed");
    await scene.write(site(""));
    expect((await scene.plan()).changes).toMatchObject([
      { action: "delete", address: "render/custom-domain/acme.dev" },
      { action: "keep" },
    ]);
    expect((await scene.apply()).verdict).toBe("done");
    expect((await scene.plan()).steps).toEqual([]);
    expect(ourRows(scene, "services")[0]!["customDomains"]).toEqual([]);
  });
});
