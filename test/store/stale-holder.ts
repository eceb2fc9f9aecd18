import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyInventory, type Inventory } from "../../src/core/model/inventory.ts";
import type { JournalEntry } from "../../src/core/run/journal.ts";
import type { LockedStore, Store } from "../../src/store/base/store.ts";
import type { World } from "../../src/world/world.ts";
import { problemsOf } from "../observe.ts";
import { makeClock, type Clock } from "./clock.ts";
import { began, holder, intent, key, type Place } from "./contract.ts";

const minutes = 60_000;
const windows = { "render/create": { limit: 20, used: 7, endsAt: 1_000 } };
const ended: JournalEntry = { entry: "run-ended", run: "r1", at: 3, verdict: "done" };

/** Everything that a holder can write; the ledger goes with an entry. */
const writes: { readonly [name: string]: (stale: LockedStore, inventory: Inventory) => Promise<unknown> } = {
  "an intent": (stale) => stale.append(intent("r1", "late")),
  "an entry and the ledger": async (stale) => {
    stale.keepLedger({ version: 1, windows });
    await stale.append(ended);
    // An entry may wait for the next write: it never comes without the lock.
    await stale.append(intent("r1", "later"));
  },
  "the inventory": (stale, inventory) => stale.commit(inventory),
  "an approved plan": (stale) => stale.keep("plan.json", "late"),
  "the end of an approved plan": (stale) => stale.keep("plan.json", null),
  "a sealed secret": (stale) => stale.keep("sealed/token.age", "late"),
  "a repair": async (stale) => {
    await stale.repair();
    await stale.append(intent("r1", "repaired"));
  },
};

/** What happened to the lock of a run that knows nothing of it. */
type Loss = (given: {
  readonly clock: Clock;
  readonly open: (world?: World) => Store;
}) => Promise<LockedStore>;

const losses: { readonly [name: string]: Loss } = {
  "its lease has ended and another run took the lock": ({ clock, open }) => {
    clock.pass(10 * minutes);
    return open().lock(holder("r2"));
  },
  "somebody took the lock away and gave it to another run": async ({ open }) => {
    await open().breakLock();
    return open().lock(holder("r2"));
  },
  "the machine stood still with its clocks, and another run took the lock": ({ open }) => {
    const elsewhere = makeClock();
    elsewhere.pass(10 * minutes);
    return open(elsewhere.world).lock(holder("r2"));
  },
};

/** What every backend does for the next holder: whatever one of before still wants to write is refused, or changes nothing. */
export function describeStaleHolders(name: string, openPlace: () => Promise<Place>): void {
  describe(`a holder of before, with state in ${name}`, () => {
    let place: Place;
    let clock: Clock;
    beforeEach(async () => {
      place = await openPlace();
      clock = makeClock();
    });
    afterEach(() => place.close());
    const open = (world: World = clock.world): Store => place.open(world);

    /** The documents as they lie there, and whose the lock is. */
    async function look(): Promise<unknown> {
      const names = ["inventory.json", "journal.ndjson", "ledger.json", "plan.json", "sealed/token.age"];
      const texts = await Promise.all(names.map((one) => place.read(one)));
      return [...texts, (await open().lease())?.holder.run];
    }

    test.each(Object.keys(losses))("writes nothing when %s", async (loss) => {
      const stale = await open().lock(holder("r1"));
      const first = await stale.commit(emptyInventory("line"));
      await stale.keep("plan.json", "of r1");
      await stale.append(began("r1", 1));
      await stale.append(intent("r1", "a"));
      const next = await losses[loss]!({ clock, open });
      await next.append(began("r2", 2));
      await next.append(intent("r2", "b"));
      await next.keep("plan.json", "of r2");
      const before = await look();
      for (const [what, write] of Object.entries(writes))
        expect(await problemsOf(write(stale, first)), what).toMatchObject([{ code: "lock-lost" }]);
      expect(await problemsOf(stale.unlock()), "the lock").toMatchObject([{ code: "lock-lost" }]);
      expect(await look()).toEqual(before);
      const committed = await next.commit(first);
      await next.unlock();
      expect(await open().inventory()).toEqual(committed);
    });

    test("writes nothing either when the next one is done and the lock is nobody's", async () => {
      const stale = await open().lock(holder("r1"));
      const first = await stale.commit(emptyInventory("line"));
      clock.pass(10 * minutes);
      const next = await open().lock(holder("r2"));
      await next.commit(first);
      await next.unlock();
      const before = await look();
      for (const [what, write] of Object.entries(writes))
        expect(await problemsOf(write(stale, first)), what).toMatchObject([{ code: "lock-lost" }]);
      expect(await problemsOf(stale.hold())).toMatchObject([{ code: "lock-lost" }]);
      await stale.unlock().catch(() => undefined);
      expect(await look()).toEqual(before);
    });

    test("replaces no digest key that the next one made", async () => {
      const stale = await open().lock(holder("r1"));
      await open().breakLock();
      const next = await open().lock(holder("r2"));
      const made = await next.makeKey(key).then(
        ({ id }) => id,
        () => undefined,
      );
      const kept = (await open().key())?.id;
      expect(kept).toBe(made ?? kept);
      expect(await problemsOf(stale.makeKey("f".repeat(64)))).toMatchObject([
        { code: made === undefined ? "key-missing" : "state-moved" },
      ]);
      expect((await open().key())?.id).toBe(kept);
      await next.unlock();
      await stale.unlock().catch(() => undefined);
    });
  });
}
