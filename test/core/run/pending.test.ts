import { describe, expect, test } from "vitest";
import {
  emptyInventory,
  withOwned,
  type Inventory,
  type Pending,
} from "../../../src/core/model/inventory.ts";
import { foldEntry, type JournalEntry, type Outcome } from "../../../src/core/run/journal.ts";
import {
  gapNeeded,
  pendingParts,
  settleDeletions,
  withoutFormer,
  withoutJob,
  withoutNewObject,
  withPending,
} from "../../../src/core/run/pending.ts";
import { api, done, failed, intent, outcome, owned, type Intent } from "./journal-lines.ts";

const web = "render/service/web";
const empty = emptyInventory("l");

/** What is pending of the address after these lines, when that was pending before. */
function after(before: Pending, ...entries: readonly JournalEntry[]): Pending | undefined {
  return entries.reduce(foldEntry, withPending(empty, api, before)).pending?.[api];
}

const former = { id: "srv-0", name: "api-old" };

describe("a creation that is announced", () => {
  test("is pending with all that it says of itself", () => {
    const said = { besides: ["srv-9"], protect: true, file: "f1", incomplete: true } as const;
    expect(after({}, intent("create", said))).toEqual({
      creation: { at: 7 },
      besides: ["srv-9"],
      protect: true,
      file: "f1",
      cancellation: true,
    });
    expect(after({}, intent("create", { besides: [] }))).toEqual({ creation: { at: 7 } });
  });

  test("keeps what stepped aside for it and when it was lost before, and nothing else", () => {
    const before = { creation: { at: 3 }, formers: [former], deployFor: ["x"], alone: true } as const;
    expect(after(before, intent("create"))).toEqual({ creation: { at: 7, before: 3 }, formers: [former] });
  });

  test("of a successor is pending beside all that was", () => {
    const before = { undelivered: true, alone: true } as const;
    expect(after(before, intent("create", { successor: "api.1", besides: ["srv-9"] }))).toEqual({
      ...before,
      besides: ["srv-9"],
      successor: { name: "api.1", at: 7 },
    });
  });

  test("and is refused leaves only what was lost before it, what stepped aside, and that it has to be alone", () => {
    const lost = { creation: { at: 7, before: 3 }, protect: true, file: "f1", formers: [former] } as const;
    expect(after(lost, outcome("create", failed))).toEqual({ ...lost, creation: { at: 3 } });
    expect(after({ creation: { at: 7 }, protect: true }, outcome("create", failed))).toBeUndefined();
    expect(after({}, outcome("create", { status: "failed", code: gapNeeded }))).toEqual({ alone: true });
    const unsent: Outcome = { status: "failed", code: "rejected", unsent: true };
    expect(after(lost, outcome("create", unsent))).toEqual(lost);
    expect(after(lost, outcome("create", { status: "unknown" }))).toEqual(lost);
  });

  test("and done leaves what follows it", () => {
    const before: Pending = {
      creation: { at: 7 },
      besides: ["srv-9"],
      protect: true,
      file: "f1",
      cancellation: true,
      deployFor: ["x"],
      formers: [former],
    };
    expect(after(before, outcome("create", done))).toEqual({
      cancellation: true,
      deployFor: ["x"],
      formers: [former],
    });
    expect(after({ formers: [{ id: "srv-1", name: "api" }] }, outcome("create", done))).toBeUndefined();
  });
});

describe("a deploy", () => {
  test("is due for what takes effect with it, each step once and in order", () => {
    const inventory = [
      intent("update", { step: "b", takesEffectIn: [web, api] }),
      intent("update", { step: "a", takesEffectIn: [web] }),
      intent("update", { step: "a", takesEffectIn: [web] }),
    ].reduce(foldEntry, empty);
    expect(inventory.pending).toEqual({ [web]: { deployFor: ["a", "b"] }, [api]: { deployFor: ["b"] } });
  });

  test("keeps what else is pending when it becomes due or is announced", () => {
    expect(after({ undelivered: true }, intent("update", { takesEffectIn: [api] }))).toEqual({
      undelivered: true,
      deployFor: [`update ${api}`],
    });
    const announced = intent("deploy", { after: "dep-1" });
    expect(after({ job: true, deployFor: ["x"] }, announced)).toEqual({
      job: true,
      deployFor: ["x"],
      deployAfter: "dep-1",
      deployAt: 7,
    });
    expect(after({}, intent("deploy"))).toEqual({ deployAfter: null, deployAt: 7 });
  });

  test("that is refused was not sent, and is due still", () => {
    const before = { job: true, deployFor: ["x"], deployAfter: null, deployAt: 7 } as const;
    expect(after(before, outcome("deploy", failed))).toEqual({ job: true, deployFor: ["x"] });
  });

  test("that is done leaves a lost creation and what stepped aside", () => {
    const kept = { creation: { at: 3 }, formers: [former] } as const;
    const before = {
      ...kept,
      job: true,
      deployFor: ["x"],
      deployAfter: "dep-1",
      cancellation: true,
    } as const;
    expect(after(before, outcome("deploy", done))).toEqual(kept);
    expect(after({ deployFor: ["x"] }, outcome("update", { ...done, deployed: true }))).toBeUndefined();
    expect(after({ deployFor: ["x"] }, outcome("update", done))).toEqual({ deployFor: ["x"] });
  });

  test("is not due for a write that was refused, and is for the others", () => {
    const before = { deployFor: ["other", `update ${api}`], job: true } as const;
    expect(after(before, outcome("update", failed))).toEqual({ deployFor: ["other"], job: true });
    expect(after({ deployFor: [`update ${api}`] }, outcome("update", failed))).toBeUndefined();
    expect(after({ deployFor: ["other"] }, outcome("update", failed))).toEqual({ deployFor: ["other"] });
  });

  test("has a job before it, of which the newest one before is known", () => {
    expect(after({ deployFor: ["x"] }, intent("job", { after: "job-1" }))).toEqual({
      deployFor: ["x"],
      jobSent: { after: "job-1", at: 7 },
    });
    expect(after({}, intent("job"))).toEqual({ jobSent: { after: null, at: 7 } });
  });

  test("waits for its cancel and its job", () => {
    expect(after({ cancellation: true, job: true }, outcome("cancel", done))).toEqual({ job: true });
    expect(after({ cancellation: true }, outcome("job", done))).toEqual({ cancellation: true, job: true });
    expect(withoutJob(withPending(empty, api, { job: true, undelivered: true }), api).pending).toEqual({
      [api]: { undelivered: true },
    });
    expect(withoutJob(empty, api)).toBe(empty);
  });
});

describe("a deletion", () => {
  const ours: Inventory = { ...empty, resources: { [api]: owned } };
  const deleting = (inventory: Inventory, more: Partial<Intent> = {}) =>
    foldEntry(inventory, intent("delete", more)).pending?.[api];

  test("is pending of what is owned, and of nothing else", () => {
    expect(deleting(withPending(ours, api, { undelivered: true }))).toEqual({
      undelivered: true,
      deletion: true,
    });
    expect(deleting(empty)).toBeUndefined();
    expect(deleting(ours, { former })).toBeUndefined();
    expect(deleting(withPending(ours, api, { successor: { name: "x" } }))).toEqual({
      successor: { name: "x" },
    });
  });

  test("that is refused is none", () => {
    expect(after({ deletion: true, undelivered: true }, outcome("delete", failed))).toEqual({
      undelivered: true,
    });
  });

  test("of what is there all the same is forgotten, and of what is gone it is not", () => {
    const both = withPending(withPending(ours, api, { deletion: true, job: true }), web, { deletion: true });
    expect(settleDeletions(both, (address) => address === api).pending).toEqual({
      [api]: { job: true },
      [web]: { deletion: true },
    });
    const other = withPending(ours, api, { job: true });
    expect(settleDeletions(other, () => true)).toBe(other);
  });

  test("that is done leaves nothing owned and nothing pending", () => {
    const gone = foldEntry(
      withPending(ours, api, { deletion: true }),
      outcome("delete", { status: "done", owned: null, deleted: "srv-1" }),
    );
    expect(gone.resources).toEqual({});
    expect(gone).not.toHaveProperty("pending");
  });
});

describe("what steps aside", () => {
  const next = { id: "srv-2", name: "api-older" };

  test("is the last of those that did, also for the second time", () => {
    expect(after({ formers: [former], job: true }, intent("aside", { former: next }))).toEqual({
      formers: [former, next],
      job: true,
    });
    const again = { ...former, name: "api-again" };
    expect(after({ formers: [former, next] }, intent("aside", { former: again }))?.formers).toEqual([
      next,
      again,
    ]);
    expect(after({}, intent("aside"))).toBeUndefined();
  });

  test("has its place again, or is gone, and only that one", () => {
    const both = withPending(empty, api, { formers: [former, next], job: true });
    expect(withoutFormer(both, api, former.id).pending).toEqual({ [api]: { formers: [next], job: true } });
    expect(withoutFormer(both, api, "srv-7")).toBe(both);
    expect(withoutFormer(both, api, undefined)).toBe(both);
    const last = withPending(empty, api, { formers: [former], job: true });
    expect(withoutFormer(last, api, former.id).pending).toEqual({ [api]: { job: true } });
  });

  test("did not when that was refused", () => {
    const inventory = { ...withPending(empty, api, { formers: [former, { id: "srv-1", name: "x" }] }) };
    const ours = { ...inventory, resources: { [api]: owned } };
    expect(foldEntry(ours, outcome("aside", failed)).pending?.[api]).toEqual({ formers: [former] });
  });
});

describe("a successor", () => {
  test("is noted with what its answer showed, and those beside it are known no more", () => {
    const successor = { name: "api.1", id: "srv-2" };
    const before = { besides: ["srv-9"], successor: { name: "api.1", at: 7 }, alone: true } as const;
    expect(after(before, outcome("create", { ...done, successor }))).toEqual({ alone: true, successor });
  });

  test("has taken the place when it is what is owned, or the former one is deleted", () => {
    const before = { successor: { name: "api.1", id: "srv-1" }, job: true } as const;
    expect(after(before, outcome("update", done))).toEqual({ job: true });
    const other = { successor: { name: "api.1", id: "srv-2" }, job: true } as const;
    expect(after(other, outcome("update", done))).toEqual(other);
    expect(after(other, outcome("delete", done))).toEqual({ job: true });
    expect(withoutNewObject(empty, api)).toBe(empty);
  });

  test("has arrived everywhere, or not yet", () => {
    expect(after({ job: true }, outcome("update", { ...done, delivered: false }))).toEqual({
      job: true,
      undelivered: true,
    });
    expect(after({ job: true, undelivered: true }, outcome("update", { ...done, delivered: true }))).toEqual({
      job: true,
    });
    expect(after({ undelivered: true }, outcome("update", done))).toEqual({ undelivered: true });
  });
});

test("parts are those that say something, and an empty one leaves no trace", () => {
  const inventory = withPending(withPending(empty, api, { deployAfter: null }), web, {
    deployAfter: "dep-1",
  });
  expect([...pendingParts(inventory, "deployAfter")]).toEqual([[web, "dep-1"]]);
  expect([...pendingParts(empty, "job")]).toEqual([]);
  expect(withPending(withPending(empty, api, { job: true }), api, {})).toEqual(empty);
  expect(withPending(inventory, api, {}).pending).toEqual({ [web]: { deployAfter: "dep-1" } });
});

test("a deletion notes its object as deleted, for lists that still show it, and nothing else does", () => {
  const mine = withOwned(emptyInventory("line"), api, owned);
  const gone = foldEntry(mine, outcome("delete", { status: "done", owned: null, deleted: "srv-1" }));
  expect(gone.deleted).toEqual({ "render/service srv-1": 9 });
  expect(foldEntry(mine, outcome("update", done)).deleted).toBeUndefined();
});

test("a creation notes its object as made, for lists that do not show it yet, and a change does not", () => {
  expect(foldEntry(empty, outcome("create", done)).made).toEqual({ "render/service srv-1": 9 });
  expect(foldEntry(empty, outcome("update", done)).made).toBeUndefined();
});
