import { describe, expect, test } from "vitest";
import { emptyInventory, type Inventory } from "../../../src/core/model/inventory.ts";
import { foldEntry, type JournalEntry, type Outcome } from "../../../src/core/run/journal.ts";
import { api, done, intent, outcome } from "./journal-lines.ts";

function pendingAfter(...entries: readonly JournalEntry[]): Inventory["pending"] {
  return entries.reduce(foldEntry, emptyInventory("lineage")).pending;
}

const shared = "render/env-group/shared";
const creation = intent("create", { takesEffectIn: [api], incomplete: true });

describe("a journal tells what is left undone", () => {
  test("a creation that was announced may have been done", () => {
    expect(pendingAfter(creation)).toEqual({
      [api]: { creation: { at: 7 }, cancellation: true, deployFor: [`create ${api}`] },
    });
    expect(pendingAfter(creation, outcome("create", { status: "unknown" }))).toEqual(pendingAfter(creation));
    expect(pendingAfter(creation, outcome("create", { status: "failed", code: "rejected" }))).toBeUndefined();
  });

  test("what was made is owned, and still to be cancelled and deployed", () => {
    const made = [creation, outcome("create", done)];
    expect(pendingAfter(...made)?.[api]).toEqual({ cancellation: true, deployFor: [`create ${api}`] });
    const canceled = [...made, intent("cancel"), outcome("cancel", done)];
    expect(pendingAfter(...canceled)?.[api]).toEqual({ deployFor: [`create ${api}`] });
    expect(
      pendingAfter(...canceled, intent("deploy", { after: "dep-1" }), outcome("deploy", done)),
    ).toBeUndefined();
  });

  test("a write is taken back when it was refused, and its deploy with it", () => {
    const write = intent("update", { takesEffectIn: [api] });
    expect(pendingAfter(write)?.[api]).toEqual({ deployFor: [`update ${api}`] });
    expect(pendingAfter(write, outcome("update", { status: "failed", code: "rejected" }))).toBeUndefined();
    expect(pendingAfter(write, outcome("update", { status: "unknown" }))).toEqual(pendingAfter(write));
  });

  test("a write of a group leaves the deploys of its services due, each until it is done", () => {
    const jobs = "render/service/jobs";
    const write = intent("update", { address: shared, takesEffectIn: [api, jobs], step: "update shared" });
    const both = pendingAfter(write, outcome("deploy", done));
    expect(both).toEqual({ [jobs]: { deployFor: ["update shared"] } });
  });

  test("a deploy that was sent remembers what was the newest before, until it is known to be done or not", () => {
    const write = intent("update", { takesEffectIn: [api] });
    const sent = [write, outcome("update", done), intent("deploy", { after: null })];
    expect(pendingAfter(...sent)?.[api]).toEqual({
      deployFor: [`update ${api}`],
      deployAfter: null,
      deployAt: 7,
    });
    const refused = outcome("deploy", { status: "failed", code: "rejected" });
    expect(pendingAfter(...sent, refused)?.[api]).toEqual({ deployFor: [`update ${api}`] });
  });

  test("of what is gone nothing is left", () => {
    const gone: Outcome = { status: "done", owned: null };
    expect(pendingAfter(creation, outcome("delete", gone))).toBeUndefined();
  });
});
