import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../../src/core/base/address.ts";
import { emptyInventory, type Owned } from "../../../src/core/model/inventory.ts";
import { foldEntry, mergeFields, type JournalEntry } from "../../../src/core/run/journal.ts";

const addresses: readonly Address[] = ["render/service/a", "render/service/b", "render/postgres/c"];

function ownedAs(id: string): Owned {
  return { kind: "render/service", id, name: "a", fields: { plan: id }, needs: [], protect: false };
}

/** Steps as they end: something is owned from then on, is no longer, or nothing is known of it. */
const outcome = fc.record({
  address: fc.constantFrom(...addresses),
  result: fc.oneof(
    fc.string({ minLength: 1 }).map((id) => ({ status: "done" as const, owned: ownedAs(id) })),
    fc.constant({ status: "done" as const, owned: null }),
    fc.constant({ status: "failed" as const, code: "rejected" }),
    fc.constant({ status: "unknown" as const }),
  ),
});

test("what is owned is what the last finished step of each address said", () => {
  fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      const entries = outcomes.map(({ address, result }, index): JournalEntry => ({
        entry: "recorded",
        run: "r",
        at: index,
        step: `s${index}`,
        address,
        result,
      }));
      const { resources } = entries.reduce(foldEntry, emptyInventory("l"));
      for (const address of addresses) {
        const last = outcomes.findLast((one) => one.address === address && one.result.status === "done");
        const expected = last?.result.status === "done" ? last.result.owned : null;
        expect(resources[address] ?? null).toEqual(expected);
      }
      expect(Object.keys(resources).filter((address) => !addresses.includes(address as Address))).toEqual([]);
    }),
  );
});

test("folding changes no inventory in place", () => {
  const before = Object.freeze({ ...emptyInventory("l"), resources: Object.freeze({}) });
  const entry: JournalEntry = {
    entry: "recorded",
    run: "r",
    at: 0,
    step: "s",
    address: "render/service/a",
    result: { status: "done", owned: ownedAs("x") },
  };
  expect(foldEntry(before, entry)).not.toBe(before);
  expect(before.resources).toEqual({});
});

test("fields of an owned resource are those written before and now, without the removed, in order", () => {
  expect(mergeFields({ fields: { b: "1", c: "2" } }, { a: "3", b: "4" }, ["c"])).toEqual({ a: "3", b: "4" });
  expect(Object.keys(mergeFields(undefined, { z: "1", a: "2" }, []))).toEqual(["a", "z"]);
});
