import type { Inventory } from "../core/inventory.ts";
import type { JournalEntry } from "../core/journal.ts";
import { isObject, type Json } from "../core/json.ts";
import type { Ledger } from "../core/ledger.ts";
import { problem, ProblemError } from "../core/problem.ts";
import type { RunRecord } from "../core/run-record.ts";

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
  isWhole: (value) =>
    typeof value["lineage"] === "string" &&
    Number.isSafeInteger(value["serial"]) &&
    isObject(value["resources"]) &&
    isObject(value["files"]),
  // Version 1 did not say which file declared what: the next run that writes gives each entry its file.
  migrate: (older) => ({ ...older, version: 2, files: {} }),
};

export const ledgerFormat: Format<Ledger> = {
  what: "a ledger",
  version: 1,
  isWhole: (value) => isObject(value["windows"]),
};

export const runFormat: Format<RunRecord> = {
  what: "the record of a run",
  version: 1,
  isWhole: (value) => typeof value["run"] === "string" && Array.isArray(value["steps"]),
};

/** Reads a document of a known format; throws a `ProblemError` that names the place. */
export function loadDocument<T>(format: Format<T>, text: string, place: string): Loaded<T> {
  const value = parseJson(text, place);
  const found = isObject(value) ? value["version"] : undefined;
  if (!isObject(value) || typeof found !== "number") throw unreadable(place, format.what);
  if (found > format.version) throw tooNew(place);
  const isOlder = found === format.version - 1;
  const current = isOlder ? format.migrate?.(value) : value;
  if (!current || current["version"] !== format.version || !format.isWhole(current))
    throw unreadable(place, format.what);
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
  const entries = lines.map((line) => parseJson(line, place));
  const [head] = entries;
  const version = isObject(head) && head["entry"] === "journal" ? head["version"] : undefined;
  if (typeof version === "number" && version > journalVersion) throw tooNew(place);
  const own = version === undefined ? entries : entries.slice(1);
  if (!own.every((entry) => isObject(entry) && typeof entry["entry"] === "string"))
    throw unreadable(place, "a journal");
  return { value: own as readonly JournalEntry[], isOlder: version === undefined && own.length > 0 };
}

export function journalLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ProblemError(
      [
        problem(
          "error",
          "state-unreadable",
          `${place} cannot be read: it is not JSON.`,
          "Restore it from a backup.",
        ),
      ],
      { cause: error },
    );
  }
}

function unreadable(place: string, what: string): ProblemError {
  const remedy =
    what === "an inventory"
      ? "Restore it from a backup, or delete it: the next plan then adopts everything by name."
      : "Restore it from a backup, or delete it.";
  return new ProblemError([
    problem("error", "state-unreadable", `${place} is not ${what} of trueup.`, remedy),
  ]);
}

function tooNew(place: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "state-newer",
      `${place} was written by a newer trueup.`,
      "Use that version of trueup or a newer one.",
    ),
  ]);
}
