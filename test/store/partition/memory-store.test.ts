import { expect, test } from "vitest";
import { emptyInventory, withOwned } from "../../../src/core/model/inventory.ts";
import { makeMemory, openMemoryStore } from "../../../src/store/partition/memory-store.ts";
import { problemsOf } from "../../observe.ts";
import { makeClock } from "../clock.ts";
import { began, holder, intent, key } from "../contract.ts";

const minutes = 60_000;
const time = "2026-11-22T08:00:00.000Z";
const record = {
  version: 1,
  run: "r1",
  began: time,
  ended: time,
  plan: "hash",
  verdict: "done",
  steps: [],
} as const;

test("a state in memory keeps what is written, and nothing of it is anybody else's", async () => {
  const { world } = makeClock();
  const memory = makeMemory();
  const store = openMemoryStore(memory, { world });
  expect(await store.inventory()).toBeUndefined();
  expect(await store.ownedElsewhere()).toEqual([]);
  const locked = await store.lock(holder("r1"));
  await locked.makeKey(key);
  await locked.append(began("r1", 5));
  await locked.append(intent("r1", "a"));
  expect(await store.journal()).toEqual([began("r1", 5), intent("r1", "a")]);
  await locked.commit(emptyInventory("line"), record);
  await locked.keep("plan.json", "one");
  await locked.unlock();
  expect(await store.journal()).toEqual([]);
  expect((await store.inventory())?.serial).toBe(1);
  expect(await store.runs()).toEqual([record]);
  expect(await store.kept("plan.json")).toBe("one");
  expect([...memory.documents.keys()].sort()).toEqual(["inventory.json", "plan.json", "runs/r1.json"]);
});

test("a copy of it has its documents and its key, and not its lock", async () => {
  const { world } = makeClock();
  const memory = makeMemory();
  const locked = await openMemoryStore(memory, { world }).lock(holder("r1"));
  await locked.makeKey(key);
  await locked.keep("plan.json", "one");
  const copy = makeMemory(memory);
  await locked.keep("plan.json", "two");
  const other = openMemoryStore(copy, { world });
  expect(await other.kept("plan.json")).toBe("one");
  expect(await other.key()).toEqual(await openMemoryStore(memory, { world }).key());
  expect(await other.lease()).toBeUndefined();
  await other.lock(holder("r2"));
});

test("its lock is one run's, until that gives it back, its lease ends or somebody takes it away", async () => {
  const clock = makeClock();
  const memory = makeMemory();
  const lock = (run: string) => openMemoryStore(memory, clock).lock(holder(run));
  const lockedBy = async (): Promise<string | undefined> =>
    (await openMemoryStore(memory, clock).lease())?.holder.run;
  const first = await lock("r1");
  expect(await problemsOf(lock("r2"))).toMatchObject([{ code: "locked" }]);
  for (let minute = 0; minute < 7; minute += 1) {
    clock.pass(minutes);
    await first.hold();
  }
  expect(await problemsOf(lock("r2"))).toMatchObject([{ code: "locked" }]);
  await first.unlock();
  expect(await lockedBy()).toBeUndefined();
  await lock("r2");
  clock.pass(5 * minutes - 1);
  expect(await problemsOf(lock("r3"))).toMatchObject([{ code: "locked" }]);
  clock.pass(1);
  await lock("r3");
  expect(await lockedBy()).toBe("r3");
  expect((await openMemoryStore(memory, clock).breakLock())?.holder.run).toBe("r3");
  expect(await lockedBy()).toBeUndefined();
});

test("what owns or announces something of a kind that this version does not know is of a newer one", async () => {
  const { world } = makeClock();
  const memory = makeMemory();
  const open = (knows: boolean) => openMemoryStore(memory, { world, knowsKind: () => knows });
  const locked = await open(true).lock(holder("r1"));
  await locked.append(began("r1", 5));
  expect(await open(false).journal()).toEqual([began("r1", 5)]);
  await locked.append(intent("r1", "a"));
  expect(await open(true).journal()).toHaveLength(2);
  expect(await problemsOf(open(false).journal())).toMatchObject([
    { code: "state-newer", message: "memory/journal.ndjson was written by a newer trueup." },
  ]);
  const owned = {
    kind: "render/service",
    id: "srv-1",
    name: "api",
    fields: {},
    needs: [],
    protect: false,
  } as const;
  await locked.commit(withOwned(emptyInventory("line"), "render/service/api", owned));
  expect((await open(true).inventory())?.serial).toBe(1);
  expect(await problemsOf(open(false).inventory())).toMatchObject([
    { code: "state-newer", message: "memory/inventory.json was written by a newer trueup." },
  ]);
});
