import { describe, expect, test } from "vitest";
import { isInventory, isLedger, isRunRecord, journalEntries } from "../../../src/store/base/check-state.ts";

const owned = {
  kind: "render/service",
  id: "srv-1",
  name: "api",
  fields: { plan: "aa" },
  needs: ["render/postgres/main"],
  protect: false,
  settled: { region: "bb" },
  handGiven: ["envVars.TOKEN"],
  file: "trueup.yaml",
  revealed: { token: "cc" },
  sealed: { token: "dd" },
};
const files = {
  "trueup.yaml": {
    path: "trueup.yaml",
    with: ["trueup.yaml"],
    repository: "github.com/acme/app",
    beside: "trueup.yaml",
    renamedTo: "infra.yaml",
    commit: { id: "c0ffee", at: "2026-11-21T08:00:00.000Z" },
  },
};
const successor = { name: "api 2", id: "srv-2", revealed: { token: "cc" }, sealed: { token: "dd" } };
const by = { user: "ada", host: "laptop", url: "https://example.com/runs/1" };
const accounts = {
  workspace: "tea-1",
  rendercadUser: "usr-1",
  hosts: { render: "https://api.render.com/v1" },
};
const line = { run: "r1", at: 5 };
const ofStep = { ...line, step: "s1", address: "render/service/api" };
const verb = { ...ofStep, verb: "create" };
const done = {
  status: "done",
  owned,
  carried: { "render/disk/api": { ...owned, kind: "render/disk" } },
  successor,
  gone: "srv-0",
};

/** Each document with every member that anything behind trusts. */
const whole: readonly (readonly [string, (value: unknown) => boolean, object])[] = [
  [
    "an inventory",
    isInventory,
    {
      lineage: "5f0c",
      serial: 3,
      ...accounts,
      digestKey: "0011",
      resources: { "render/service/api": owned },
      files,
      pending: {
        "render/service/api": {
          besides: ["srv-0"],
          file: "trueup.yaml",
          successor,
          formers: [{ id: "srv-3", name: "api" }],
          deployFor: ["s1"],
          deployAfter: "dep-1",
          deployAt: 5,
          jobSent: { after: "job-1", at: 5 },
        },
      },
      deleted: { "render/service srv-9": 5 },
      made: { "render/service srv-1": 5 },
    },
  ],
  ["a ledger", isLedger, { windows: { create: { limit: 20, used: 7, endsAt: 5, leaves: [5] } } }],
  [
    "the record of a run",
    isRunRecord,
    {
      run: "r1",
      began: "2026-11-22T09:00:10.000Z",
      ended: "2026-11-22T09:01:00.000Z",
      plan: "abc",
      verdict: "done",
      by,
      commit: "c0ffee",
      steps: [{ step: "s1", status: "done" }],
    },
  ],
  ["the begin of a run", journalEntries["run-began"]!, { ...line, plan: "abc", by, files, accounts }],
  [
    "an intent",
    journalEntries["intent"]!,
    {
      ...verb,
      kind: "render/service",
      name: "api",
      method: "POST",
      path: "/services",
      takesEffectIn: ["render/service/api"],
      after: "dep-1",
      successor: "api 2",
      former: { id: "srv-3", name: "api" },
      besides: ["srv-0"],
    },
  ],
  ["an outcome", journalEntries["outcome"]!, { ...verb, result: done }],
  ["a failure", journalEntries["outcome"]!, { ...verb, result: { status: "failed", code: "refused" } }],
  ["what was recorded", journalEntries["recorded"]!, { ...ofStep, result: done }],
  ["the end of a run", journalEntries["run-ended"]!, { ...line, verdict: "done" }],
];

type Path = readonly string[];

/** Every place in a value, outer ones first. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, one]) => pathsIn(one, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** The value with something else at a place; `undefined` leaves the member out. */
function withAt(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy: { [name: string]: unknown } = Array.isArray(value)
    ? ([...value] as never)
    : { ...(value as object) };
  if (rest.length === 0 && by === undefined) delete copy[name];
  else copy[name] = withAt(copy[name], rest, by);
  return copy;
}

/** Neither a text nor a number, a list, a map or nothing. */
const wrong = true;

describe.each(whole)("%s", (_what, check, value) => {
  test("is whole as trueup writes it, and with members of a newer version", () => {
    expect(check(value)).toBe(true);
    expect(check({ ...value, ofTomorrow: { any: [1] } })).toBe(true);
  });

  test("is damaged with anything else in any place", () => {
    for (const path of pathsIn(value)) {
      const by = path.at(-1) === "protect" ? "false" : wrong;
      expect(check(withAt(value, path, by)), `${path.join(".")} is ${JSON.stringify(by)}`).toBe(false);
    }
  });

  test("is no text, list, number or nothing", () => {
    for (const other of ["text", [], [value], 1, null, undefined]) expect(check(other)).toBe(false);
  });
});

test("what a later version added may be absent, and the rest may not", () => {
  const required = (check: (value: unknown) => boolean, value: object): readonly string[] =>
    Object.keys(value).filter((name) => !check(withAt(value, [name], undefined)));
  expect(Object.fromEntries(whole.map(([what, check, value]) => [what, required(check, value)]))).toEqual({
    "an inventory": ["lineage", "serial", "resources", "files"],
    "a ledger": ["windows"],
    "the record of a run": ["run", "began", "plan", "verdict", "steps"],
    "the begin of a run": ["run", "at", "plan"],
    "an intent": ["run", "at", "step", "address", "verb", "kind", "name", "method", "path"],
    "an outcome": ["run", "at", "step", "address", "verb", "result"],
    "a failure": ["run", "at", "step", "address", "verb", "result"],
    "what was recorded": ["run", "at", "step", "address", "result"],
    "the end of a run": ["run", "at", "verdict"],
  });
});

test("an address is three words of its kind, each percent-encoded, and owns what is of that kind", () => {
  const owning = (address: string, kind = "render/service") =>
    isInventory({ lineage: "l", serial: 1, files: {}, resources: { [address]: { ...owned, kind } } });
  for (const address of ["render/service/api", "render/service/a%2Fb", "render/service/ä b"])
    expect(owning(address), address).toBe(true);
  for (const address of [
    "render/service",
    "render/service/",
    "render/service/a/b",
    "render/service/%",
    "render/service/%ff",
    "Render/service/a",
    "api",
  ])
    expect(owning(address), address).toBe(false);
  expect(owning("render/disk/api")).toBe(false);
  expect(owning("render/disk/api", "render/disk")).toBe(true);
});

test("a number is one that can be counted with", () => {
  const at = (serial: unknown) => isInventory({ lineage: "l", serial, files: {}, resources: {} });
  expect(at(0)).toBe(true);
  for (const serial of [0.5, "1", null, 2 ** 53, Number.NaN]) expect(at(serial)).toBe(false);
  const ended = (value: unknown) => journalEntries["run-ended"]!({ run: "r1", at: value, verdict: "done" });
  expect(ended(0.5)).toBe(true);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "5"]) expect(ended(value)).toBe(false);
});
