import { describe, expect, test } from "vitest";
import { emptyInventory, type Pending } from "../../../src/core/model/inventory.ts";
import { Replacements } from "../../../src/engine/memory/replacements.ts";

const address = "render/postgres/main";

function replacing(pending: Pending = {}): Replacements {
  return new Replacements({ ...emptyInventory("l"), pending: { [address]: pending } });
}

describe("former objects", () => {
  const formers = ["dpg-1", "dpg-2"].map((id) => ({ id, name: `main-${id}` }));

  test("of earlier runs keep their places, and one that steps aside now comes after them", () => {
    const replacements = replacing({ formers });
    replacements.noteAside(address, { id: "dpg-3", name: "main-3" });
    expect(replacements.formers(address).map(({ id }) => id)).toEqual(["dpg-1", "dpg-2", "dpg-3"]);
    expect(replacements.former(address, 2).name).toBe("main-3");
  });

  test("that step aside once more keep their places, under the new name", () => {
    const replacements = replacing({ formers });
    replacements.noteAside(address, { id: "dpg-1", name: "other" });
    expect(replacements.formers(address)).toEqual([{ id: "dpg-1", name: "other" }, formers[1]]);
  });

  test("are none at other addresses, and a place that a plan cannot mean is a mistake", () => {
    const replacements = replacing({ formers });
    expect(replacements.formers("render/postgres/other")).toEqual([]);
    expect(() => replacements.former(address, 2)).toThrow("no former one at place 2");
  });
});

test("the new object of an ended run is known, until another is made or it has the address", () => {
  const replacements = replacing({ successor: { id: "tok-2", name: "ci.1" } });
  expect(replacements.newObject(address)?.id).toBe("tok-2");
  replacements.noteNew(address, { id: "tok-3", name: "ci.2" });
  expect(replacements.newObject(address)?.id).toBe("tok-3");
  replacements.dropNew(address);
  expect(replacements.newObject(address)).toBeUndefined();
});
