import { describe, expect, test } from "vitest";
import type { ResourceChange } from "../../../src/core/model/change.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { findRefusals } from "../../../src/core/guards/guards.ts";
import type { GuardInput } from "../../../src/core/guards/guard-input.ts";
import type { Live } from "../../../src/core/model/live.ts";
import type { Problem } from "../../../src/core/base/problem.ts";
import { change, field, inputOf } from "./guard-input.ts";

const where = { file: "trueup.yaml", line: 1, column: 1 };

/** What is refused of one change itself, beside nine owned services of which nothing is seen. */
function refusals(one: ResourceChange, more: Partial<GuardInput> = {}): readonly Problem[] {
  const input = inputOf({ owned: 9, changes: [one] });
  const stays = declared("stays");
  const all = findRefusals({ ...input, desired: new Map([[stays.address, stays]]), ...more });
  return all.filter(({ address }) => address === one.address);
}

const codes = (...args: Parameters<typeof refusals>): readonly string[] =>
  refusals(...args).map(({ code }) => code);

function declared(name: string, protect?: boolean): Desired {
  return {
    address: `render/service/${name}`,
    kind: "render/service",
    name,
    spec: {},
    lifecycle: { ...defaultLifecycle, ...(protect !== undefined && { protect }) },
    where,
    places: new Map(),
    needs: [],
  };
}

const declaring = (...all: readonly Desired[]) => new Map(all.map((one) => [one.address, one]));
const liveOf = (one: ResourceChange): ReadonlyMap<Live["address"], Live> => {
  const found = { id: "id-1", name: one.name, spec: {}, outputs: {}, raw: {} };
  return new Map([[one.address, { address: one.address, kind: one.kind, found, matchedBy: "inventory" }]]);
};

describe("what is protected", () => {
  const going = change(0, { where });
  const { inventory } = inputOf({ owned: 9, changes: [] });
  const owned = { ...inventory.resources[going.address]!, protect: true };
  const noted = { ...inventory, resources: { ...inventory.resources, [going.address]: owned } };
  const pending = { ...inventory, pending: { [going.address]: { protect: true as const } } };

  test("does not go, whether the file, the inventory or a lost creation says so", () => {
    expect(codes(going, { desired: declaring(declared("n01", true)) })).toEqual(["protected"]);
    expect(codes(going, { inventory: noted })).toEqual(["protected"]);
    expect(codes(going, { inventory: pending })).toEqual(["protected"]);
    expect(codes(going)).toEqual([]);
    expect(codes(going, { desired: declaring(declared("n01", false)) })).toEqual([]);
    expect(codes(going, { desired: declaring(declared("n02", true)) })).toEqual([]);
  });

  test("is not freed by the edit that lets it go", () => {
    expect(codes(going, { inventory: noted, desired: declaring(declared("n01", false)) })).toEqual([
      "protected",
    ]);
  });

  test("is told with its place and without an answer", () => {
    const [refusal] = refusals(going, { inventory: noted });
    expect(refusal).toMatchObject({ severity: "refusal", address: going.address, where });
    expect(refusal!.message).toBe("render/service/n01 is protected and would be deleted.");
    expect(refusal).not.toHaveProperty("answer");
  });

  test("is not replaced either, unless another one is there first, and may be changed", () => {
    const of = (more: Partial<ResourceChange>) =>
      refusals(change(0, more), { inventory: noted }).find(({ code }) => code === "protected")?.message;
    expect(of({ action: "replace" })).toBe("render/service/n01 is protected and would be replaced.");
    const succession = { because: "", orphan: false } as const;
    expect(of({ action: "replace", succession: { mode: "gap", ...succession } })).toContain("replaced");
    expect(of({ action: "replace", succession: { mode: "begin", ...succession } })).toBeUndefined();
    for (const action of ["update", "keep", "forget", "adopt"] as const)
      expect(of({ action })).toBeUndefined();
  });
});

describe("adopting", () => {
  const adopted = change(0, { action: "adopt", where });
  const overrides = (adopt: boolean | null) => ({
    overrides: { ...inputOf({ owned: 0, changes: [] }).overrides, adopt },
  });

  test("is agreed to with --adopt, and only shown where nobody is asked", () => {
    expect(codes(adopted, overrides(false))).toEqual(["adopt"]);
    expect(codes(adopted, overrides(true))).toEqual([]);
    expect(codes(adopted, overrides(null))).toEqual([]);
    expect(codes(change(0, { action: "update" }), overrides(false))).toEqual([]);
    expect(refusals(adopted, overrides(false))[0]).toMatchObject({
      address: adopted.address,
      where,
      answer: { flags: ["--adopt"], word: "yes" },
    });
  });
});

describe("a disk", () => {
  const sized = (before: number, after: number, more: Partial<ResourceChange> = {}) =>
    change(
      0,
      {
        action: "update",
        fields: [
          field({
            field: "sizeGB",
            before: { show: "public", value: before },
            after: { show: "public", value: after },
            where,
          }),
        ],
        ...more,
      },
      "render/disk",
    );

  test("grows and does not shrink, also when it is adopted", () => {
    expect(codes(sized(10, 9))).toEqual(["disk-shrink"]);
    expect(codes(sized(10, 10))).toEqual([]);
    expect(codes(sized(10, 11))).toEqual([]);
    expect(codes(sized(10, 9, { action: "adopt" }))).toEqual(["disk-shrink"]);
    expect(codes(sized(10, 9, { action: "create" }))).toEqual([]);
    expect(refusals(sized(10, 9))[0]).toMatchObject({
      address: "render/disk/n01",
      where,
      message: "sizeGB of render/disk/n01 is 10 and would become 9; it can only grow.",
      remedy: "Write 10 or more.",
    });
  });

  test("of which one side is not shown is not judged", () => {
    const fields = [field({ field: "sizeGB", after: { show: "public", value: 1 } })];
    expect(codes(sized(10, 9, { fields }))).toEqual([]);
    const others = [field({ field: "sizeGB", before: { show: "public", value: 1 } })];
    expect(codes(sized(10, 9, { fields: others }))).toEqual([]);
  });
});

describe("the end of data", () => {
  const going = change(0, { losesData: true, where }, "render/postgres");
  const removed = (data: "lost" | "exported") => [
    { address: going.address, data, until: "2026-12-01", where },
  ];
  const exporting = (exportTo: string | null) => ({
    overrides: { ...inputOf({ owned: 0, changes: [] }).overrides, exportTo },
    live: liveOf(going),
  });

  test("is refused where nobody agreed to it, and not where somebody did", () => {
    expect(codes(going)).toEqual(["data-loss"]);
    expect(codes(going, { removed: removed("lost") })).toEqual([]);
    expect(codes(change(0, {}, "render/postgres"))).toEqual([]);
    const [refusal] = refusals(going);
    expect(refusal).toMatchObject({ address: going.address, where, answer: { word: going.address } });
    expect(refusal!.answer!.block).toContain("data: lost");
    expect(refusals({ ...going, exportedTo: "exports" })[0]!.answer!.block).toContain("data: exported");
  });

  test("with a copy that is demanded is refused where none is made", () => {
    expect(codes(going, { removed: removed("exported"), ...exporting(null) })).toEqual(["export-demanded"]);
    expect(codes(going, { removed: removed("lost"), ...exporting(null) })).toEqual([]);
    expect(
      codes({ ...going, exportedTo: "exports" }, { removed: removed("exported"), ...exporting("exports") }),
    ).toEqual([]);
  });

  test("with a copy is none where nothing can be copied, or nothing is there", () => {
    const cache = change(0, { losesData: true }, "render/key-value");
    const entries = [{ address: cache.address, data: "exported" as const, until: "2026-12-01", where }];
    expect(codes(cache, { removed: entries, ...exporting(null), live: liveOf(cache) })).toEqual([]);
    expect(codes(going, { removed: removed("exported"), ...exporting(null), live: new Map() })).toEqual([]);
  });
});

describe("everything gone", () => {
  const gone = (owned: number, found: number): string | undefined => {
    const input = inputOf({ owned, changes: [] });
    const there = Object.entries(input.inventory.resources).slice(0, found);
    const live = there.map(([address, { kind, name, id }]): readonly [Live["address"], Live] => {
      const found = { id, name, spec: {}, outputs: {}, raw: {} };
      return [
        address as Live["address"],
        { address: address as Live["address"], kind, found, matchedBy: "inventory" },
      ];
    });
    return findRefusals({ ...input, live: new Map(live) }).find(({ code }) => code === "everything-gone")
      ?.message;
  };

  test("is refused of all, and of more than half of three or more", () => {
    expect(gone(1, 0)).toContain(
      "All 1 resource that this state owns of Render is gone: render/service/n01.",
    );
    expect(gone(2, 0)).toContain("All 2 resources that this state owns of Render are gone:");
    expect(gone(2, 1)).toBeUndefined();
    expect(gone(3, 1)).toContain("2 of 3 resources that this state owns of Render are gone:");
    expect(gone(3, 2)).toBeUndefined();
    expect(gone(4, 2)).toBeUndefined();
    expect(gone(7, 1)).toContain(" and 1 more.");
    expect(gone(6, 1)).not.toContain("more.");
    expect(gone(0, 0)).toBeUndefined();
  });
});

describe("what a replacement cannot take over", () => {
  const replaced = change(0, {
    action: "replace",
    where,
    fields: [field({ field: "region", forcesReplace: true })],
  });
  const losing = (one: ResourceChange) =>
    new Map(
      [...liveOf(one)].map(([address, live]) => [address, { ...live, losing: ["a file", "a header"] }]),
    );

  test("is refused, with its names and the reason", () => {
    const lost = refusals(replaced, { live: losing(replaced) }).find(
      ({ code }) => code === "replace-loses-values",
    );
    expect(lost).toMatchObject({ severity: "refusal", where });
    expect(lost!.message).toContain(
      "because region cannot change, and this cannot be taken over from it: a file, a header.",
    );
    expect(codes(replaced, { live: liveOf(replaced) })).not.toContain("replace-loses-values");
    const updated = { ...replaced, action: "update" } as const;
    expect(codes(updated, { live: losing(updated) })).not.toContain("replace-loses-values");
  });
});

describe("a value that is shown once", () => {
  const token = change(0, { action: "create", where }, "rendercad/token");
  const holder = (deploy: "skip" | "trigger", ignore: readonly string[] = []): Desired => {
    const one = declared("api");
    return { ...one, lifecycle: { ...defaultLifecycle, deploy, ignore } };
  };
  const handing = (one: Desired, destinations = 1): Partial<GuardInput> => {
    const place = { address: one.address, name: "envVars", entry: "TOKEN", isUnseen: false, output: "token" };
    const delivery = { destinations: Array.from({ length: destinations }, () => place), values: new Map() };
    return { desired: declaring(one), deliveries: new Map([[token.address, delivery]]) };
  };
  const rotated = (mode: "begin" | "continue" | "again" | "gap") =>
    ({ ...token, action: "replace", succession: { mode, because: "", orphan: false } }) as const;

  test("is not made for nobody, unless it is kept sealed", () => {
    expect(codes(token)).toEqual(["value-nowhere"]);
    expect(codes(token, handing(holder("trigger"), 0))).toEqual(["value-nowhere"]);
    expect(codes(token, handing(holder("trigger")))).toEqual([]);
    expect(refusals(token)[0]).toMatchObject({ severity: "refusal", where });
    const { settings } = inputOf({ owned: 0, changes: [] });
    const sealed = (recipients: readonly string[]) => ({
      settings: { ...settings, state: { encryption: { recipients } } },
    });
    expect(codes(token, sealed(["age1"]))).toEqual([]);
    expect(codes(token, sealed([]))).toEqual(["value-nowhere"]);
    const hook = change(0, { action: "create", where }, "rendercad/webhook");
    expect(refusals(hook).find(({ code }) => code === "secret-nowhere")).toMatchObject({
      severity: "warning",
      where,
    });
    expect(codes({ ...token, action: "update" })).toEqual([]);
  });

  test("is not rotated where nothing runs with the new one before the former one goes", () => {
    for (const mode of ["begin", "continue"] as const) {
      const [refusal] = refusals(rotated(mode), handing(holder("skip")));
      expect(refusal).toMatchObject({ code: "rotation-not-deployed", where });
      expect(codes(rotated(mode), handing(holder("trigger")))).toEqual([]);
    }
    expect(codes(rotated("again"), handing(holder("skip")))).toEqual([]);
    expect(codes(token, handing(holder("skip")))).toEqual([]);
  });

  test("is not rotated where the file leaves its place alone", () => {
    const ignoring = handing(holder("trigger", ["/envVars/TOKEN"]));
    expect(refusals(rotated("begin"), ignoring)[0]).toMatchObject({ code: "rotation-ignored", where });
    expect(refusals(rotated("begin"), ignoring)[0]!.message).toContain(
      "while render/service/api TOKEN keeps",
    );
    expect(codes(token, ignoring)).toEqual([]);
    expect(codes(rotated("begin"), handing(holder("trigger", ["/envVars/OTHER"])))).toEqual([]);
  });

  test("is replaced with a gap only where that is agreed to", () => {
    const { overrides } = inputOf({ owned: 0, changes: [] });
    const gap = rotated("gap");
    const refusal = refusals(gap, handing(holder("trigger"))).find(({ code }) => code === "gap-needed");
    expect(refusal).toMatchObject({ where, answer: { flags: [`--allow-gap ${token.address}`] } });
    const agreed = { ...handing(holder("trigger")), overrides: { ...overrides, gaps: [token.address] } };
    expect(codes(gap, agreed)).not.toContain("gap-needed");
  });
});
