import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemsOf, writesOf } from "../observe.ts";
import { planPull } from "../../src/commands/plan-pull.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

const services = `services:
  - {type: worker, name: one, runtime: node, plan: starter, buildCommand: "true", startCommand: "true"}
`;
let scene: Scene;
beforeEach(async () => void (scene = await openScene({ environment: { GITHUB_ACTIONS: "true" } })));
afterEach(() => scene.close());

describe("in GitHub Actions", () => {
  test("apply is refused with the block to paste while the file does not say where the state lies", async () => {
    await scene.write(services);
    expect(await problemsOf(scene.apply())).toMatchObject([
      {
        code: "state-not-chosen",
        severity: "refusal",
        frame: "state:\n  backend: git\n  branch: trueup-state",
        remedy: expect.stringContaining("TRUEUP_STATE_KEY") as string,
      },
    ]);
    expect(writesOf(scene)).toEqual([]);
    expect((await scene.plan()).refusals, "a plan writes no state").toEqual([]);
    const { plan } = await planPull({ ...planDefaults, adopt: null }, undefined, scene.deps);
    expect(plan.problems).toMatchObject([{ code: "state-not-chosen", severity: "warning" }]);
  });

  test("a file that chose a folder is taken at its word", async () => {
    await scene.write(`state: {backend: file, path: kept, name: production}\n${services}`);
    expect((await scene.apply()).verdict).toBe("done");
    expect(JSON.parse(await scene.read("kept/production/inventory.json"))).toMatchObject({ serial: 1 });
    expect((await scene.plan()).basis.label).toBe("production");
  });

  test("the simulator's state may go with the job: nothing has to be chosen", async () => {
    const simulated = await openScene({
      environment: { GITHUB_ACTIONS: "true" },
      send: (send) => async (request) => {
        const answer = await send(request);
        return { ...answer, headers: { ...answer.headers, "trueup-simulator": "tried" } };
      },
    });
    await simulated.write(services);
    expect((await simulated.apply()).verdict).toBe("done");
    expect(simulated.rows("services")).toMatchObject([{ name: "one" }]);
    expect(JSON.parse(await simulated.read("state/.simulator/tried/default/inventory.json"))).toMatchObject({
      serial: 1,
    });
    await simulated.close();
  });
});
