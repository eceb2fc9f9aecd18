import { describe, expect, test } from "vitest";
import { emptyInventory, withDeleted, withMade, wasDeleted } from "../../../src/core/model/inventory.ts";
import { foldEntry, type JournalEntry, type Outcome } from "../../../src/core/run/journal.ts";
import {
  allPauses,
  describeTime,
  pausesBetweenLooks,
  sentAgainFrom,
} from "../../../src/core/diff/uncertain.ts";

const main = "render/postgres/main";
const minute = 60_000;

describe("how long a creation is looked for", () => {
  const sum = (pauses: readonly number[]): number => pauses.reduce((all, one) => all + one, 0);

  test("eight times within the minute after it was announced", () => {
    expect(pausesBetweenLooks(0, 0)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 12_000, 13_000]);
    expect(sum(pausesBetweenLooks(0, 0))).toBe(minute);
  });

  test("eight times as well by whoever knows of no announcement", () => {
    expect(allPauses).toHaveLength(8);
    expect(sum(allPauses)).toBe(minute);
  });

  test("what is left of the minute when the answer took its time, and one look at once", () => {
    expect(pausesBetweenLooks(0, 20_000)).toEqual([0, 5_000, 10_000, 12_000, 13_000]);
    expect(pausesBetweenLooks(0, minute)).toEqual([0]);
    expect(pausesBetweenLooks(0, 10 * minute)).toEqual([0]);
  });

  test("never longer than the minute and never less than nothing, however the clock was set since", () => {
    for (const now of [-86_400_000, -1, 0, 1, 999, 1_000, 59_999, minute, 86_400_000]) {
      const pauses = pausesBetweenLooks(0, now);
      expect(pauses.length).toBeGreaterThan(0);
      expect(pauses.length).toBeLessThanOrEqual(8);
      expect(pauses.every((pause) => pause >= 0)).toBe(true);
      expect(sum(pauses)).toBeLessThanOrEqual(minute);
    }
  });
});

describe("when it may be sent again", () => {
  test("at once where the API refuses a second one, else a quarter of an hour after the first", () => {
    expect(sentAgainFrom({ unique: "name" }, { address: "render/service/api", at: 0 })).toBeUndefined();
    expect(sentAgainFrom({ unique: "none" }, { address: main, at: 0 })).toBe(15 * minute);
  });

  test("a name that stands in two environments is refused in neither", () => {
    const address = "render/service/api@shop%2Fstaging";
    expect(sentAgainFrom({ unique: "name" }, { address, at: 0 })).toBe(15 * minute);
  });

  test("a kind that nobody knows is never sent at once", () => {
    expect(sentAgainFrom(undefined, { address: main, at: 0 })).toBe(15 * minute);
  });

  test("the time that is told is never before it", () => {
    const at = Date.UTC(2026, 10, 22, 9, 15, 1);
    expect(describeTime(at, at)).toBe("09:16 UTC");
    expect(describeTime(at, at - 86_400_000)).toBe("2026-11-22 09:16 UTC");
    const midnight = Date.UTC(2026, 10, 22, 23, 59, 1);
    expect(describeTime(midnight, midnight)).toBe("2026-11-23 00:00 UTC");
  });
});

describe("what was deleted", () => {
  test("is known for a quarter of an hour, by its kind and id", () => {
    const first = withDeleted(emptyInventory("l"), { kind: "render/postgres", id: "dpg-1", at: 0 });
    expect(wasDeleted(first, "render/postgres", "dpg-1")).toBe(true);
    expect(wasDeleted(first, "render/service", "dpg-1")).toBe(false);
    const second = withDeleted(first, { kind: "render/postgres", id: "dpg-2", at: 15 * minute });
    expect(second.deleted).toEqual({ "render/postgres dpg-2": 15 * minute });
  });

  test("is deleted no more once it is made again under the same id", () => {
    const one = { kind: "render/metrics-stream", id: "tea-1" } as const;
    const gone = withDeleted(emptyInventory("l"), { ...one, at: 0 });
    const back = withMade(gone, { ...one, at: minute });
    expect(wasDeleted(back, one.kind, one.id)).toBe(false);
    expect(wasDeleted(withMade(gone, { ...one, id: "tea-2", at: minute }), one.kind, one.id)).toBe(true);
    expect(back).not.toHaveProperty("deleted");
  });

  test("is not what has its address by then, when a journal is read a second time", () => {
    const owned = { kind: "render/postgres", name: "main", fields: {}, needs: [], protect: false } as const;
    const outcome = (verb: string, result: Outcome): JournalEntry => ({
      entry: "outcome",
      run: "r",
      at: 1,
      step: `${verb} ${main}`,
      verb,
      address: main,
      result,
    });
    const replaced = [
      outcome("delete", { status: "done", owned: null, deleted: "dpg-1" }),
      outcome("create", { status: "done", owned: { ...owned, id: "dpg-2" } }),
    ];
    const inventory = [...replaced, ...replaced].reduce(foldEntry, emptyInventory("l"));
    expect(inventory.resources[main]).toMatchObject({ id: "dpg-2" });
    expect(inventory.deleted).toEqual({ "render/postgres dpg-1": 1 });
  });
});

describe("a journal keeps when a creation was sent", () => {
  const intent = (at: number): JournalEntry => ({
    entry: "intent",
    run: `r${at}`,
    at,
    step: `create ${main}`,
    verb: "create",
    address: main,
    kind: "render/postgres",
    name: "main",
    method: "POST",
    path: "/postgres",
  });
  const failed = (code: string, unsent?: true): JournalEntry => ({
    entry: "outcome",
    run: "r",
    at: 9,
    step: `create ${main}`,
    verb: "create",
    address: main,
    result: { status: "failed", code, ...(unsent && { unsent }) },
  });
  const after = (...entries: readonly JournalEntry[]) =>
    entries.reduce(foldEntry, emptyInventory("lineage")).pending?.[main];

  test("the newest, and the one before it until that is known", () => {
    expect(after(intent(1))).toEqual({ creation: { at: 1 } });
    expect(after(intent(1), intent(2))).toEqual({ creation: { at: 2, before: 1 } });
    expect(after(intent(1), intent(2), failed("rejected"))).toEqual({ creation: { at: 1 } });
    expect(after(intent(1), failed("rejected"))).toBeUndefined();
  });

  test("a step that failed before its call was announced takes nothing back", () => {
    expect(after(intent(1), failed("value-not-there", true))).toEqual({ creation: { at: 1 } });
  });
});
