import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { acceptDrift } from "../../src/commands/accept-drift.ts";
import { forgetOwned, moveOwned } from "../../src/commands/state/state.ts";
import { idNamed, problemsOf } from "../observe.ts";
import { makeJumpingClock, openScene, planDefaults, type Scene } from "../scene.ts";

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

const asking = `services:
  - {type: worker, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s,
     envVars: [{key: STRIPE_KEY, sync: false}]}
`;

/** A value that somebody changed in the dashboard. */
async function openDrifted(clock?: ReturnType<typeof makeJumpingClock>): Promise<string> {
  scene = await openScene(clock ? { clock } : {});
  await scene.write(asking);
  await scene.write("STRIPE_KEY=sk_1\n", "values.env");
  expect((await scene.apply({ values: "values.env" })).verdict).toBe("done");
  const path = `/services/${idNamed(scene, "services", "api")}/env-vars/STRIPE_KEY`;
  await scene.edit("PUT", path, { value: "sk_theirs" });
  return scene.read("state/default/inventory.json");
}

test("TRUEUP_READ_ONLY holds for what only the state keeps: drift --accept, state forget and state move", async () => {
  const before = await openDrifted();
  scene.setVariable("TRUEUP_READ_ONLY", "1");
  const [api, other] = ["render/service/api", "render/service/other"] as const;
  for (const command of [
    () => acceptDrift(planDefaults, ["*"], scene.deps),
    () => forgetOwned(api, planDefaults, scene.deps),
    () => moveOwned(api, other, planDefaults, scene.deps),
  ])
    expect(await problemsOf(command())).toMatchObject([{ code: "read-only", severity: "refusal" }]);
  expect(await scene.read("state/default/inventory.json")).toBe(before);
});

test("a freeze is of the accounts: what somebody changed meanwhile can be agreed to", async () => {
  const clock = makeJumpingClock(fridayEvening - 86_400_000);
  await openDrifted(clock);
  await scene.write(`settings: { freeze: [{ cron: 0 18 * * 5, duration: 62h }] }\n${asking}`);
  await clock.sleep(86_400_000);
  expect((await acceptDrift(planDefaults, ["*"], scene.deps)).accepted).toEqual([
    "render/service/api/envVars.STRIPE_KEY",
  ]);
});
