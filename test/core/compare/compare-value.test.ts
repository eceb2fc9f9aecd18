import { describe, expect, test } from "vitest";
import { compareField } from "../../../src/core/compare/compare-fields.ts";
import type { Compared, Comparison, Resolved } from "../../../src/core/compare/comparison.ts";
import { showValue } from "../../../src/core/compare/compare-value.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { digestOf, fingerprint, makeDigestKey } from "../../../src/core/base/digest.ts";
import type { Field } from "../../../src/core/model/field.ts";
import { unknownDigest } from "../../../src/core/model/inventory.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import { literal, type Value } from "../../../src/core/model/value.ts";

const key = makeDigestKey("22".repeat(32));
const address = "render/service/api";
const digest = (text: string): string => digestOf(key, { address, field: "envVars.TOKEN" }, text);
const known = (text: string, asked = false): Resolved => ({
  state: "known",
  secret: new Secret(text),
  ...(asked && { asked: true as const }),
});
const missing: Resolved = {
  state: "missing",
  problem: { code: "gone", severity: "error", message: "Its source is gone.", remedy: "" },
};

type Case = {
  readonly value: Value;
  readonly resolved?: Resolved;
  readonly remembered?: string;
  /** Where the inventory says that the value came from. */
  readonly source?: string;
  readonly live?: string;
  readonly writeOnly?: boolean;
  readonly isRewritten?: boolean;
  /** Nothing of this address is ours yet. */
  readonly isNew?: boolean;
};

function compare({
  value,
  resolved,
  remembered,
  source,
  live,
  writeOnly,
  isRewritten,
  isNew,
}: Case): Compared {
  const field: Field = {
    description: "",
    schema: {},
    facet: "variables",
    onChange: "update",
    value: true,
    entries: { key: ["key"] },
    ...(writeOnly && { writeOnly }),
  };
  const desired: Desired = {
    address,
    kind: "render/service",
    name: "api",
    spec: {},
    lifecycle: defaultLifecycle,
    where: { file: "trueup.yaml", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
  const fields = remembered === undefined ? {} : { "envVars.TOKEN": remembered };
  const sources = source === undefined ? {} : { sources: { "envVars.TOKEN": source } };
  const comparison: Comparison = {
    desired,
    owned: isNew
      ? undefined
      : { kind: "render/service", id: "srv-1", name: "api", fields, ...sources, needs: [], protect: false },
    resolved: new Map(resolved ? [["envVars.TOKEN", resolved]] : []),
    key,
    ...(isRewritten !== undefined && { isRewritten }),
  };
  const at = { name: "envVars", entry: "TOKEN" };
  return compareField(comparison, field, at, value, live === undefined ? undefined : new Secret(live));
}

const secretOf = (text: string) => ({ show: "secret", fingerprint: fingerprint(digest(text)) });
const absent = { show: "absent" };
const generated: Value = { from: "generated" };
const asked: Value = { from: "asked" };
const fromEnvironment: Value = { from: "environment", variable: "TOKEN" };
const needsValue = { note: "needs-value", field: "envVars", entry: "TOKEN" };

describe("a value that is known and shown", () => {
  const value = literal("one");

  test("is the same where live has it, and stale where that is not remembered", () => {
    const same = { value, resolved: known("one"), live: "one" };
    expect(compare({ ...same, remembered: digest("one") })).toEqual({
      result: "same",
      stale: false,
      moved: false,
    });
    expect(compare({ ...same, remembered: digest("two") })).toEqual({
      result: "same",
      stale: true,
      moved: true,
    });
    expect(compare(same)).toEqual({ result: "same", stale: true, moved: false });
    expect(compare({ ...same, remembered: unknownDigest })).toEqual({
      result: "same",
      stale: true,
      moved: false,
    });
  });

  test.each([
    ["the file moved", digest("zero"), "file"],
    ["somebody changed it", digest("one"), "outside"],
    ["both", digest("other"), "both"],
    ["nothing is remembered", undefined, "unknown"],
  ])("differs from another one: %s", (_what, remembered, verdict) => {
    const compared = compare({
      value,
      resolved: known("one"),
      live: "zero",
      ...(remembered && { remembered }),
    });
    expect(compared).toEqual({
      result: "differs",
      change: {
        field: "envVars",
        entry: "TOKEN",
        where: { file: "trueup.yaml", line: 1, column: 1 },
        before: secretOf("zero"),
        after: { show: "public", value: "one" },
        verdict,
        removed: false,
        forcesReplace: false,
      },
    });
  });

  const url: Value = { from: "output", of: "render/postgres/main", output: "connectionString" };
  const ofDatabase: Resolved = { state: "known", secret: new Secret("one"), live: true };
  const [environment, database] = ["environment TOKEN", "render/postgres/main connectionString"];
  test.each([
    [
      "a variable of the environment has another value",
      fromEnvironment,
      known("one"),
      environment,
      "zero",
      "source",
    ],
    [
      "an older version did not note where it came from",
      fromEnvironment,
      known("one"),
      undefined,
      "zero",
      "source",
    ],
    ["the file names another variable", fromEnvironment, known("one"), "environment OLD", "zero", "file"],
    ["a person gave another value", asked, known("one", true), undefined, "zero", "source"],
    ["a database has another password", url, ofDatabase, database, "zero", "outside"],
    [
      "the file names another database",
      url,
      ofDatabase,
      "render/postgres/old connectionString",
      "zero",
      "file",
    ],
    ["it is not known which database it came from", url, ofDatabase, undefined, "zero", "source"],
    ["a step of the run changes the database", url, undefined, database, "zero", "source"],
    [
      "a variable of the file that it refers to has another value",
      url,
      known("one"),
      database,
      "zero",
      "source",
    ],
    [
      "the source moved, and somebody changed live too",
      fromEnvironment,
      known("one"),
      environment,
      "two",
      "outside",
    ],
    [
      "the file moved, and somebody changed live too",
      fromEnvironment,
      known("one"),
      "environment OLD",
      "two",
      "both",
    ],
  ] as const)("differs, and the verdict is true: %s", (_what, moved, resolved, source, live, verdict) => {
    const compared = compare({
      value: moved,
      ...(resolved && { resolved }),
      ...(source !== undefined && { source }),
      live,
      remembered: digest("zero"),
    });
    expect(compared).toMatchObject({ result: "differs", change: { verdict } });
  });

  test("differs where live lacks it, and is asked for only where somebody gave it", () => {
    expect(compare({ value: fromEnvironment, resolved: known("one") })).toMatchObject({
      result: "differs",
      change: { before: absent },
    });
    expect(compare({ value: fromEnvironment, resolved: known("one") })).not.toHaveProperty("change.asked");
    expect(compare({ value: asked, resolved: known("one", true) })).toHaveProperty("change.asked", true);
    const there = compare({ value: asked, resolved: known("one", true), live: "two" });
    expect(there).not.toHaveProperty("change.asked");
  });

  test("that a step of this run makes differs from whatever is there", () => {
    const value: Value = { from: "output", of: "render/postgres/main", output: "host" };
    expect(compare({ value, live: "one" })).toMatchObject({
      result: "differs",
      change: { before: secretOf("one") },
    });
  });
});

describe("a value whose source is missing", () => {
  test("is a note with its reason, and no difference", () => {
    const note = { note: "cannot-compare", field: "envVars", entry: "TOKEN", reason: "Its source is gone." };
    expect(compare({ value: fromEnvironment, resolved: missing, live: "one" })).toEqual({
      result: "note",
      note,
    });
  });
});

describe("a generated value", () => {
  test("stays as it is where there is one", () => {
    const remembered = digest("generated");
    const left: Resolved = { state: "untouched" };
    for (const resolved of [left, missing]) {
      const there = { value: generated, resolved, live: "made once" };
      expect(compare({ ...there, remembered })).toEqual({ result: "same", stale: false, moved: false });
      expect(compare(there)).toEqual({ result: "same", stale: true, moved: false });
      expect(compare({ ...there, remembered: digest("typed") })).toEqual({
        result: "same",
        stale: true,
        moved: true,
      });
    }
  });

  test("is made where there is none", () => {
    expect(compare({ value: generated, resolved: { state: "untouched" } })).toMatchObject({
      result: "differs",
      change: { before: absent, after: { show: "source", text: "generated once" } },
    });
  });
});

describe("a value that was shown once", () => {
  const resolved: Resolved = { state: "kept" };

  test("is taken for the same where it was delivered, and told where nobody knows", () => {
    const value: Value = { from: "output", of: "rendercad/token/ci", output: "value" };
    expect(compare({ value, resolved, live: "x", remembered: digest("kept") })).toEqual({
      result: "same",
      stale: false,
    });
    expect(compare({ value, resolved, live: "x" })).toMatchObject({
      result: "unseen",
      note: { note: "cannot-verify", field: "envVars", entry: "TOKEN" },
    });
  });
});

describe("a value that is asked for and not given", () => {
  const left: Resolved = { state: "untouched" };
  const unanswered = { value: asked, resolved: left };

  test("is the same as was set, by its digest", () => {
    expect(compare({ ...unanswered, live: "one", remembered: digest("one") })).toEqual({
      result: "same",
      stale: false,
    });
    expect(compare({ ...unanswered, live: "one" })).toEqual({ result: "same", stale: true });
  });

  test("is the same where an inventory of before knows only that there was one", () => {
    expect(compare({ ...unanswered, live: "one", remembered: digest("asked") })).toEqual({
      result: "same",
      stale: true,
    });
  });

  test("stays and is told where it is another one by now", () => {
    expect(compare({ ...unanswered, live: "two", remembered: digest("one") })).toEqual({
      result: "note",
      note: {
        note: "secret-changed",
        field: "envVars",
        entry: "TOKEN",
        before: fingerprint(digest("one")),
        after: fingerprint(digest("two")),
      },
    });
  });

  test("is lost where one was set and there is none any more", () => {
    expect(compare({ ...unanswered, remembered: digest("one") })).toMatchObject({
      result: "lost",
      note: needsValue,
      change: { before: absent, verdict: "outside", asked: true, unanswered: true },
    });
  });

  test("is asked for where there never was one", () => {
    const compared = compare(unanswered);
    expect(compared).toMatchObject({ result: "asked", note: needsValue, change: { verdict: "unknown" } });
    expect(compared).not.toHaveProperty("change.unanswered");
  });

  test("a reference to it is never lost, and never told as another one", () => {
    const value: Value = { from: "output", of: "render/service/other", output: "envVars.TOKEN" };
    expect(compare({ value, resolved: left, remembered: digest("one") })).toMatchObject({ result: "asked" });
    expect(compare({ value, resolved: left, live: "two", remembered: digest("one") })).toEqual({
      result: "same",
      stale: false,
    });
  });

  test("and that no API shows is the same once it was sent", () => {
    const unseen = { ...unanswered, writeOnly: true };
    expect(compare({ ...unseen, remembered: digest("one") })).toEqual({ result: "same", stale: false });
    expect(compare(unseen)).toMatchObject({ result: "unseen", note: { note: "cannot-verify" } });
  });
});

describe("a value that no API shows", () => {
  const unseen = { value: fromEnvironment, resolved: known("one"), writeOnly: true };

  test("is the same while its digest is, unless it is to be sent again", () => {
    const same = { ...unseen, remembered: digest("one") };
    expect(compare(same)).toEqual({ result: "same", stale: false });
    expect(compare({ ...same, isRewritten: false })).toEqual({ result: "same", stale: false });
    expect(compare({ ...same, isRewritten: true })).toMatchObject({
      result: "differs",
      change: { verdict: "file" },
    });
  });

  test("differs where its source gives another value", () => {
    expect(compare({ ...unseen, remembered: digest("zero") })).toMatchObject({
      result: "differs",
      change: { before: secretOf("zero"), verdict: "source" },
    });
    expect(compare(unseen)).toMatchObject({
      result: "differs",
      change: { before: absent, verdict: "unknown" },
    });
  });

  test("is taken to be there where nothing can be remembered, and sent only on demand", () => {
    const note = { note: "cannot-verify", field: "envVars", entry: "TOKEN" };
    for (const more of [{ isNew: true }, { remembered: unknownDigest }]) {
      expect(compare({ ...unseen, ...more })).toMatchObject({ result: "unseen", note });
      expect(compare({ ...unseen, ...more, isRewritten: true })).toMatchObject({
        result: "differs",
        change: { before: absent, verdict: "unknown" },
      });
    }
  });
});

test("a plan shows public text, and of all else where it comes from", () => {
  const shown = (value: Value, remembered?: string): unknown => showValue(value, remembered);
  const source = (text: string) => ({ show: "source", text });
  expect(shown(literal("one"))).toEqual({ show: "public", value: "one" });
  const written: Value = { from: "secret-literal", secret: new Secret("hush") };
  expect(shown(written)).toEqual(source("in the file"));
  expect(shown(written, digest("hush"))).toEqual(secretOf("hush"));
  const output = (name: string): Value => ({ from: "output", of: "render/service/a", output: name });
  expect(shown(output("envVars.KEY"))).toEqual(source("from render/service/a envVars.KEY"));
  expect(shown(output("host"))).toEqual(source("from render/service/a"));
  expect(shown(fromEnvironment)).toEqual(source("from the environment, TOKEN"));
  expect(shown({ from: "file", path: "a.txt", raw: false })).toEqual(source("from the file a.txt"));
  expect(shown(generated)).toEqual(source("generated once"));
  expect(shown(asked)).toEqual(source("asked for at apply"));
});
