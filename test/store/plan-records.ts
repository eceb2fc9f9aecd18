import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyInventory } from "../../src/core/model/inventory.ts";
import type { PlanRecord } from "../../src/core/run/plan-record.ts";
import type { Store } from "../../src/store/base/store.ts";
import { problemsOf } from "../observe.ts";
import { makeClock, type Clock } from "./clock.ts";
import { holder, intent, type Place } from "./contract.ts";

const planRecord = (more: Partial<PlanRecord> = {}): PlanRecord => ({
  version: 1,
  hash: "9c41".repeat(16),
  at: "2026-11-22T09:00:00.000Z",
  pullRequest: 7,
  head: "3f2a".repeat(10),
  counts: { create: 1, update: 0, drifted: 0, adopt: 0, replace: 0, delete: 0, unchanged: 3 },
  calls: { "render/create": 1 },
  end: 60_000,
  ...more,
});

/** The part of the contract of a backend that is about plans which pull requests showed. */
export function describePlanRecords(name: string, openPlace: () => Promise<Place>): void {
  describe(`records of plans in ${name}`, () => {
    let place: Place;
    let clock: Clock;
    beforeEach(async () => {
      place = await openPlace();
      clock = makeClock();
    });
    afterEach(() => place.close());
    const open = (label?: string): Store => place.open(clock.world, label);

    test("are kept while another run holds the lock, which then goes on, and once however often they come", async () => {
      const locked = await open().lock(holder("r1"));
      await open().recordPlan(planRecord());
      await open().recordPlan(planRecord({ end: 1 }));
      await open().recordPlan(planRecord({ head: "77".repeat(20) }));
      await locked.append(intent("r1", "a"));
      await locked.commit(emptyInventory("line"));
      await locked.unlock();
      const plans = [...(await open().plans())].sort((a, b) => (a.head < b.head ? -1 : 1));
      expect(plans).toEqual([planRecord(), planRecord({ head: "77".repeat(20) })]);
      expect((await open().inventory())?.serial).toBe(1);
    });

    test("are of one label, and forgotten after 90 days", async () => {
      const at = (days: number): string => new Date(clock.world.now() - days * 86_400_000).toISOString();
      await open().recordPlan(planRecord({ at: at(91), pullRequest: 1 }));
      await open().recordPlan(planRecord({ at: at(89), pullRequest: 2 }));
      const locked = await open().lock(holder("r1"));
      await locked.commit(emptyInventory("line"));
      await locked.unlock();
      expect((await open().plans()).map(({ pullRequest }) => pullRequest)).toEqual([2]);
      expect(await open("other").plans()).toEqual([]);
    });

    test("one that is damaged is told as such, and stops no run", async () => {
      await open().recordPlan(planRecord());
      await place.write("plans/1-a-b.json", "{}");
      expect(await problemsOf(open().plans())).toMatchObject([{ code: "state-damaged" }]);
      const locked = await open().lock(holder("r1"));
      await locked.commit(emptyInventory("line"));
      await locked.unlock();
    });
  });
}
