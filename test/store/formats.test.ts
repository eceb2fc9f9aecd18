import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Inventory } from "../../src/core/model/inventory.ts";
import { foldEntry, type JournalEntry } from "../../src/core/run/journal.ts";
import type { Ledger } from "../../src/core/schedule/ledger.ts";
import type { RunRecord } from "../../src/core/run/run-record.ts";
import {
  documentText,
  inventoryFormat,
  journalHead,
  journalLine,
  ledgerFormat,
  loadDocument,
  loadJournal,
  runFormat,
  type Format,
} from "../../src/store/base/formats.ts";
import { began, intent } from "./contract.ts";

/** One file per document and version, byte for byte as that version wrote it (no formatter knows .txt). A new version adds files. */
const fixtures = new URL("fixtures/", import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(name, fixtures), "utf8");

const inventory: Inventory = {
  version: 2,
  lineage: "5f0c",
  serial: 3,
  workspace: "tea-1",
  digestKey: "0011223344aa",
  files: {
    "github.com/acme/app//trueup.yaml": {
      repository: "github.com/acme/app",
      path: "trueup.yaml",
      beside: "trueup.yaml",
      commit: { id: "0123456789abcdef0123456789abcdef01234567", at: "2026-11-21T08:00:00.000Z" },
      with: ["github.com/acme/app//trueup.yaml"],
    },
  },
  resources: {
    "render/service/api": {
      kind: "render/service",
      id: "srv-1",
      name: "api",
      fields: { "envVars.PORT": "aa", plan: "bb" },
      needs: ["render/postgres/main"],
      protect: true,
      file: "github.com/acme/app//trueup.yaml",
    },
  },
};
/** Version 1 did not know which file declared what. */
const { file: _file, ...ownedBefore } = inventory.resources["render/service/api"]!;
const inventoryBefore: Inventory = {
  ...inventory,
  files: {},
  resources: { "render/service/api": ownedBefore },
};
const ledger: Ledger = {
  version: 1,
  windows: { "render/create": { limit: 20, used: 7, endsAt: 1_795_341_600_000 } },
};
const run: RunRecord = {
  version: 1,
  run: "20261122T090010-a1b2c3",
  began: "2026-11-22T09:00:10.000Z",
  ended: "2026-11-22T09:01:00.000Z",
  by: { user: "ada", host: "laptop", url: "https://github.com/acme/app/actions/runs/1" },
  commit: "0123456789abcdef",
  plan: "abc",
  verdict: "failed",
  steps: [
    { step: "create render/postgres/main", status: "failed", code: "refused" },
    { step: "create render/service/api", status: "blocked", by: "create render/postgres/main" },
  ],
};
const journal: readonly JournalEntry[] = [began("r1", 5), intent("r1", "create render/service/api")];

describe.each<readonly [string, Format<unknown>, object, object]>([
  ["inventory", inventoryFormat, inventory, inventoryBefore],
  ["ledger", ledgerFormat, ledger, ledger],
  ["run", runFormat, run, run],
])("the format of %s", (name, format, value, before) => {
  test("is written as its fixture says", () => {
    expect(documentText(value)).toBe(fixture(`${name}.version-${format.version}.txt`));
  });

  test("is read from every fixture of this version and the one before", () => {
    const versions = readdirSync(fixtures).flatMap((file) => {
      const [, of, version] = /^(\w+)\.version-(\d+)\.txt$/u.exec(file) ?? [];
      return of === name ? [Number(version)] : [];
    });
    expect(versions).toContain(format.version);
    for (const version of versions.filter((one) => one >= format.version - 1)) {
      const loaded = loadDocument(format, fixture(`${name}.version-${version}.txt`), "here");
      const isOlder = version < format.version;
      expect(loaded).toEqual({ value: isOlder ? before : value, isOlder });
    }
  });

  test("is refused when a newer trueup wrote it", () => {
    const newer = JSON.stringify({ ...value, version: format.version + 1 });
    expect(() => loadDocument(format, newer, "here")).toThrow(
      /state-newer: here was written by a newer trueup/u,
    );
  });
});

test("a deploy that an earlier version asked for, and noted no time of, is read as it stands", () => {
  const before: Inventory = {
    ...inventory,
    pending: { "render/service/api": { deployFor: ["update render/service/api"], deployAfter: "dep-1" } },
  };
  expect(loadDocument(inventoryFormat, documentText(before), "here")).toEqual({
    value: before,
    isOlder: false,
  });
});

test("what a rotation leaves behind is read by the names that every version wrote", () => {
  const token = "rendercad/token/ci";
  const written = {
    kind: "rendercad/token",
    id: "tok-1",
    name: "ci",
    fields: {},
    needs: [],
    protect: false,
    revealed: { token: "cc" },
    sealed: { token: "ff" },
  };
  const text = JSON.stringify({
    ...inventory,
    resources: { [token]: written },
    pending: { [token]: { undelivered: true, alone: true } },
  });
  const begun = { ...intent("r1", `create ${token}`), address: token, kind: "rendercad/token" };
  const line = `${JSON.stringify({ ...begun, successor: "ci.0a1b2c3d", besides: ["tok-0"] })}\n`;
  const answer = { id: "tok-2", name: "ci.0a1b2c3d", revealed: { token: "dd" }, sealed: { token: "ee" } };
  const outcome = {
    entry: "outcome",
    run: "r1",
    at: 2,
    step: `create ${token}`,
    address: token,
    verb: "create",
    result: { status: "done", owned: written, successor: answer },
  };
  const { value } = loadDocument(inventoryFormat, text, "here");
  const { value: entries } = loadJournal(`${journalHead}${line}${JSON.stringify(outcome)}\n`, "here");

  expect(foldEntry(value, entries[0]!).pending?.[token]).toEqual({
    undelivered: true,
    alone: true,
    besides: ["tok-0"],
    successor: { name: "ci.0a1b2c3d", at: 1 },
  });
  const after = entries.reduce(foldEntry, value);
  expect(after.pending?.[token]?.successor).toEqual(answer);
  expect(after.resources[token]).toEqual(written);
});

describe("the format of the journal", () => {
  test("is written as its fixture says", () => {
    expect(journalHead + journal.map((entry) => journalLine(entry)).join("")).toBe(
      fixture("journal.version-1.txt"),
    );
  });

  test("is read from both versions", () => {
    expect(loadJournal(fixture("journal.version-1.txt"), "here")).toEqual({
      value: journal,
      isOlder: false,
    });
    expect(loadJournal(fixture("journal.version-0.txt"), "here")).toEqual({
      value: journal,
      isOlder: true,
    });
  });

  test("is read where a holder that came too late has added its first entry with a head", () => {
    const late = began("r1", 1);
    const own = [began("r2", 2), intent("r2", "a")];
    const text = (head: string): string =>
      [journalHead, ...own.map(journalLine), head, journalLine(late)].join("");
    expect(loadJournal(text(journalHead), "here")).toEqual({ value: [...own, late], isOlder: false });
    expect(() => loadJournal(text('{"entry":"journal","version":2}\n'), "here")).toThrow(
      /^state-newer: here/u,
    );
    expect(() => loadJournal(text('{"entry":"journal"}\n'), "here")).toThrow(/^state-damaged: here/u);
  });
});

describe("a format whose version before had another shape", () => {
  const format: Format<{ readonly version: 2; readonly names: readonly string[] }> = {
    what: "a list of names",
    version: 2,
    isWhole: (value) => Array.isArray(value["names"]),
    migrate: (older) => ({ version: 2, names: [older["name"]] }),
  };
  const load = (value: object) => loadDocument(format, JSON.stringify(value), "here");

  test("reads both, and says which one it was", () => {
    expect(load({ version: 1, name: "a" })).toEqual({ value: { version: 2, names: ["a"] }, isOlder: true });
    expect(load({ version: 2, names: ["a"] })).toEqual({
      value: { version: 2, names: ["a"] },
      isOlder: false,
    });
  });

  test.each([{ version: "3", names: ["a"] }, { version: null }, 7, null, "text"])(
    "is damaged where its version is no number: %j",
    (value) => {
      expect(() => loadDocument(format, JSON.stringify(value), "here")).toThrow(/^state-damaged: here/u);
    },
  );

  test.each([{ version: 0, name: "a" }, { version: 3 }, { version: 2 }, { name: "a" }, []])(
    "refuses %j",
    (value) => {
      expect(() => load(value)).toThrow(/state-(?:newer|damaged): here/u);
    },
  );
});
