import { afterEach, expect, test } from "vitest";
import { makeJumpingClock, openScene, type Scene } from "../scene.ts";
import { ProblemError } from "../../src/core/base/problem.ts";

let scene: Scene;
afterEach(() => scene.close());

const file = (freeze: string) => `
settings: { freeze: [${freeze}] }
databases:
  - { name: main, plan: basic-256mb }
`;

/** A Friday, 20:00 UTC. */
const fridayEvening = Date.UTC(2026, 10, 20, 20, 0, 0);

async function applyAt(time: number, freeze: string) {
  scene = await openScene({ clock: makeJumpingClock(time) });
  await scene.write(file(freeze));
  return scene.apply();
}

test("nothing is written while a freeze holds, and the refusal says until when", async () => {
  const error: unknown = await applyAt(fridayEvening, "{ cron: 0 18 * * 5, duration: 62h }").catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problems).toMatchObject([
    {
      code: "frozen",
      severity: "refusal",
      message:
        "A freeze (settings.freeze, 0 18 * * 5) holds until 2026-11-23T08:00:00Z, so nothing is written.",
    },
  ]);
  expect(scene.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});

test("a plan is made all the same, and afterwards the file is applied", async () => {
  const report = await applyAt(fridayEvening + 60 * 3_600_000 + 1, "{ cron: 0 18 * * 5, duration: 62h }");
  expect(report.verdict).toBe("done");
});

test("a freeze that cannot be read is an error, not none", async () => {
  const error: unknown = await applyAt(fridayEvening, "{ cron: weekends, duration: 62h }").catch(
    (thrown: unknown) => thrown,
  );
  expect((error as ProblemError).problems).toMatchObject([{ code: "freeze-cron" }]);
});
