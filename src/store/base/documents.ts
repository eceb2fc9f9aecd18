import type { JournalEntry } from "../../core/run/journal.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import type { Documents } from "./backend.ts";
import { loadDocument, loadJournal, runFormat } from "./formats.ts";

/** What a partition consists of, beside what others keep in it. */
export const documentNames = {
  inventory: "inventory.json",
  journal: "journal.ndjson",
  ledger: "ledger.json",
  runs: "runs",
  backup: "backup",
} as const;

export async function readJournal(documents: Documents, place: string): Promise<readonly JournalEntry[]> {
  const text = await documents.text(documentNames.journal);
  return text === undefined ? [] : loadJournal(text, `${place}/${documentNames.journal}`).value;
}

export async function readRuns(documents: Documents, place: string): Promise<readonly RunRecord[]> {
  const names = (await documents.names(documentNames.runs)).filter((name) => name.endsWith(".json"));
  const records = names.map(async (name) => {
    const path = `${documentNames.runs}/${name}`;
    const text = await documents.text(path);
    return text === undefined ? undefined : loadDocument(runFormat, text, `${place}/${path}`).value;
  });
  return (await Promise.all(records)).filter((record) => record !== undefined);
}
