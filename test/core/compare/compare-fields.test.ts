import { describe, expect, test } from "vitest";
import { compareAll, isIgnored } from "../../../src/core/compare/compare-fields.ts";
import type { Comparison } from "../../../src/core/compare/comparison.ts";
import { defaultLifecycle, type Desired, type Spec } from "../../../src/core/model/desired.ts";
import { digestOf, fingerprint, makeDigestKey } from "../../../src/core/base/digest.ts";
import type { Field, FieldTable } from "../../../src/core/model/field.ts";
import { unknownDigest } from "../../../src/core/model/inventory.ts";
import { canonical, type Json } from "../../../src/core/base/json.ts";
import type { LiveSpec } from "../../../src/core/model/live.ts";
import { Secret } from "../../../src/core/base/secret.ts";

const key = makeDigestKey("33".repeat(32));
const address = "render/service/api";
const where = { file: "trueup.yaml", line: 1, column: 1 };
const plain: Field = { description: "", schema: {}, facet: "core", onChange: "update" };
const listed: Field = { ...plain, entries: { key: ["name"] } };
const digest = (field: string, value: Json): string => digestOf(key, { address, field }, canonical(value));

type Case = {
  readonly spec: Spec;
  readonly live: LiveSpec;
  readonly table: FieldTable;
  /** What the inventory remembers; absent: nothing is owned. */
  readonly fields?: { readonly [fieldKey: string]: string };
  readonly ignore?: readonly string[];
};

function compare({ spec, live, table, fields, ignore = [] }: Case) {
  const desired: Desired = {
    address,
    kind: "render/service",
    name: "api",
    spec,
    lifecycle: { ...defaultLifecycle, ignore },
    where,
    places: new Map(),
    needs: [],
  };
  const owned = fields && { kind: desired.kind, id: "srv-1", name: "api", fields, needs: [], protect: false };
  const comparison: Comparison = { desired, owned, resolved: new Map(), key };
  const found = { id: "srv-1", name: "api", spec: live, outputs: {}, raw: {} };
  return compareAll(comparison, table, { address, kind: desired.kind, found, matchedBy: "inventory" });
}

const nothing = { fields: [], notes: [], converged: [], moved: [], optional: [] };

describe("a plain field", () => {
  const table = { plan: plain };

  test("is nothing where it is equal and remembered, and nothing where the file does not say it", () => {
    const fields = { plan: digest("plan", "starter") };
    expect(compare({ spec: { plan: "starter" }, live: { plan: "starter" }, table, fields })).toEqual(nothing);
    expect(compare({ spec: {}, live: { plan: "pro" }, table, fields })).toEqual(nothing);
  });

  test("converges where it is equal and not remembered so, and has moved where something else was", () => {
    const equal = { spec: { plan: "starter" }, live: { plan: "starter" }, table };
    expect(compare({ ...equal, fields: {} })).toEqual({ ...nothing, converged: ["plan"] });
    expect(compare({ ...equal, fields: { plan: unknownDigest } })).toEqual({
      ...nothing,
      converged: ["plan"],
    });
    expect(compare({ ...equal, fields: { plan: digest("plan", "pro") } })).toEqual({
      ...nothing,
      converged: ["plan"],
      moved: ["plan"],
    });
  });

  test.each([
    ["starter", "outside"],
    ["pro", "file"],
    ["standard", "both"],
    [undefined, "unknown"],
  ])("differs; %s was applied: %s", (applied, verdict) => {
    const fields: { [fieldKey: string]: string } =
      applied === undefined ? {} : { plan: digest("plan", applied) };
    expect(compare({ spec: { plan: "starter" }, live: { plan: "pro" }, table, fields }).fields).toEqual([
      {
        field: "plan",
        where,
        before: { show: "public", value: "pro" },
        after: { show: "public", value: "starter" },
        verdict,
        removed: false,
        forcesReplace: false,
      },
    ]);
  });

  test("that live does not show differs from nothing", () => {
    expect(compare({ spec: { plan: "a" }, live: {}, table }).fields).toMatchObject([
      { before: { show: "absent" } },
    ]);
  });

  test("counts only the members that the file says, unless the whole is the file's", () => {
    const live = { plan: { a: 1, b: 2 } };
    const fields = { plan: digest("plan", { a: 1 }) };
    expect(compare({ spec: { plan: { a: 1 } }, live, table, fields })).toEqual(nothing);
    expect(compare({ spec: { plan: { a: 2 } }, live, table, fields }).fields).toMatchObject([
      { before: { show: "public", value: { a: 1 } } },
    ]);
    const whole = { plan: { ...plain, normal: (value: Json) => canonical(value) } };
    expect(compare({ spec: { plan: { a: 1 } }, live, table: whole }).fields).toMatchObject([
      { before: { show: "public", value: { a: 1, b: 2 } } },
    ]);
  });

  test("is compared in its normal form and shown as it stands, but for null, which has none", () => {
    const normal = (value: Json): Json => (value as string).toLowerCase();
    const fields = { plan: digest("plan", "a") };
    expect(
      compare({ spec: { plan: "A" }, live: { plan: "a" }, table: { plan: { ...plain, normal } }, fields }),
    ).toEqual(nothing);
    expect(
      compare({ spec: { plan: "B" }, live: { plan: null }, table: { plan: { ...plain, normal } } }).fields,
    ).toMatchObject([{ before: { show: "public", value: null }, after: { value: "B" } }]);
  });

  test("replaces where its kind says so, of the field or of the pair, and is unreadable where no file could say it", () => {
    const schema = { enum: ["a", "b"] };
    const replacing = (more: Partial<Field>, live: Json) =>
      compare({ spec: { plan: "a" }, live: { plan: live }, table: { plan: { ...plain, schema, ...more } } })
        .fields[0];
    expect(replacing({ onChange: "replace" }, "b")).toMatchObject({ forcesReplace: true });
    expect(replacing({ onChange: "replace" }, "b")).not.toHaveProperty("unreadable");
    expect(replacing({ onChange: "replace" }, null)).toMatchObject({ forcesReplace: true, unreadable: true });
    expect(replacing({ replaces: (wanted, live) => wanted === "a" && live === "b" }, "b")).toMatchObject({
      forcesReplace: true,
    });
    expect(replacing({ replaces: () => false }, null)).toMatchObject({ forcesReplace: false });
    expect(replacing({ replaces: () => false }, null)).not.toHaveProperty("unreadable");
  });

  test("is not looked at where it is ignored, is sent at creation only, has no API, or does not apply", () => {
    const differs = { spec: { plan: "a" }, live: { plan: "b" } };
    expect(compare({ ...differs, table, ignore: ["/plan"] })).toEqual(nothing);
    for (const more of [{ onChange: "create" }, { onChange: "none" }, { applies: () => false }] as const)
      expect(compare({ ...differs, table: { plan: { ...plain, ...more } } })).toEqual(nothing);
  });
});

describe("a list of entries", () => {
  const table = { env: listed };
  const one = digest("env.A", "1");

  test("compares each by its key", () => {
    const fields = { "env.A": one };
    expect(compare({ spec: { env: { A: "1" } }, live: { env: { A: "1" } }, table, fields })).toEqual(nothing);
    expect(
      compare({ spec: { env: { A: "1" } }, live: { env: { A: "2" } }, table, fields }).fields,
    ).toMatchObject([
      { field: "env", entry: "A", before: { value: "2" }, after: { value: "1" }, verdict: "outside" },
    ]);
  });

  test("takes away what was declared before and is not any more", () => {
    const fields = { "env.A": one };
    expect(compare({ spec: {}, live: { env: { A: "1", B: "2" } }, table, fields })).toEqual({
      ...nothing,
      fields: [
        {
          field: "env",
          entry: "A",
          before: { show: "public", value: "1" },
          after: { show: "absent" },
          verdict: "file",
          removed: true,
          forcesReplace: false,
          where,
        },
      ],
      notes: [{ note: "not-in-file", field: "env", entries: ["B"] }],
    });
  });

  test("forgets what was declared before, is not any more, and is gone", () => {
    const fields = { "env.A": one, "env.B": one, "other.A": one, env: one };
    expect(compare({ spec: { env: { B: "1" } }, live: { env: { B: "1" } }, table, fields })).toMatchObject({
      fields: [],
      converged: ["env.B", "env.A"],
    });
  });

  test("leaves what nobody declared, and names it in order", () => {
    const live = { env: { Z: "1", A: "2" } };
    expect(compare({ spec: {}, live, table, fields: {} })).toEqual({
      ...nothing,
      notes: [{ note: "not-in-file", field: "env", entries: ["A", "Z"] }],
    });
  });

  test("says nothing of what came with the object, nor of what is ignored", () => {
    const came = { env: { ...plain, entries: { key: ["name"], cameWith: "first" } } };
    expect(compare({ spec: {}, live: { env: { A: "1" }, first: ["A"] }, table: came, fields: {} })).toEqual(
      nothing,
    );
    const ignore = ["/env/A"];
    expect(compare({ spec: { env: { A: "1" } }, live: { env: { A: "2" } }, table, ignore })).toEqual(nothing);
    expect(compare({ spec: {}, live: { env: { A: "2" } }, table, ignore, fields: { "env.A": one } })).toEqual(
      nothing,
    );
  });

  test("that is exclusive takes away everything else, which is the work of somebody else once it is ours", () => {
    const exclusive = { spec: { env: {}, envExclusive: true }, live: { env: { A: new Secret("x") } }, table };
    const before = {
      show: "secret",
      fingerprint: fingerprint(digestOf(key, { address, field: "env.A" }, "x")),
    };
    expect(compare({ ...exclusive, fields: {} }).fields).toMatchObject([
      { removed: true, before, verdict: "outside" },
    ]);
    expect(compare(exclusive).fields).toMatchObject([{ removed: true, before, verdict: "unknown" }]);
    expect(compare({ ...exclusive, fields: { "env.A": one } }).fields).toMatchObject([{ verdict: "file" }]);
    expect(compare({ ...exclusive, spec: { env: {}, envExclusive: false } }).fields).toEqual([]);
  });
});

test("lifecycle.ignore takes a field with its entries, or one entry, and no other that begins alike", () => {
  const desired = (ignore: readonly string[]) => ({ lifecycle: { ...defaultLifecycle, ignore } }) as Desired;
  expect(isIgnored(desired(["/env"]), "env")).toBe(true);
  expect(isIgnored(desired(["/env"]), "env", "A")).toBe(true);
  expect(isIgnored(desired(["/env/A"]), "env", "A")).toBe(true);
  expect(isIgnored(desired(["/env/A"]), "env", "AB")).toBe(false);
  expect(isIgnored(desired(["/env/A"]), "env")).toBe(false);
  expect(isIgnored(desired(["/env"]), "environment")).toBe(false);
  expect(isIgnored(desired(["/env/a~1b~0c"]), "env", "a/b~c")).toBe(true);
  expect(isIgnored(desired([]), "env")).toBe(false);
});
