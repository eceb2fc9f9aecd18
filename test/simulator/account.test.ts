import { expect, test } from "vitest";
import { Account, defineIndex, defineTable } from "../../src/simulator/base/account.ts";

type Boat = { readonly id: string; crew: string[] };
const boats = defineTable<Boat>("boats");
let reads = 0;
const byCrew = defineIndex(boats, "crew", (boat) => {
  reads += 1;
  return boat.crew;
});

function aboard(account: Account, name: string): string[] {
  return account.lookup(byCrew, name).map(({ id }) => id);
}

test("an index follows what is inserted, changed, removed and restored, and reads no row twice for a lookup", () => {
  const account = new Account();
  account.insert(boats, { id: "a", crew: ["ada", "bo"] });
  const boat = account.insert(boats, { id: "b", crew: [] });
  expect([aboard(account, "bo"), aboard(account, "cy")]).toEqual([["a"], []]);

  boat.crew.push("bo", "cy");
  account.reindex(boats, boat);
  expect([aboard(account, "bo"), aboard(account, "cy")]).toEqual([["a", "b"], ["b"]]);
  // The list is the row's own, and the index still knows under which keys it has to be found and taken out.
  boat.crew.length = 0;
  account.reindex(boats, boat);
  expect([aboard(account, "bo"), aboard(account, "cy")]).toEqual([["a"], []]);

  const saved = account.save();
  account.remove(boats, "a");
  expect(aboard(account, "bo")).toEqual([]);
  account.restore(saved);
  expect(aboard(account, "bo")).toEqual(["a"]);

  const before = reads;
  for (let time = 0; time < 10; time += 1) aboard(account, "ada");
  expect(reads).toBe(before);
});
