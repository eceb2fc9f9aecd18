import { describe, expect, test } from "vitest";
import { findRefusals } from "../../../src/core/guards/guards.ts";
import { isRotated, refuseManyDeletes } from "../../../src/core/guards/refuse-deletes.ts";
import { change, field, inputOf, many, type World } from "./guard-input.ts";
import type { ResourceChange } from "../../../src/core/model/change.ts";

const codes = (world: World): readonly string[] => refuseManyDeletes(inputOf(world)).map(({ code }) => code);
/** Every guard off but the one that is looked at. */
const onlyShare = (share: number) => ({ settings: { maxDeletes: 99, maxDeleteShare: share } });
const removes = { action: "update", fields: [field({ removed: true })] } as const;

describe("maxDeletes", () => {
  test("lets that many go and refuses one more", () => {
    const settings = { maxDeletes: 2, maxDeleteShare: 1 };
    expect(codes({ owned: 20, changes: many(2), settings })).toEqual([]);
    expect(codes({ owned: 20, changes: many(3), settings })).toEqual(["max-deletes"]);
  });

  test("counts what loses entries as well, and neither what is written nor what is kept", () => {
    const settings = { maxDeletes: 0, maxDeleteShare: 1 };
    expect(codes({ owned: 20, changes: [change(0, removes)], settings })).toEqual(["max-deletes"]);
    const harmless = [
      change(0, { action: "update", fields: [field({})] }),
      change(1, { action: "keep" }),
      change(2, { action: "forget" }),
      change(3, { action: "create" }),
    ];
    expect(codes({ owned: 20, changes: harmless, settings })).toEqual([]);
  });

  test("counts a replacement, unless the new one is there before the former one goes", () => {
    const settings = { maxDeletes: 0, maxDeleteShare: 1 };
    const replaced = (mode: "begin" | "continue" | "again" | "gap") =>
      change(0, { action: "replace", succession: { mode, because: "", orphan: false } });
    expect(codes({ owned: 9, changes: [change(0, { action: "replace" })], settings })).toEqual([
      "max-deletes",
    ]);
    expect(codes({ owned: 9, changes: [replaced("gap")], settings })).toEqual(["max-deletes"]);
    for (const mode of ["begin", "continue", "again"] as const)
      expect(codes({ owned: 9, changes: [replaced(mode)], settings })).toEqual([]);
    expect(isRotated(change(0, {}))).toBe(false);
  });

  test("names five of them and counts the others", () => {
    const said = (count: number) =>
      refuseManyDeletes(inputOf({ owned: 20, changes: many(count), settings: { maxDeletes: 0 } }))[0];
    const five =
      "render/service/n01, render/service/n02, render/service/n03, render/service/n04, render/service/n05";
    expect(said(1)!.message).toBe(
      "The plan deletes from 1 address, more than maxDeletes (0): render/service/n01.",
    );
    expect(said(5)!.message).toContain(`: ${five}.`);
    expect(said(7)!.message).toContain(`7 addresses, more than maxDeletes (0): ${five} and 2 more.`);
    expect(said(7)!.answer).toEqual({ flags: ["--allow-deletes 7"], word: "yes" });
  });
});

describe("the half", () => {
  const settings = { maxDeletes: 99, maxDeleteShare: 1 };

  test("may go, and more than that is refused", () => {
    expect(codes({ owned: 6, changes: many(3), settings })).toEqual([]);
    expect(codes({ owned: 6, changes: many(4), settings })).toEqual(["max-delete-share"]);
    expect(codes({ owned: 5, changes: many(3), settings })).toEqual(["max-delete-share"]);
  });

  test("is judged from three owned resources on, and never of one alone", () => {
    expect(codes({ owned: 2, changes: many(2), settings })).toEqual([]);
    expect(codes({ owned: 3, changes: many(2), settings })).toEqual(["max-delete-share"]);
    expect(codes({ owned: 3, changes: many(1), settings })).toEqual([]);
  });

  test("is of what goes as a whole and stands alone", () => {
    expect(codes({ owned: 5, changes: many(5, removes), settings })).toEqual([]);
    expect(codes({ owned: 4, disks: 4, changes: many(4, {}, "render/disk"), settings })).toEqual([]);
    expect(codes({ owned: 4, disks: 9, changes: many(3), settings })).toEqual(["max-delete-share"]);
    expect(codes({ owned: 4, changes: many(3, { action: "replace" }), settings })).toEqual([
      "max-delete-share",
    ]);
  });
});

describe("maxDeleteShare", () => {
  test("lets that share go and refuses more", () => {
    expect(codes({ owned: 20, changes: many(6), ...onlyShare(0.3) })).toEqual([]);
    expect(codes({ owned: 20, changes: many(7), ...onlyShare(0.3) })).toEqual(["max-delete-share"]);
    const [said] = refuseManyDeletes(inputOf({ owned: 20, changes: many(7), ...onlyShare(0.3) }));
    expect(said!.message).toContain("7 of 20 owned addresses (35 %), more than maxDeleteShare (30 %)");
  });

  test("is judged above ten owned addresses", () => {
    expect(codes({ owned: 10, changes: many(4), ...onlyShare(0.3) })).toEqual([]);
    expect(codes({ owned: 11, changes: many(4), ...onlyShare(0.3) })).toEqual(["max-delete-share"]);
    expect(codes({ owned: 6, disks: 5, changes: many(2), ...onlyShare(0.1) })).toEqual(["max-delete-share"]);
  });
});

describe("--allow-deletes", () => {
  const settings = { maxDeletes: 0, maxDeleteShare: 0 };

  test("answers that many and no more", () => {
    expect(codes({ owned: 20, changes: many(7), settings, allowDeletes: 7 })).toEqual([]);
    expect(codes({ owned: 20, changes: many(7), settings, allowDeletes: 6 })).toEqual(["max-deletes"]);
    expect(codes({ owned: 20, changes: many(1), settings, allowDeletes: 0 })).toEqual(["max-deletes"]);
  });

  test("is not asked for by destroy, nor where nothing goes", () => {
    expect(codes({ owned: 20, changes: many(7), settings, destroys: true })).toEqual([]);
    expect(codes({ owned: 20, changes: [], settings })).toEqual([]);
  });
});

describe("a list that is written as a whole", () => {
  const replicas = (before: readonly string[], after: readonly string[]): readonly ResourceChange[] => {
    const list = (names: readonly string[]) =>
      ({ show: "public", value: names.map((name) => ({ name })) }) as const;
    const fields = [field({ field: "readReplicas", before: list(before), after: list(after) })];
    return [change(0, { action: "update", fields }, "render/postgres")];
  };
  const settings = { maxDeletes: 0, maxDeleteShare: 1 };

  test("deletes what it lacks, and nothing by another order or by more", () => {
    expect(codes({ owned: 9, changes: replicas(["a", "b"], ["b"]), settings })).toEqual(["max-deletes"]);
    expect(codes({ owned: 9, changes: replicas(["a", "b"], ["b", "a", "c"]), settings })).toEqual([]);
  });
});

describe("a file that declares nothing", () => {
  const refused = (world: World): readonly string[] =>
    findRefusals(inputOf(world))
      .map(({ code }) => code)
      .filter((code) => code === "empty-file");

  test("is refused where something is owned, unless that is what destroy is for", () => {
    expect(refused({ owned: 1, changes: [] })).toEqual(["empty-file"]);
    expect(refused({ owned: 0, changes: [] })).toEqual([]);
    expect(refused({ owned: 1, changes: [], destroys: true })).toEqual([]);
  });
});
