import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { makeRandom } from "../../src/simulator/base/random.ts";
import type { Transport } from "../../src/world/transport.ts";
import { input, walk } from "../crash/course.ts";
import { ourRows, problemsOf, setFaults } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { clockJumps, jumpAt } from "./clock.ts";
import { journeys } from "./shop.ts";

const hour = 3_600_000;
/** `npm run matrix -- clock` sets it at every write. */
const sampled = 5;

test.each(journeys)(
  "a clock that is set by hours on the way to $name a shop, forward or back: nothing wrong, and no endless wait",
  async (journey) => {
    const course = await walk(journey);
    const points = clockJumps(course);
    const random = makeRandom(Number(process.env["MATRIX_SEED"] ?? 1));
    for (let index = 0; index < sampled; index += 1) {
      const point = points[Math.floor(random.next() * points.length)]!;
      expect({ ...point, wrong: await jumpAt(course, point) }).toEqual({ ...point, wrong: [] });
    }
    await course.close();
  },
);

describe("two machines whose clocks differ", () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const file = (count: number): string =>
    `services:\n${Array.from({ length: count }, (_, index) => `  - { type: worker, name: w${index}, runtime: image, image: { url: nginx }, plan: starter }\n`).join("")}`;

  /** A run on a machine whose clock differs by so much; `onWrite` is told the number of each of its writes before it is sent. */
  function machine(by: number, onWrite: (number: number) => Promise<void> = async () => undefined) {
    let sent = 0;
    const send: Transport = async (request) => {
      if (request.method !== "GET") {
        await onWrite(sent + 1);
        sent += 1;
      }
      return scene.world.send(request);
    };
    const world = { ...scene.world, send, now: () => scene.world.now() + by };
    const user = { name: "grace", host: `machine ${by}`, pid: 1 };
    const deps: Deps = { ...scene.deps, world, user };
    return { deps, sent: () => sent };
  }

  test("one that is ahead takes the lock over, and the first sends nothing more", async () => {
    scene = await openScene();
    await scene.write(file(8));
    let others = 0;
    const second = machine(hour);
    const first = machine(0, async (number) => {
      // In the middle of its first writes the other comes, takes over, and does everything.
      if (number !== 2) return;
      expect((await runApply(input, second.deps)).verdict).toBe("done");
      others = second.sent();
    });
    expect(await problemsOf(runApply(input, first.deps))).toMatchObject([{ code: "lock-lost" }]);
    expect(others).toBeGreaterThan(0);
    // What was under way when the other came was announced before that, and the other found it or was found.
    expect(first.sent()).toBeLessThanOrEqual(4);
    expect(new Set(ourRows(scene, "services").map((row) => row["name"])).size).toBe(8);
    expect(ourRows(scene, "services")).toHaveLength(8);
    await setFaults(scene, "");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("one that is behind finds the state locked, however far behind, and waits no longer than it was told", async () => {
    scene = await openScene();
    await scene.write(file(3));
    const second = machine(-5 * hour);
    let waited = -1;
    const first = machine(0, async (number) => {
      if (number !== 2) return;
      const before = scene.world.now();
      const problems = await problemsOf(runApply({ ...input, lockTimeout: 60_000 }, second.deps));
      expect(problems).toMatchObject([{ code: "locked" }]);
      waited = scene.world.now() - before;
    });
    expect((await runApply(input, first.deps)).verdict).toBe("done");
    expect(second.sent()).toBe(0);
    expect(waited).toBeGreaterThanOrEqual(60_000);
    expect(waited).toBeLessThan(62_000);
  });
});
