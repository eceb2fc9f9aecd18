import { describe, expect, test } from "vitest";
import { makeDigestKey } from "../../../src/core/base/digest.ts";
import { findRotation } from "../../../src/core/rotation/rotation.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import type { FieldChange } from "../../../src/core/model/change.ts";
import { emptyInventory, type Pending } from "../../../src/core/model/inventory.ts";
import type { Found } from "../../../src/core/model/live.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { field } from "../guards/guard-input.ts";

const where = { file: "trueup.yaml", line: 1, column: 1 };
const scope = "render-only";

type World = {
  readonly kind?: "rendercad/token" | "rendercad/webhook" | "render/service";
  readonly fields?: readonly FieldChange[];
  readonly pending?: Pending;
  /** Why its value is lost. */
  readonly lost?: string;
  /** The scope of what an earlier run made to take its place. */
  readonly newObject?: string;
  readonly isAsked?: boolean;
  readonly mayBeAway?: boolean;
};

/** How an object is rotated, and the fields that its change tells then. */
function rotated({ kind: name = "rendercad/token", fields = [], pending, lost, newObject, ...more }: World) {
  const address = `${name}/ci` as const;
  const desired: Desired = {
    address,
    kind: name,
    name: "ci",
    spec: name === "rendercad/token" ? { scope } : {},
    lifecycle: defaultLifecycle,
    where,
    places: new Map(),
    needs: [],
  };
  const found: Found = { id: "1", name: "ci", spec: { scope }, outputs: {}, raw: {} };
  const told = [...fields];
  const delivery = { destinations: [], values: new Map(), ...(lost !== undefined && { lost }) };
  const rotation = findRotation(
    {
      inventory: { ...emptyInventory("l"), ...(pending && { pending: { [address]: pending } }) },
      deliveries: new Map([[address, delivery]]),
      rewrites: more.isAsked ? [address] : [],
      gaps: more.mayBeAway ? [address] : [],
      today: "2026-11-22",
    },
    {
      kind: kinds.get(name)!,
      comparison: { desired, owned: undefined, resolved: new Map(), key: makeDigestKey("88".repeat(32)) },
      live: {
        address,
        kind: name,
        found,
        matchedBy: "inventory",
        ...(newObject !== undefined && { newObject: { ...found, id: "2", spec: { scope: newObject } } }),
      },
      fields: told,
    },
  );
  return rotation && { ...rotation, fields: told };
}

const fixed = field({ field: "scope", forcesReplace: true });
const asked = { isAsked: true };

describe("a rotation", () => {
  test("is begun for what cannot change, for a value that is lost, and when it is asked for, in that order", () => {
    expect(rotated({})).toBeUndefined();
    expect(rotated({ fields: [field({ field: "note" })] })).toBeUndefined();
    expect(rotated({ kind: "render/service", ...asked })).toBeUndefined();
    expect(rotated(asked)).toMatchObject({ mode: "begin", because: "asked for", orphan: false });
    const because = "must be rotated to be delivered: nobody has it";
    expect(rotated({ ...asked, lost: "nobody has it" })).toMatchObject({ mode: "begin", because });
    expect(rotated({ ...asked, lost: "nobody has it", fields: [fixed] })?.because).toBe(
      "scope cannot change",
    );
  });

  test("tells the field that forces it, and its value where none does", () => {
    expect(rotated({ fields: [fixed] })?.fields).toEqual([fixed]);
    expect(rotated(asked)?.fields).toMatchObject([
      { field: "token", forcesReplace: true, verdict: "file", where },
    ]);
    expect(rotated({ lost: "x" })?.fields).toMatchObject([{ verdict: "outside" }]);
    expect(rotated({ lost: "x", pending: { undelivered: true } })?.fields).toMatchObject([
      { verdict: "file" },
    ]);
    expect(rotated({ lost: "x", pending: { creation: { at: 1 } } })?.fields).toMatchObject([
      { verdict: "file" },
    ]);
  });

  test("goes on with the new object of an earlier run, while that fits and its value is known", () => {
    expect(rotated({ newObject: scope })).toMatchObject({ mode: "continue", orphan: false });
    expect(rotated({ newObject: scope })?.because).toBe("an earlier run began to rotate it");
    expect(rotated({ newObject: "read-only" })).toMatchObject({ mode: "begin", orphan: true });
    expect(rotated({ newObject: scope, lost: "x" })).toMatchObject({ mode: "begin", orphan: true });
  });

  test("is a creation once more where the one of an earlier run was never delivered", () => {
    expect(rotated({ lost: "x", pending: { undelivered: true } })).toMatchObject({ mode: "again" });
    expect(rotated({ lost: "x", pending: { creation: { at: 1 } } })).toMatchObject({ mode: "again" });
    expect(rotated({ ...asked, pending: { undelivered: true } })).toMatchObject({ mode: "begin" });
    expect(rotated({ lost: "x", pending: { undelivered: true }, newObject: scope })).toMatchObject({
      mode: "begin",
    });
  });

  test("has a gap where only one may be there, and names do not tell two apart", () => {
    const hook = { kind: "rendercad/webhook", ...asked } as const;
    expect(rotated(hook)).toMatchObject({ mode: "begin" });
    expect(rotated({ ...hook, mayBeAway: true })).toMatchObject({ mode: "gap" });
    expect(rotated({ ...hook, pending: { alone: true } })).toMatchObject({ mode: "gap" });
    expect(rotated({ ...asked, mayBeAway: true })).toMatchObject({ mode: "begin" });
  });
});
