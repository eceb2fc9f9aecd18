import { afterEach, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { JournalEntry } from "../../src/core/run/journal.ts";
import type { Store } from "../../src/store/base/store.ts";
import { idNamed, rowNamed, variablesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { input } from "./course.ts";

let scene: Scene;
afterEach(() => scene.close());

/** Where the state is a branch, an announcement takes as long as a push; meanwhile somebody else may do something. */
function slowly(meanwhile: (step: string) => Promise<void>, takes: number) {
  const entries: JournalEntry[] = [];
  const wrapStore = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        if (name !== "lock") return bound(target, name);
        return async (...how: Parameters<Store["lock"]>) => {
          const locked = await store.lock(...how);
          const append = async (entry: JournalEntry): Promise<void> => {
            await locked.append(entry);
            entries.push(entry);
            if (entry.entry !== "intent") return;
            await meanwhile(entry.step);
            await scene.world.sleep(takes);
          };
          return new Proxy(locked, { get: (of, key) => (key === "append" ? append : bound(of, key)) });
        };
      },
    });
  const deps: Deps = { ...scene.deps, wrapStore };
  return { deps, entries };
}

function bound(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name);
  return typeof member === "function" ? (member.bind(target) as unknown) : member;
}

const api = (level: string): string => {
  const variables = Array.from({ length: 12 }, (_, index) => `{ key: LEVEL_${index}, value: ${level} }`);
  return `
services:
  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter, envVars: [${variables.join(", ")}] }
`;
};

test("all variables are read after the announcement: what somebody adds meanwhile is not lost", async () => {
  scene = await openScene();
  await scene.write(api("info"));
  await scene.apply();
  await scene.write(api("debug"));
  const id = idNamed(scene, "services", "api");
  const { deps } = slowly(async (step) => {
    if (step.startsWith("update"))
      await scene.edit("PUT", `/services/${id}/env-vars/THEIRS`, { value: "kept" });
  }, 5_000);
  expect((await runApply(input, deps)).verdict).toBe("done");
  expect(variablesOf(scene, "api")).toMatchObject({ LEVEL_0: "debug", LEVEL_11: "debug", THEIRS: "kept" });
});

test("what turns out to be stale after the announcement is not sent, and the journal says that it failed", async () => {
  scene = await openScene();
  const web = (path: string): string =>
    `services: [{ type: web, name: api, runtime: image, image: { url: nginx }, plan: starter, healthCheckPath: ${path} }]`;
  await scene.write(web("/health"));
  await scene.apply();
  await scene.write(web("/ready"));
  const id = idNamed(scene, "services", "api");
  const { deps, entries } = slowly(async () => {
    await scene.edit("PATCH", `/services/${id}`, { serviceDetails: { healthCheckPath: "/theirs" } });
  }, 61_000);
  const report = await runApply(input, deps);
  expect(report).toMatchObject({ verdict: "failed", problems: [{ code: "stale" }] });
  expect(JSON.stringify(rowNamed(scene, "services", "api"))).toContain("/theirs");
  expect(entries.filter(({ entry }) => entry === "intent" || entry === "outcome")).toMatchObject([
    { entry: "intent", step: "update render/service/api settings" },
    {
      entry: "outcome",
      step: "update render/service/api settings",
      result: { status: "failed", code: "stale" },
    },
  ]);
  expect(await scene.inventory()).not.toHaveProperty("pending");
});
