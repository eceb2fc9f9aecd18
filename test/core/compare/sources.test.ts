import { describe, expect, test } from "vitest";
import { findUnnotedSources, listSources, sourcesAfter } from "../../../src/core/compare/sources.ts";
import type { Spec } from "../../../src/core/model/desired.ts";
import type { Owned } from "../../../src/core/model/inventory.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { comparisonOf } from "./comparison.ts";

const table = kinds.get("render/service")!.fields;
const declared = (spec: Spec) => comparisonOf(spec).desired;
const main = "render/postgres/main";

const spec: Spec = {
  plan: "starter",
  secretFiles: { "app.conf": { from: "file", path: "config/app.conf" } },
  envVars: {
    KEY: { from: "environment", variable: "STRIPE_KEY" },
    URL: { from: "output", of: main, output: "connectionString" },
    LEVEL: { from: "literal", text: "info" },
    TYPED: { from: "secret-literal", secret: new Secret("s3cret") },
    MADE: { from: "generated" },
    ASKED: { from: "asked" },
  },
};
const sources = {
  "envVars.KEY": "environment STRIPE_KEY",
  "envVars.URL": `${main} connectionString`,
  "secretFiles.app.conf": "file config/app.conf",
};

test("values that the file does not hold have a source, in order of their keys; all others have none", () => {
  expect(Object.entries(listSources(declared(spec), table))).toEqual(Object.entries(sources));
  expect(listSources(declared({ plan: "starter" }), table)).toEqual({});
});

describe("after a write", () => {
  const owned = (noted?: { readonly [key: string]: string }): Owned => ({
    kind: "render/service",
    id: "srv-1",
    name: "api",
    fields: {},
    needs: [],
    protect: false,
    ...(noted && { sources: noted }),
  });
  const after = (noted: { readonly [key: string]: string } | undefined, ...keys: readonly string[]) =>
    sourcesAfter(owned(noted), { desired: declared(spec), table }, keys);

  test("the sources of what it wrote are noted, and those of before stay", () => {
    const noted = after({ "envVars.Z": "file z" }, "envVars.URL", "envVars.KEY");
    expect(Object.entries(noted.sources ?? {})).toEqual([
      ["envVars.KEY", sources["envVars.KEY"]],
      ["envVars.URL", sources["envVars.URL"]],
      ["envVars.Z", "file z"],
    ]);
    expect(after({ "envVars.KEY": "file old" }, "envVars.KEY")).toEqual({
      sources: { "envVars.KEY": sources["envVars.KEY"] },
    });
  });

  test("what the file holds now has no source any more", () => {
    expect(after({ "envVars.LEVEL": "file level", "envVars.Z": "file z" }, "envVars.LEVEL")).toStrictEqual({
      sources: { "envVars.Z": "file z" },
    });
    expect(after({ "envVars.LEVEL": "file level" }, "envVars.LEVEL")).toStrictEqual({});
    expect(after(undefined, "envVars.LEVEL", "plan")).toStrictEqual({});
  });

  test("of a block that is gone nothing is known, and of what was not owned nothing is left", () => {
    const gone = { desired: undefined, table };
    expect(sourcesAfter(owned(sources), gone, ["envVars.KEY", "secretFiles.app.conf"])).toEqual({
      sources: { "envVars.URL": sources["envVars.URL"] },
    });
    expect(sourcesAfter(undefined, gone, ["envVars.KEY"])).toStrictEqual({});
  });

  test("is to be noted what is remembered by its value, with another source or none, and not written anyway", () => {
    const remembered = { "envVars.KEY": "aa", "envVars.URL": "bb", "envVars.LEVEL": "cc" };
    const unnoted = (noted: Owned["sources"], ...changed: readonly string[]) =>
      findUnnotedSources(
        { ...owned(), fields: remembered, ...(noted && { sources: noted }) },
        listSources(declared(spec), table),
        new Set(changed),
      );
    expect(unnoted(sources)).toEqual([]);
    expect(unnoted(undefined)).toEqual(["envVars.KEY", "envVars.URL"]);
    expect(unnoted({ ...sources, "envVars.KEY": "file old" })).toEqual(["envVars.KEY"]);
    expect(unnoted({ ...sources, "envVars.KEY": "file old" }, "envVars.KEY")).toEqual([]);
    expect(unnoted({ ...sources, "envVars.LEVEL": "file level" })).toEqual(["envVars.LEVEL"]);
  });
});
