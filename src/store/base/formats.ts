import type { Inventory } from "../../core/model/inventory.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import { isObject, parseJson, type Json } from "../../core/base/json.ts";
import type { Ledger } from "../../core/schedule/ledger.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import { isInventory, isLedger, isRunRecord, journalEntries } from "./check-state.ts";

/**
 * How one kind of document is kept. Versions N and N-1 are read; the older one is rewritten with the first locked write,
 * beside a backup; a newer one is refused, because what it says cannot be judged.
 */
export type Format<T> = {
  /** `an inventory`, for messages. */
  readonly what: string;
  readonly version: number;
  readonly isWhole: (value: { readonly [key: string]: unknown }) => boolean;
  /** From the version before to this one. Absent: there was none. */
  readonly migrate?: (older: { readonly [key: string]: unknown }) => { readonly [key: string]: unknown };
  /** Names the document in its type only. */
  readonly type?: T;
};

export type Loaded<T> = { readonly value: T; readonly isOlder: boolean };

export const inventoryFormat: Format<Inventory> = {
  what: "an inventory",
  version: 2,
  isWhole: isInventory,
  // Version 1 did not say which file declared what: the next run that writes gives each entry its file.
  migrate: (older) => ({ ...older, ...dateCreations(older["pending"]), version: 2, files: {} }),
};

/** Version 1 noted that a creation was sent and not when: long enough ago, since another program was put in place meanwhile. */
function dateCreations(pending: unknown): { readonly pending?: object } {
  if (!isObject(pending)) return {};
  const dated = Object.entries(pending).map(([address, one]): [string, unknown] => [
    address,
    isObject(one) && one["creation"] === true ? { ...one, creation: { at: 0 } } : one,
  ]);
  return { pending: Object.fromEntries(dated) };
}

export const ledgerFormat: Format<Ledger> = {
  what: "a ledger",
  version: 1,
  isWhole: isLedger,
};

export const runFormat: Format<RunRecord> = {
  what: "the record of a run",
  version: 1,
  isWhole: isRunRecord,
};

/** Reads a document of a known format; throws a `ProblemError` that names the place. */
export function loadDocument<T>(format: Format<T>, text: string, place: string): Loaded<T> {
  const value = readJson(text, place);
  const found = isObject(value) ? value["version"] : undefined;
  if (!isObject(value) || typeof found !== "number") throw damaged(place, format.what);
  if (found > format.version) throw tooNew(place);
  const isOlder = found === format.version - 1;
  const current = isOlder ? format.migrate?.(value) : value;
  if (!current || current["version"] !== format.version || !format.isWhole(current))
    throw damaged(place, format.what);
  return { value: current as unknown as T, isOlder };
}

/** Two spaces deep with sorted keys, so that a state in git shows what changed and nothing else. */
export function documentText(value: object): string {
  return `${JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value)) as Json), null, 2)}\n`;
}

function sortKeys(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => sortKeys(item as Json));
  const sorted = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return Object.fromEntries(sorted.map(([key, member]) => [key, sortKeys(member)]));
}

const journalVersion = 1;
export const journalHead = `${JSON.stringify({ entry: "journal", version: journalVersion })}\n`;

/**
 * One JSON text per line. Version 1 says so in a first line of its own, version 0 had none. A torn last line is a write
 * that never finished, and so nothing that was announced; a torn line elsewhere is damage.
 */
export function loadJournal(text: string, place: string): Loaded<readonly JournalEntry[]> {
  const lines = text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line !== "");
  const entries = lines.map((line) => readJson(line, place));
  const [head] = entries;
  const version = isObject(head) && head["entry"] === "journal" ? head["version"] : undefined;
  if (typeof version === "number" && version > journalVersion) throw tooNew(place);
  const own = version === undefined ? entries : entries.slice(1);
  for (const entry of own) checkEntry(entry, place);
  return { value: own as readonly JournalEntry[], isOlder: version === undefined && own.length > 0 };
}

/** The lines of a damaged journal that can be read, each for itself. */
export function salvageJournal(text: string): readonly JournalEntry[] {
  return text.split("\n").flatMap((line) => {
    try {
      const entry = parseJson(line);
      checkEntry(entry, "");
      return isObject(entry) ? [entry as unknown as JournalEntry] : [];
    } catch {
      return [];
    }
  });
}

function checkEntry(entry: unknown, place: string): void {
  const word = isObject(entry) ? entry["entry"] : undefined;
  // Its head stands in the first line only, and says its version.
  if (typeof word !== "string" || word === "journal") throw damaged(place, "a journal");
  const check = Object.hasOwn(journalEntries, word) ? journalEntries[word] : undefined;
  if (!check) throw tooNew(place);
  if (!check(entry)) throw damaged(place, "a journal");
}

export function journalLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function readJson(text: string, place: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw damaged(place, "JSON", error);
  }
}

function damaged(place: string, what: string, cause?: unknown): ProblemError {
  const remedy =
    "Restore it from a backup, or let trueup state repair put it aside under another name: what can be read of a journal is kept, and after a damaged inventory the next apply --adopt takes everything by name.";
  return new ProblemError(
    [problem("error", "state-damaged", `${place} is damaged: it is not ${what} that trueup wrote.`, remedy)],
    { cause },
  );
}

export function tooNew(place: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "state-newer",
      `${place} was written by a newer trueup.`,
      "Use that version of trueup or a newer one.",
    ),
  ]);
}
