import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyInventory, withOwned, type Inventory, type Owned } from "../../src/core/model/inventory.ts";
import type { JournalEntry } from "../../src/core/run/journal.ts";
import type { RunRecord } from "../../src/core/run/run-record.ts";
import type { Holder, LockedStore, Store } from "../../src/store/base/store.ts";
import type { World } from "../../src/world/world.ts";
import { problemsOf } from "../observe.ts";
import { makeClock, type Clock } from "./clock.ts";

/** One place of state that several machines can reach. */
export type Place = {
  /** As another process on another machine would open it. */
  open(world: World, label?: string): Store;
  /** The text of a document of the partition `default`, as it lies there; for looking and for tampering. */
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  close(): Promise<void>;
};

export const key = "0123456789abcdef".repeat(4);
const minutes = 60_000;

export function holder(run: string): Holder {
  return { user: "ada", host: "laptop", pid: process.pid, since: "2026-11-22T09:00:00.000Z", run };
}

const owned: Owned = {
  kind: "render/service",
  id: "srv-1",
  name: "api",
  fields: { plan: "ab" },
  needs: [],
  protect: false,
};

export function intent(run: string, step: string): JournalEntry {
  return {
    entry: "intent",
    run,
    at: 1,
    step,
    verb: "create",
    address: "render/service/api",
    kind: "render/service",
    name: "api",
    method: "POST",
    path: "/services",
  };
}

export function began(run: string, at: number): JournalEntry {
  return { entry: "run-began", run, at, plan: "hash", by: { user: "ada", host: "laptop" } };
}

const record = (run: string, time: string): RunRecord => ({
  version: 1,
  run,
  began: time,
  ended: time,
  plan: "hash",
  verdict: "done",
  steps: [],
});

/** What every backend of the state has to do. A new backend joins with one call of this. */
export function describeBackend(name: string, openPlace: () => Promise<Place>): void {
  describe(`state in ${name}`, () => {
    let place: Place;
    let clock: Clock;
    beforeEach(async () => {
      place = await openPlace();
      clock = makeClock();
    });
    afterEach(() => place.close());

    const open = (label?: string): Store => place.open(clock.world, label);
    const firstInventory = (): Inventory => withOwned(emptyInventory("line"), "render/service/api", owned);

    test("is empty at first, and reading makes nothing", async () => {
      const store = open();
      expect(await store.inventory()).toBeUndefined();
      expect(await store.journal()).toEqual([]);
      expect(await store.ledger()).toBeUndefined();
      expect(await store.runs()).toEqual([]);
      expect(await store.lease()).toBeUndefined();
      expect(await place.read("inventory.json")).toBeUndefined();
    });

    test("keeps what is committed, for every process that opens it", async () => {
      const locked = await open().lock(holder("r1"));
      const next = await locked.commit(firstInventory());
      await locked.unlock();
      expect(next.serial).toBe(1);
      expect(await open().inventory()).toEqual(next);
    });

    test("keeps labels apart", async () => {
      const one = await open("one").lock(holder("r1"));
      const two = await open("two").lock(holder("r2"));
      await one.commit(firstInventory());
      await two.commit(emptyInventory("other"));
      await one.unlock();
      await two.unlock();
      expect((await open("one").inventory())?.lineage).toBe("line");
      expect((await open("two").inventory())?.lineage).toBe("other");
      expect(await open().inventory()).toBeUndefined();
    });

    test("tells what the other labels own, also what only the journal of a killed run knows", async () => {
      const told = { label: "a/b", address: "render/service/api", kind: "render/service", id: "srv-1" };
      expect(await open().ownedElsewhere()).toEqual([]);
      const one = await open("a/b").lock(holder("r1"));
      await one.commit(firstInventory());
      await one.unlock();
      const two = await open("..").lock(holder("r2"));
      await two.append(intent("r2", "create render/service/api"));
      const result = { status: "done", owned: { ...owned, id: "srv-2" } } as const;
      const of = {
        run: "r2",
        at: 2,
        step: "create render/service/api",
        address: "render/service/api",
      } as const;
      await two.append({ entry: "outcome", verb: "create", ...of, result });
      await two.append(intent("r2", "create render/service/other"));
      const own = await open().lock(holder("r3"));
      await own.commit(withOwned(emptyInventory("own"), "render/service/own", { ...owned, id: "srv-3" }));
      await own.unlock();
      const others = [...(await open().ownedElsewhere())].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(others).toEqual([told, { ...told, label: "..", id: "srv-2" }]);
      expect((await open("a/b").ownedElsewhere()).map(({ label }) => label).sort()).toEqual([
        "..",
        "default",
      ]);
    });

    test("tells nothing of what the others own while one of them cannot be read", async () => {
      await place.write("inventory.json", "{}");
      expect(await problemsOf(open("other").ownedElsewhere())).toMatchObject([{ code: "state-damaged" }]);
    });

    test.each(["..", ".git", "key", "a/b", "README.md", "Größe", "lock"])(
      "takes the label %s",
      async (label) => {
        const locked = await open(label).lock(holder("r1"));
        await locked.commit(firstInventory());
        await locked.unlock();
        expect((await open(label).inventory())?.lineage).toBe("line");
        expect(await open().inventory()).toBeUndefined();
      },
    );

    test("an intent is there when its append resolves, with all that came before it", async () => {
      const locked = await open().lock(holder("r1"));
      await locked.append(began("r1", 5));
      await locked.append(intent("r1", "create render/service/api"));
      expect(await open().journal()).toEqual([began("r1", 5), intent("r1", "create render/service/api")]);
      await locked.commit(firstInventory());
      await locked.unlock();
      expect(await open().journal(), "a commit starts it anew").toEqual([]);
    });

    test("many intents at once all arrive, each whole, in order", async () => {
      const locked = await open().lock(holder("r1"));
      const steps = Array.from({ length: 30 }, (_, index) => `step ${index}`);
      await Promise.all(steps.map((step) => locked.append(intent("r1", step))));
      const journal = await open().journal();
      expect(journal.map((entry) => (entry.entry === "intent" ? entry.step : ""))).toEqual(steps);
      await locked.unlock();
    });

    test("a commit on another serial or lineage is refused", async () => {
      const locked = await open().lock(holder("r1"));
      await locked.commit(firstInventory());
      expect(await problemsOf(locked.commit(firstInventory()))).toMatchObject([{ code: "state-moved" }]);
      expect(await problemsOf(locked.commit({ ...firstInventory(), serial: 1, lineage: "x" }))).toMatchObject(
        [{ code: "state-moved" }],
      );
      await locked.unlock();
      expect((await open().inventory())?.serial).toBe(1);
    });

    describe("the ledger and what others keep", () => {
      test("the ledger goes with the next intent", async () => {
        const locked = await open().lock(holder("r1"));
        const windows = { "render/create": { limit: 20, used: 7, endsAt: 1_000 } };
        locked.keepLedger({ version: 1, windows });
        expect(await open().ledger()).toBeUndefined();
        await locked.append(intent("r1", "a"));
        expect(await open().ledger()).toEqual({ version: 1, windows });
        await locked.unlock();
      });

      test("a text is kept, replaced and removed", async () => {
        const locked = await open().lock(holder("r1"));
        await locked.keep("sealed/token.age", "one");
        await locked.keep("plan.json", "two");
        expect(await open().kept("sealed/token.age")).toBe("one");
        await locked.keep("sealed/token.age", null);
        await locked.unlock();
        expect(await open().kept("sealed/token.age")).toBeUndefined();
        expect(await open().kept("plan.json")).toBe("two");
      });
    });

    describe("runs", () => {
      test("are kept with the commit that ends them, newest first", async () => {
        const locked = await open().lock(holder("r2"));
        const first = await locked.commit(firstInventory(), record("r1", "2026-11-22T08:00:00.000Z"));
        await locked.commit(first, record("r2", "2026-11-22T09:00:00.000Z"));
        await locked.unlock();
        expect((await open().runs()).map((run) => run.run)).toEqual(["r2", "r1"]);
      });

      test("one that was killed is told by the journal, and kept by the next commit", async () => {
        const locked = await open().lock(holder("r1"));
        await locked.append(began("r1", clock.world.now()));
        await locked.append(intent("r1", "create render/service/api"));
        const killed = {
          run: "r1",
          verdict: "unfinished",
          steps: [{ step: "create render/service/api", status: "uncertain" }],
        };
        expect(await open().runs()).toMatchObject([killed]);
        clock.pass(6 * minutes);
        const next = await open().lock(holder("r2"));
        await next.commit(firstInventory(), record("r2", new Date(clock.world.now()).toISOString()));
        await next.unlock();
        expect(await open().runs()).toMatchObject([{ run: "r2" }, killed]);
      });

      test("are forgotten after 90 days", async () => {
        const locked = await open().lock(holder("r1"));
        const now = clock.world.now();
        const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString();
        const first = await locked.commit(firstInventory(), record("old", daysAgo(91)));
        const second = await locked.commit(first, record("young", daysAgo(89)));
        await locked.commit(second, record("new", daysAgo(0)));
        await locked.unlock();
        expect((await open().runs()).map((run) => run.run)).toEqual(["new", "young"]);
      });
    });

    describe("versions", () => {
      const lockAndCommit = async (): Promise<Inventory> => {
        const locked = await open().lock(holder("r1"));
        try {
          return await locked.commit(firstInventory());
        } finally {
          await locked.unlock();
        }
      };

      test.each([
        ["inventory.json", `{"version": 3, "lineage": "line", "serial": 0, "resources": {}}`],
        ["ledger.json", `{"version": 2, "windows": {}}`],
        ["journal.ndjson", `{"entry":"journal","version":2}\n`],
      ])("a newer %s is refused, and stays as it is", async (name, text) => {
        await place.write(name, text);
        expect(await problemsOf(lockAndCommit())).toMatchObject([
          { code: "state-newer", message: expect.stringContaining(name) as string },
        ]);
        expect(await place.read(name)).toBe(text);
      });

      test.each([
        ["inventory.json", "{"],
        ["inventory.json", `{"version": 1}`],
        ["ledger.json", "[]"],
        ["journal.ndjson", "{\n{}\n"],
        ["journal.ndjson", "7\n"],
      ])("a damaged %s (%j) is refused, and stays as it is", async (name, text) => {
        await place.write(name, text);
        expect(await problemsOf(lockAndCommit())).toMatchObject([{ code: "state-damaged" }]);
        expect(await place.read(name)).toBe(text);
      });

      test("a journal of the version before is read, and rewritten beside a backup with the first write", async () => {
        const older = `${JSON.stringify(began("r0", 1))}\n${JSON.stringify(intent("r0", "a"))}\n`;
        await place.write("journal.ndjson", older);
        expect(await open().journal()).toEqual([began("r0", 1), intent("r0", "a")]);
        expect(await place.read("journal.ndjson"), "reading changes nothing").toBe(older);
        const locked = await open().lock(holder("r1"));
        await locked.append(intent("r1", "b"));
        expect(await open().journal()).toEqual([began("r0", 1), intent("r0", "a"), intent("r1", "b")]);
        await locked.unlock();
        expect(await place.read("journal.ndjson")).toContain(`{"entry":"journal","version":1}\n`);
        expect(await place.read("backup/journal.ndjson.version-0")).toBe(older);
      });

      test("a torn last line is no entry, and the next one does not join it", async () => {
        const whole = `{"entry":"journal","version":1}\n${JSON.stringify(began("r0", 1))}\n`;
        await place.write("journal.ndjson", `${whole}{"entry":"inte`);
        expect(await open().journal()).toEqual([began("r0", 1)]);
        const locked = await open().lock(holder("r1"));
        await locked.append(intent("r1", "b"));
        expect(await open().journal()).toEqual([began("r0", 1), intent("r1", "b")]);
        await locked.unlock();
      });
    });

    describe("the lock", () => {
      const lock = (run: string, timeout?: number): Promise<LockedStore> =>
        open().lock(holder(run), timeout === undefined ? {} : { timeout });

      test("is one's own: the other is told who has it", async () => {
        const locked = await lock("r1");
        expect(await problemsOf(lock("r2"))).toMatchObject([
          {
            code: "locked",
            message: expect.stringMatching(/ada on laptop \(process \d+, run r1/u) as string,
          },
        ]);
        await locked.unlock();
        await (await lock("r2")).unlock();
      });

      test("of many who try at once, one gets it and the others are told so", async () => {
        const tries = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => lock(`r${index}`)));
        const got = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
        expect(got).toHaveLength(1);
        await got[0]!.unlock();
        const told = tries.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
        for (const error of told) expect(error).toMatchObject({ problems: [{ code: "locked" }] });
      });

      test("is free after the lease when its holder was killed", async () => {
        await lock("r1");
        clock.pass(4 * minutes);
        expect(await problemsOf(lock("r2"))).toMatchObject([{ code: "locked" }]);
        clock.pass(1 * minutes);
        await (await lock("r2")).unlock();
      });

      test("is waited for as long as --lock-timeout says", async () => {
        await lock("r1");
        const before = clock.world.now();
        expect(await problemsOf(lock("r2", minutes / 2))).toMatchObject([{ code: "locked" }]);
        expect(clock.world.now() - before).toBe(minutes / 2);
        clock.pass(4 * minutes);
        await (await lock("r2", 10 * minutes)).unlock();
        expect(clock.world.now() - before, "not longer than the lease").toBeLessThan(6 * minutes);
      });

      test("a beat prolongs the lease", async () => {
        const locked = await lock("r1");
        for (let minute = 0; minute < 7; minute += 1) {
          clock.pass(minutes);
          await locked.hold();
        }
        expect((await open().lease())?.expires).toBe(clock.world.now() + 5 * minutes);
        expect(await problemsOf(lock("r2"))).toMatchObject([{ code: "locked" }]);
        await locked.append(intent("r1", "a"));
        await locked.unlock();
      });

      test("a holder that overslept and was replaced writes nothing more", async () => {
        const first = await lock("r1");
        await first.append(intent("r1", "a"));
        clock.pass(10 * minutes);
        const second = await lock("r2");
        await second.append(intent("r2", "b"));
        expect(await problemsOf(first.hold())).toMatchObject([{ code: "lock-lost" }]);
        expect(await problemsOf(first.append(intent("r1", "c")))).toMatchObject([{ code: "lock-lost" }]);
        expect(await problemsOf(first.commit(firstInventory()))).toMatchObject([{ code: "lock-lost" }]);
        await first.unlock().catch(() => undefined);
        expect((await open().lease())?.holder.run, "nor does it take the lock away").toBe("r2");
        expect((await open().journal()).length).toBe(2);
        await second.unlock();
      });

      test("a holder that overslept and was not replaced goes on", async () => {
        const locked = await lock("r1");
        clock.pass(10 * minutes);
        await locked.hold();
        await locked.append(intent("r1", "a"));
        await locked.unlock();
      });

      test("time that only the steady clock saw counts as well", async () => {
        const locked = await lock("r1");
        clock.setBack(60 * minutes);
        clock.pass(2 * minutes);
        await locked.hold();
        expect((await open().lease())?.expires, "it was prolonged").toBe(clock.world.now() + 5 * minutes);
        await locked.unlock();
      });

      test("can be taken away; its holder stops before its next write", async () => {
        const locked = await lock("r1");
        expect((await open().breakLock())?.holder.run).toBe("r1");
        expect(await open().breakLock()).toBeUndefined();
        clock.pass(2 * minutes);
        expect(await problemsOf(locked.hold())).toMatchObject([{ code: "lock-lost" }]);
        await locked.unlock().catch(() => undefined);
        await (await lock("r2")).unlock();
      });
    });
  });
}
