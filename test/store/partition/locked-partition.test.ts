import { describe, expect, test } from "vitest";
import type { JournalEntry, Outcome } from "../../../src/core/run/journal.ts";
import type { Addition, Backend, Change, Hold } from "../../../src/store/base/backend.ts";
import { journalHead, journalLine } from "../../../src/store/base/formats.ts";
import { LeaseKeeper, readClocks } from "../../../src/store/base/lease.ts";
import { LockedPartition } from "../../../src/store/partition/locked-partition.ts";
import { makeClock } from "../clock.ts";
import { began, intent } from "../contract.ts";

/** A partition with these documents, and what is written to it. */
function openLocked(documents: { readonly [name: string]: string } = {}) {
  const { world } = makeClock();
  const added: Addition[] = [];
  const written: (readonly [title: string, changes: readonly Change[]])[] = [];
  const hold: Hold = {
    documents: {
      text: async (name) => documents[name],
      names: async (folder) =>
        Object.keys(documents).flatMap((name) =>
          name.startsWith(`${folder}/`) ? [name.slice(folder.length + 1)] : [],
        ),
    },
    write: async (changes, title) => void written.push([title, changes]),
    append: async (addition) => void added.push(addition),
    renew: async () => undefined,
    release: async () => undefined,
  };
  const keeper = new LeaseKeeper(world, hold, readClocks(world));
  const backend = {} satisfies Partial<Backend> as unknown as Backend;
  const locked = new LockedPartition({
    backend,
    hold,
    keeper,
    world,
    place: "here",
    released: () => undefined,
  });
  return { locked, added, written };
}

const of = { run: "r1", at: 2, step: "a", address: "render/service/api" } as const;
const outcome = (result: Outcome): JournalEntry => ({ entry: "outcome", verb: "create", ...of, result });
const ended: JournalEntry = { entry: "run-ended", run: "r1", at: 3, verdict: "stopped" };

describe("what is noted in the journal", () => {
  test("is waited for where a call follows that no later run would know of else", async () => {
    const { locked, added } = openLocked();
    const done = outcome({ status: "done", owned: null });
    const recorded: JournalEntry = { entry: "recorded", ...of, result: { status: "done", owned: null } };
    for (const entry of [began("r1", 1), intent("r1", "a"), done, recorded, ended])
      await locked.append(entry);
    expect(added.map(({ durable }) => durable)).toEqual([false, true, false, false, false]);
    expect(new Set(added.map(({ name }) => name))).toEqual(new Set(["journal.ndjson"]));
  });

  test("begins with its version, once", async () => {
    const { locked, added } = openLocked();
    await locked.append(began("r1", 1));
    await locked.append(intent("r1", "a"));
    expect(added.map(({ lines }) => lines)).toEqual([
      journalHead + journalLine(began("r1", 1)),
      journalLine(intent("r1", "a")),
    ]);
    const going = openLocked({ "journal.ndjson": journalHead + journalLine(began("r0", 1)) });
    await going.locked.append(ended);
    expect(going.added.map(({ lines }) => lines)).toEqual([journalLine(ended)]);
  });

  test("has one line each in the history of a branch", async () => {
    const { locked, added } = openLocked();
    const results: readonly Outcome[] = [
      { status: "done", owned: null },
      { status: "failed", code: "refused" },
      { status: "unknown" },
    ];
    const recorded: JournalEntry = { entry: "recorded", ...of, result: results[0]! };
    for (const entry of [began("r1", 1), intent("r1", "a"), ...results.map(outcome), recorded, ended])
      await locked.append(entry);
    expect(added.map(({ title }) => title)).toEqual([
      "Run r1 began",
      "Begin: a",
      "Done: a",
      "Failed: a",
      "Uncertain: a",
      "Done: a",
      "Run r1 ended: stopped",
    ]);
  });
});

describe("a repair", () => {
  test("writes nothing where nothing is damaged", async () => {
    const whole = { "journal.ndjson": journalHead + journalLine(began("r1", 1)) };
    const { locked, written } = openLocked(whole);
    expect(await locked.repair()).toEqual([]);
    expect(written).toEqual([]);
  });

  test("puts aside what cannot be read, each under a name of its own, and keeps the lines that can", async () => {
    const [line, torn] = [journalLine(began("r1", 1)), "{\n"];
    const documents = {
      "inventory.json": "{",
      "ledger.json": "[]",
      "runs/r0.json": "7",
      "runs/notes.txt": "7",
      "journal.ndjson": journalHead + torn + line,
    };
    const { locked, written } = openLocked(documents);
    const time = "20261122T090000Z";
    const aside = (name: string) => `damaged/${time}-${name.replace("/", "-")}`;
    const found = (name: string) => ({ name, aside: `here/${aside(name)}` });
    expect(await locked.repair()).toEqual([
      found("inventory.json"),
      found("ledger.json"),
      found("runs/r0.json"),
      { ...found("journal.ndjson"), kept: 1 },
    ]);
    const gone = (name: keyof typeof documents) => [
      { name: aside(name), text: documents[name] },
      { name, text: null },
    ];
    expect(written).toEqual([
      [
        "Put damaged documents aside",
        [
          ...gone("inventory.json"),
          ...gone("ledger.json"),
          ...gone("runs/r0.json"),
          { name: aside("journal.ndjson"), text: documents["journal.ndjson"] },
          { name: "journal.ndjson", text: journalHead + line },
        ],
      ],
    ]);
  });

  test("leaves what a newer version wrote, and removes a journal of which no line can be read", async () => {
    const { locked, written } = openLocked({ "ledger.json": `{"version": 9}`, "journal.ndjson": "7\n" });
    expect(await locked.repair()).toMatchObject([{ name: "journal.ndjson", kept: 0 }]);
    expect(written[0]![1]).toContainEqual({ name: "journal.ndjson", text: null });
    expect(written[0]![1].map(({ name }) => name)).not.toContain("ledger.json");
  });
});
