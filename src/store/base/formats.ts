import type { Inventory } from "../../core/model/inventory.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import { isObject, parseJson, type Json } from "../../core/base/json.ts";
import type { Ledger } from "../../core/schedule/ledger.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import { isInventory, isLedger, isPlanRecord, isRunRecord, journalEntries } from "./check-state.ts";

/**
 * How one kind of document is stored. Version N and the one before it can be read; the first write under the lock rewrites an
 * older document and keeps a backup of it. A newer document is refused, since this program does not know what it means.
 */
export type Format<T> = {
  /** The kind of document in messages: `an inventory`. */
  readonly what: string;
  /** The version that is written. */
  readonly version: number;
  /** Checks that a document of this version has all members that its type says. */
  readonly isWhole: (value: { readonly [key: string]: unknown }) => boolean;
  /** Makes this version of the one before. Absent: there is no older version that could be read. */
  readonly migrate?: (older: { readonly [key: string]: unknown }) => { readonly [key: string]: unknown };
  /** Never set: it ties the type of the document to its format. */
  readonly type?: T;
};

/** A document as this version knows it. `isOlder`: the stored text is of the version before and has to be rewritten. */
export type Loaded<T> = { readonly value: T; readonly isOlder: boolean };

/** What this state owns. */
export const inventoryFormat: Format<Inventory> = {
  what: "an inventory",
  version: 2,
  isWhole: isInventory,
  // Version 1 did not say which file declared what: the next run that writes gives each entry its file.
  migrate: (older) => ({ ...older, ...dateCreations(older["pending"]), version: 2, files: {} }),
};

/** Version 1 noted that a creation was sent, without its time. It was long enough ago, since trueup was updated in between: time 0 says that. */
function dateCreations(pending: unknown): { readonly pending?: object } {
  if (!isObject(pending)) return {};
  const dated = Object.entries(pending).map(([address, one]): [string, unknown] => [
    address,
    isObject(one) && one["creation"] === true ? { ...one, creation: { at: 0 } } : one,
  ]);
  return { pending: Object.fromEntries(dated) };
}

/** The windows of the rate limits, as the last run knew them. */
export const ledgerFormat: Format<Ledger> = {
  what: "a ledger",
  version: 1,
  isWhole: isLedger,
};

/** What one run did, for `trueup runs`. */
export const runFormat: Format<RunRecord> = {
  what: "the record of a run",
  version: 1,
  isWhole: isRunRecord,
};

/** A plan that was shown on a pull request. */
export const planFormat: Format<PlanRecord> = {
  what: "the record of a plan",
  version: 1,
  isWhole: isPlanRecord,
};

/** Reads a document of a known format. Throws `state-damaged` or `state-newer`, with `place` in the message. */
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

/** The text of a document: indented by two spaces and with sorted keys, so that a diff in git shows only what changed. */
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
/** The first line of a journal, which says its version. */
export const journalHead = `${JSON.stringify({ entry: "journal", version: journalVersion })}\n`;

/**
 * Reads a journal: one JSON text per line. Version 1 has a first line of its own with the version (`journalHead`); version 0 had
 * none. The head may stand in a later line too: a holder that found the journal empty, and stood still past its lease before it
 * added its first entry, adds it with a head. A last line that is cut off is a write that did not finish, so the call that it was
 * to announce was not sent: it is left out. Any other line that cannot be read is damage (`state-damaged`).
 */
export function loadJournal(text: string, place: string): Loaded<readonly JournalEntry[]> {
  const lines = text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line !== "");
  const all = lines.map((line) => readJson(line, place));
  const versions = all.map(headVersion);
  if (versions.some((version) => (version ?? 0) > journalVersion)) throw tooNew(place);
  const own = all.filter((_, index) => versions[index] === undefined);
  for (const entry of own) checkEntry(entry, place);
  return { value: own as readonly JournalEntry[], isOlder: versions[0] === undefined && own.length > 0 };
}

/** The version that a head tells; of an entry `undefined`. */
function headVersion(entry: unknown): number | undefined {
  const version = isObject(entry) && entry["entry"] === "journal" ? entry["version"] : undefined;
  return typeof version === "number" ? version : undefined;
}

/** The entries of all lines of a damaged journal that can still be read. */
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
  // A head that tells no version.
  if (typeof word !== "string" || word === "journal") throw damaged(place, "a journal");
  const check = Object.hasOwn(journalEntries, word) ? journalEntries[word] : undefined;
  if (!check) throw tooNew(place);
  if (!check(entry)) throw damaged(place, "a journal");
}

/** The line of one entry, with its line break. */
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

/** The error for a document that a newer trueup wrote. */
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
