import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { problemsOf } from "../observe.ts";
import { makeJumpingClock, openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const databases = 'databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]';
const frozen = `settings: { freeze: [{ cron: 0 18 * * 5, duration: 62h }] }\n${databases}\n`;
/** A Friday, 20:00 UTC. */
const fridayEvening = Date.UTC(2026, 10, 20, 20);

test("a freeze refuses an agreed run before the state is touched", async () => {
  scene = await openScene({ clock: makeJumpingClock(fridayEvening) });
  await scene.write(frozen);
  expect(await problemsOf(scene.apply())).toMatchObject([{ code: "frozen", severity: "refusal" }]);
  expect(existsSync(join(scene.folder, "state"))).toBe(false);
});

test("so does TRUEUP_READ_ONLY, which a run that has nothing to do does not mind", async () => {
  scene = await openScene();
  await scene.write(databases);
  scene.setVariable("TRUEUP_READ_ONLY", "1");
  expect(await problemsOf(scene.apply())).toMatchObject([{ code: "read-only", severity: "refusal" }]);
  expect(existsSync(join(scene.folder, "state"))).toBe(false);
  scene.setVariable("TRUEUP_READ_ONLY", "");
  await scene.apply();
  const before = await scene.read("state/default/inventory.json");
  scene.setVariable("TRUEUP_READ_ONLY", "1");
  expect((await scene.apply()).verdict).toBe("done");
  expect(await scene.read("state/default/inventory.json")).toBe(before);
  expect(existsSync(join(scene.folder, "state/default/lock"))).toBe(false);
});
