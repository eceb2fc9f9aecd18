import type { JournalEntry } from "../../core/run/journal.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import type { Documents } from "./backend.ts";
import { loadDocument, loadJournal, runFormat } from "./formats.ts";

/** The names of a partition's own documents and folders. Other parts keep documents beside them (`KeptName`). */
export const documentNames = {
  inventory: "inventory.json",
  journal: "journal.ndjson",
  ledger: "ledger.json",
  runs: "runs",
  backup: "backup",
} as const;

/** The entries of the journal, oldest first; none when there is no journal. Throws `state-damaged` for one that cannot be read. */
export async function readJournal(documents: Documents, place: string): Promise<readonly JournalEntry[]> {
  const text = await documents.text(documentNames.journal);
  return text === undefined ? [] : loadJournal(text, `${place}/${documentNames.journal}`).value;
}

/** The records of all runs that ended, in the order of their file names. Throws `state-damaged` for one that cannot be read. */
export async function readRuns(documents: Documents, place: string): Promise<readonly RunRecord[]> {
  const names = (await documents.names(documentNames.runs)).filter((name) => name.endsWith(".json"));
  const records = names.map(async (name) => {
    const path = `${documentNames.runs}/${name}`;
    const text = await documents.text(path);
    return text === undefined ? undefined : loadDocument(runFormat, text, `${place}/${path}`).value;
  });
  return (await Promise.all(records)).filter((record) => record !== undefined);
}
