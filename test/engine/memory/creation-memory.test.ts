import { describe, expect, test } from "vitest";
import type { Address } from "../../../src/core/base/address.ts";
import { emptyInventory, type Inventory, type Pending } from "../../../src/core/model/inventory.ts";
import type { Found } from "../../../src/core/model/live.ts";
import { CreationMemory } from "../../../src/engine/memory/creation-memory.ts";

const address = "rendercad/token/ci";
const found = (id: string): Found => ({ id, name: "ci", spec: {}, outputs: {}, raw: {} });

function remember(pending: Inventory["pending"], seen: readonly (readonly [Address, Found])[] = []) {
  const inventory = { ...emptyInventory("l"), ...(pending && { pending }) };
  return new CreationMemory({ inventory, found: new Map(seen) });
}

describe("what stood beside a creation", () => {
  test("is what this run saw and what those before it noted", () => {
    const memory = remember({ [address]: { besides: ["tok-1"] } });
    expect([...memory.lookalikes(address)]).toEqual(["tok-1"]);
    memory.noteLookalikes(address, ["tok-2"]);
    expect([...memory.lookalikes(address)]).toEqual(["tok-1", "tok-2"]);
    expect([...memory.lookalikes("rendercad/token/other")]).toEqual([]);
  });

  test("is nothing where every run ended well", () => {
    expect([...remember(undefined).lookalikes(address)]).toEqual([]);
  });
});

describe("a creation whose answer was lost", () => {
  const unseen = (pending: Pending, seen: readonly (readonly [Address, Found])[] = []) => [
    ...remember({ [address]: pending }, seen).unseen,
  ];

  test("is unseen until something at its address is found", () => {
    expect(unseen({ creation: { at: 5 } })).toEqual([[address, 5]]);
    expect(unseen({ creation: { at: 5 } }, [[address, found("tok-1")]])).toEqual([]);
  });

  test("is unseen while what is found there has stepped aside", () => {
    const formers = ["tok-1", "tok-2"].map((id) => ({ id, name: "ci" }));
    const pending = { creation: { at: 5 }, formers };
    expect(unseen(pending, [[address, found("tok-1")]])).toEqual([[address, 5]]);
    expect(unseen(pending, [[address, found("tok-2")]])).toEqual([[address, 5]]);
    expect(unseen(pending, [[address, found("tok-3")]])).toEqual([]);
  });

  test("of a new object is unseen until that has an id, whatever is found of the one before it", () => {
    const seen = [[address, found("tok-1")]] as const;
    expect(unseen({ successor: { name: "ci 2", at: 7 } }, seen)).toEqual([[address, 7]]);
    expect(unseen({ successor: { name: "ci 2", at: 7, id: "tok-2" } }, seen)).toEqual([]);
  });

  test("counts by its own time where a successor was sent as well", () => {
    expect(unseen({ creation: { at: 5 }, successor: { name: "ci 2", at: 7 } })).toEqual([[address, 5]]);
  });

  test("is none where a run left something else undone, or no time was noted", () => {
    expect(unseen({ undelivered: true })).toEqual([]);
    expect(unseen({ successor: { name: "ci 2" } })).toEqual([]);
  });
});

describe("an object in sight of the plan", () => {
  const owned = {
    kind: "rendercad/token",
    id: "tok-9",
    name: "ci",
    fields: {},
    needs: [],
    protect: false,
  } as const;
  const memory = new CreationMemory({
    inventory: { ...emptyInventory("l"), resources: { [address]: owned } },
    found: new Map([["rendercad/token/seen", found("tok-1")]]),
  });

  test("is one that was found or is owned, of its kind", () => {
    expect(memory.isKnown("rendercad/token", "tok-1")).toBe(true);
    expect(memory.isKnown("rendercad/token", "tok-9")).toBe(true);
    expect(memory.isKnown("rendercad/token", "tok-2")).toBe(false);
    expect(memory.isKnown("rendercad/webhook", "tok-1")).toBe(false);
  });
});
