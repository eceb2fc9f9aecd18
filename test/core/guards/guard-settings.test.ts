import { describe, expect, test } from "vitest";
import {
  defaultLifecycle,
  defaultSettings,
  type Desired,
  type GuardSettings,
  type Settings,
} from "../../../src/core/model/desired.ts";
import {
  hasGuardsToNote,
  noteGuards,
  tellLoosened,
  withStricterGuards,
} from "../../../src/core/guards/guard-settings.ts";
import { emptyInventory, type Inventory, type Owned } from "../../../src/core/model/inventory.ts";

const api = "render/service/api";
const freeze = { cron: "0 0 * * *", duration: 3_600_000 };
const other = { cron: "0 12 * * *", duration: 3_600_000 };

const file = (guards?: GuardSettings): Settings => ({ ...defaultSettings, ...(guards && { guards }) });

function noted(guards?: GuardSettings, protect = false): Inventory {
  const owned: Owned = { kind: "render/service", id: "srv-1", name: "api", fields: {}, needs: [], protect };
  return { ...emptyInventory("l"), resources: { [api]: owned }, ...(guards && { guards }) };
}

function block(protect?: boolean): readonly Desired[] {
  const desired: Desired = {
    address: api,
    kind: "render/service",
    name: "api",
    spec: {},
    lifecycle: { ...defaultLifecycle, ...(protect !== undefined && { protect }) },
    where: { file: "trueup.yaml", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
  return [desired];
}

describe("of what was noted and what the file says, the stricter holds", () => {
  const held = (said: GuardSettings | undefined, inventory: Inventory) => {
    const { maxDeletes, maxDeleteShare } = withStricterGuards(file(said), inventory);
    return [maxDeletes, maxDeleteShare];
  };

  test.each<[string, GuardSettings | undefined, Inventory, readonly [number, number]]>([
    [
      "a looser file",
      { maxDeletes: 99, maxDeleteShare: 1 },
      noted({ maxDeletes: 5, maxDeleteShare: 0.5 }),
      [5, 0.5],
    ],
    [
      "a stricter file",
      { maxDeletes: 1, maxDeleteShare: 0.1 },
      noted({ maxDeletes: 5, maxDeleteShare: 0.5 }),
      [1, 0.1],
    ],
    ["a file that says nothing", undefined, noted({ maxDeletes: 2, maxDeleteShare: 0.9 }), [2, 0.9]],
    ["a state that noted nothing", { maxDeletes: 99, maxDeleteShare: 1 }, noted(), [5, 0.3]],
    ["a state that noted nothing of it", { maxDeletes: 99, maxDeleteShare: 1 }, noted({}), [5, 0.3]],
    ["a first run", { maxDeletes: 99, maxDeleteShare: 1 }, emptyInventory("l"), [99, 1]],
    ["a first run that says nothing", undefined, emptyInventory("l"), [5, 0.3]],
    [
      "a state that owns nothing any more",
      { maxDeletes: 99 },
      { ...emptyInventory("l"), guards: {} },
      [5, 0.3],
    ],
  ])("%s", (_what, said, inventory, expected) => {
    expect(held(said, inventory)).toEqual(expected);
  });

  test("freezes of both hold, each once", () => {
    const { freeze: both } = withStricterGuards(
      file({ freeze: [freeze] }),
      noted({ freeze: [{ duration: freeze.duration, cron: freeze.cron }, other] }),
    );
    expect(both).toHaveLength(2);
    expect(both).toEqual(expect.arrayContaining([freeze, other]));
    expect(withStricterGuards(file({ freeze: [] }), noted({ freeze: [other] })).freeze).toEqual([other]);
    expect(withStricterGuards(file(), noted())).not.toHaveProperty("freeze");
  });
});

describe("at the end of an apply", () => {
  const noting = (inventory: Inventory, guards?: GuardSettings, protect?: boolean) =>
    [inventory, { settings: file(guards), resources: block(protect) }] as const;

  test("what the file says is noted, and what it does not speak of stays", () => {
    const args = noting(noted({ maxDeletes: 2, maxDeleteShare: 0.9 }), { maxDeletes: 7 });
    expect(noteGuards(...args).guards).toEqual({ maxDeletes: 7, maxDeleteShare: 0.9 });
    expect(hasGuardsToNote(...args)).toBe(true);
  });

  test("nothing is noted where nothing is said or it stands there already", () => {
    expect(noteGuards(...noting(noted()))).toEqual(noted());
    expect(hasGuardsToNote(...noting(noted()))).toBe(false);
    expect(hasGuardsToNote(...noting(noted({ maxDeletes: 7 }), { maxDeletes: 7 }))).toBe(false);
  });

  test("what was protected is free once its block says so, and only then", () => {
    const free = noting(noted(undefined, true), undefined, false);
    expect(noteGuards(...free).resources[api]).toEqual({ ...noted().resources[api], protect: false });
    expect(hasGuardsToNote(...free)).toBe(true);
    for (const protect of [undefined, true]) {
      const kept = noting(noted(undefined, true), undefined, protect);
      expect(noteGuards(...kept).resources[api]!.protect).toBe(true);
      expect(hasGuardsToNote(...kept)).toBe(false);
    }
    expect(hasGuardsToNote(...noting(noted(), undefined, false))).toBe(false);
    expect(hasGuardsToNote(...noting(emptyInventory("l"), undefined, false))).toBe(false);
  });
});

describe("what the file loosens is told", () => {
  const told = (said: GuardSettings | undefined, inventory: Inventory, protect?: boolean): string =>
    tellLoosened({ settings: file(said), resources: block(protect) }, inventory)
      .map(({ message }) => message)
      .join("\n");

  test("numbers with both values, only upwards", () => {
    const inventory = noted({ maxDeletes: 5, maxDeleteShare: 0.3 });
    expect(told({ maxDeletes: 6, maxDeleteShare: 0.4 }, inventory)).toContain(
      "maxDeletes (5 holds, 6 from then on), maxDeleteShare (0.3 holds, 0.4 from then on)",
    );
    expect(told({ maxDeletes: 5, maxDeleteShare: 0.2 }, inventory)).toBe("");
    expect(told(undefined, inventory)).toBe("");
    expect(told({ maxDeletes: 6 }, noted())).toContain("maxDeletes (5 holds");
    expect(told({ maxDeletes: 6 }, emptyInventory("l"))).toBe("");
  });

  test("a freeze or a secret key that goes, whichever of several", () => {
    const inventory = noted({ freeze: [freeze, other], secretKeys: ["A", "B"] });
    expect(told({ freeze: [freeze], secretKeys: ["A", "B"] }, inventory)).toMatch(/settings\.freeze:/u);
    expect(told({ freeze: [other, freeze], secretKeys: ["B"] }, inventory)).toMatch(/settings\.secretKeys:/u);
    expect(told({ freeze: [freeze, other, other], secretKeys: ["A", "B", "C"] }, inventory)).toBe("");
    expect(told(undefined, inventory), "nothing said is not nothing held").toBe("");
  });

  test("a key that becomes public, once guards were noted", () => {
    expect(told({ publicKeys: ["A", "B"] }, noted({ publicKeys: ["A"] }))).toContain("settings.publicKeys");
    expect(told({ publicKeys: ["A"] }, noted({ publicKeys: ["A"] }))).toBe("");
    expect(told({ publicKeys: ["A"] }, noted({}))).toContain("settings.publicKeys");
    expect(told({ publicKeys: ["A"] }, noted())).toBe("");
  });

  test("what is not protected any more", () => {
    expect(told(undefined, noted(undefined, true), false)).toContain(`protect of ${api}`);
    expect(told(undefined, noted(undefined, true))).toBe("");
    expect(told(undefined, noted(), false)).toBe("");
  });
});
