import { describe, expect, test } from "vitest";
import { carryOver, countTakenOver, removedOf } from "../../../src/core/diff/carry-over.ts";
import { fitsAsItStands, formersOf, hasFormers, stepsAside } from "../../../src/core/diff/formers.ts";
import { renaming } from "../../../src/core/diff/find-differences.ts";
import type { Kind } from "../../../src/core/kind/kind.ts";
import type { FieldChange } from "../../../src/core/model/change.ts";
import type { Spec } from "../../../src/core/model/desired.ts";
import type { FieldTable } from "../../../src/core/model/field.ts";
import { emptyInventory, type Former } from "../../../src/core/model/inventory.ts";
import type { Live, LiveSpec } from "../../../src/core/model/live.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import { literal, type Value } from "../../../src/core/model/value.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { comparisonOf } from "../compare/comparison.ts";
import { field } from "../guards/guard-input.ts";

const plain = { description: "", schema: {}, facet: "core", onChange: "update" } as const;
const table: FieldTable = {
  region: { ...plain, onChange: "replace" },
  plan: plain,
  suspended: plain,
  health: { ...plain, same: (_file, live) => live === "/" },
  scaling: plain,
  onlyWithPlan: { ...plain, applies: (spec) => spec["plan"] === "pro" },
  user: plain,
  setting: { ...plain, onChange: "none" },
  labels: { ...plain, entries: { key: ["key"] } },
  envVars: { ...plain, value: true, entries: { key: ["key"] } },
};
const service = kinds.get("render/service")!;
const kind: Kind = { ...service, fields: table, shapes: [service.shapes[0]!], madeAnew: ["user"] };
const wanted = (spec: Spec) => comparisonOf(spec).desired;

function liveOf(spec: LiveSpec, name = "api"): Live {
  const found = { id: "srv-1", name, spec, outputs: {}, raw: {} };
  return { address: "render/service/api", kind: "render/service", found, matchedBy: "inventory" };
}

const take = (spec: Spec, live: LiveSpec, fields: readonly FieldChange[] = []) =>
  carryOver(wanted(spec), liveOf(live), kind, { fields }).spec;

describe("what takes the place of another one", () => {
  test("gets what the file does not say from it, and what the file says from the file", () => {
    expect(take({ region: "frankfurt" }, { region: "oregon", plan: "pro" })).toEqual({
      region: "frankfurt",
      plan: "pro",
    });
  });

  test("gets nothing that is cleared, off, made anew or no setting of the object", () => {
    for (const cleared of [undefined, null, ""]) expect(take({}, { plan: cleared })).toEqual({});
    expect(take({}, { health: "/" })).toEqual({});
    expect(take({}, { health: "/ready" })).toEqual({ health: "/ready" });
    expect(take({}, { suspended: false })).toEqual({});
    expect(take({}, { suspended: true })).toEqual({ suspended: true });
    expect(take({}, { user: "admin", setting: "x" })).toEqual({});
  });

  test("gets nothing that means nothing beside what the file says", () => {
    const live = { plan: "pro", onlyWithPlan: 3 };
    expect(take({ plan: "starter" }, live)).toEqual({ plan: "starter" });
    expect(take({}, live)).toEqual(live);
    expect(take({ plan: "starter", onlyWithPlan: 1 }, live)).toEqual({ plan: "starter", onlyWithPlan: 1 });
  });

  test("gets the members of an object, and the entries of a list, that the file does not say", () => {
    expect(take({ scaling: { min: 2 } }, { scaling: { min: 1, max: 4 } })).toEqual({
      scaling: { min: 2, max: 4 },
    });
    const live = { labels: { a: "1", b: "2", c: "3" } };
    const dropped = [
      field({ field: "labels", entry: "c", removed: true }),
      field({ field: "labels", entry: "b" }),
      field({ field: "other", entry: "b", removed: true }),
    ];
    expect(take({ labels: { a: "9" } }, live, dropped)).toEqual({ labels: { a: "9", b: "2" } });
    expect(removedOf({ fields: dropped }, "labels")).toEqual(["c"]);
  });

  test("gets no value that may be secret: it is read when the creation is sent, and counted in the plan", () => {
    const live = {
      envVars: { A: new Secret("1"), B: new Secret("2"), C: new Secret("3"), D: new Secret("4") },
    };
    const asked: Value = { from: "asked" };
    const spec = { envVars: { A: literal("x"), B: asked, C: { from: "generated" } as const } };
    expect(take(spec, live)).toEqual(spec);
    const count = (fields: readonly FieldChange[], more: LiveSpec = live) =>
      countTakenOver(wanted(spec), liveOf(more), kind, { fields });
    expect(count([])).toEqual({ envVars: 3 });
    expect(count([field({ field: "envVars", entry: "D", removed: true })])).toEqual({ envVars: 2 });
    expect(count([], { envVars: { A: new Secret("1") } })).toEqual({});
    expect(count([], { ...live, labels: { a: "1" } })).toEqual({ envVars: 3, labels: 1 });
  });
});

describe("the one whose place is taken", () => {
  test("steps aside where it can be renamed and stand beside the other, and shows nothing once", () => {
    const can = (more: Partial<Kind>): boolean =>
      stepsAside({ ...kind, rename: service.rename!, ...more }, wanted({}));
    expect(can({})).toBe(true);
    expect(can({ standsBeside: () => true })).toBe(true);
    expect(can({ standsBeside: () => false })).toBe(false);
    expect(can({ shownOnce: ["token"] })).toBe(false);
    const { rename: _rename, ...fixed } = kind;
    expect(stepsAside(fixed, wanted({}))).toBe(false);
  });

  test("is to be deleted, unless it is the one that stays", () => {
    const address = "render/service/api";
    const among = (formers: readonly Former[]) => ({
      ...emptyInventory("l"),
      pending: { [address]: { formers } },
    });
    const [first, second] = [
      { id: "srv-1", name: "api" },
      { id: "srv-2", name: "api (2)" },
    ] as const;
    expect(formersOf(among([first, second]), address)).toEqual([
      { ...first, place: 0 },
      { ...second, place: 1 },
    ]);
    expect(formersOf(emptyInventory("l"), address)).toEqual([]);
    expect(hasFormers(among([first, second]), address, "srv-1")).toBe(true);
    expect(hasFormers(among([first]), address, "srv-1")).toBe(false);
    expect(hasFormers(among([first]), address, "srv-3")).toBe(true);
    expect(hasFormers(among([first]), address, undefined)).toBe(true);
    expect(hasFormers(emptyInventory("l"), address, undefined)).toBe(false);
  });
});

describe("what stepped aside fits the file again", () => {
  const fits = (asked: Spec, shown: LiveSpec): boolean | "unclear" =>
    fitsAsItStands(wanted(asked), service, { spec: shown });

  test("in all that cannot change, whatever differs otherwise", () => {
    expect(fits({ region: "oregon" }, { region: "oregon" })).toBe(true);
    expect(fits({ region: "oregon", plan: "pro" }, { region: "oregon", plan: "starter" })).toBe(true);
    expect(fits({ region: "oregon" }, { region: "ohio" })).toBe(false);
    expect(fits({}, { region: "ohio" })).toBe(true);
  });

  test("and nobody knows where it cannot be read and nothing else differs", () => {
    expect(fits({ region: "oregon" }, { region: null })).toBe("unclear");
    expect(fits({ region: "oregon" }, { region: "OREGON" })).toBe("unclear");
    expect(fits({ region: "oregon", type: "web" }, { region: null, type: "worker" })).toBe(false);
  });

  test("not counting what the block leaves to others", () => {
    const desired = {
      ...wanted({ region: "oregon" }),
      lifecycle: { ...wanted({}).lifecycle, ignore: ["/region"] },
    };
    expect(fitsAsItStands(desired, service, { spec: { region: "ohio" } })).toBe(true);
  });
});

test("another name is the file's, somebody's or both, by the one that was noted", () => {
  const verdict = (noted: string | undefined): string => {
    const { desired, owned } = comparisonOf({}, noted === undefined ? {} : { fields: {} });
    const named = owned && { ...owned, name: noted! };
    const change = renaming(desired, named, liveOf({}, "live-name"));
    expect(change).toEqual({
      field: "name",
      before: { show: "public", value: "live-name" },
      after: { show: "public", value: "api" },
      verdict: change.verdict,
      removed: false,
      forcesReplace: false,
      where: desired.where,
    });
    return change.verdict;
  };
  expect(verdict(undefined)).toBe("unknown");
  expect(verdict("api")).toBe("outside");
  expect(verdict("live-name")).toBe("file");
  expect(verdict("third")).toBe("both");
});
