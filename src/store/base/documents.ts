import type { JournalEntry } from "../../core/run/journal.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import type { Documents } from "./backend.ts";
import { loadDocument, loadJournal, planFormat, runFormat, type Format } from "./formats.ts";

/** The names of a partition's own documents and folders. Other parts keep documents beside them (`KeptName`). */
export const documentNames = {
  inventory: "inventory.json",
  journal: "journal.ndjson",
  ledger: "ledger.json",
  runs: "runs",
  plans: "plans",
  backup: "backup",
} as const;

/** Where the record of a plan lies: one document for each plan of each commit of a pull request. */
export function planRecordName({ pullRequest, head, hash }: PlanRecord): string {
  return `${documentNames.plans}/${pullRequest}-${head.slice(0, 12)}-${hash.slice(0, 12)}.json`;
}

/** The entries of the journal, oldest first; none when there is no journal. Throws `state-damaged` for one that cannot be read. */
export async function readJournal(documents: Documents, place: string): Promise<readonly JournalEntry[]> {
  const text = await documents.text(documentNames.journal);
  return text === undefined ? [] : loadJournal(text, `${place}/${documentNames.journal}`).value;
}

/** The records of all runs that ended, in the order of their file names. Throws `state-damaged` for one that cannot be read. */
export function readRuns(documents: Documents, place: string): Promise<readonly RunRecord[]> {
  return readRecords(documents, place, documentNames.runs, runFormat);
}

/** The records of all plans that were shown on pull requests, likewise. */
export function readPlans(documents: Documents, place: string): Promise<readonly PlanRecord[]> {
  return readRecords(documents, place, documentNames.plans, planFormat);
}

async function readRecords<T>(
  documents: Documents,
  place: string,
  folder: string,
  format: Format<T>,
): Promise<readonly T[]> {
  const names = (await documents.names(folder)).filter((name) => name.endsWith(".json"));
  const records = names.map(async (name) => {
    const path = `${folder}/${name}`;
    const text = await documents.text(path);
    return text === undefined ? undefined : loadDocument(format, text, `${place}/${path}`).value;
  });
  return (await Promise.all(records)).filter((record) => record !== undefined);
}
