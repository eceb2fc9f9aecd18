import type { Millis } from "../../core/model/budget.ts";
import { ProblemError } from "../../core/base/problem.ts";
import type { Change, Documents } from "./backend.ts";
import { documentNames } from "./documents.ts";
import {
  inventoryFormat,
  journalHead,
  journalLine,
  ledgerFormat,
  loadDocument,
  loadJournal,
  runFormat,
  salvageJournal,
} from "./formats.ts";
import type { Repaired } from "./store.ts";

/**
 * Finds what `state repair` has to do: each document that cannot be read moves, as it is, to `damaged/TIME-NAME`. trueup can do
 * without each of them: without a ledger a run learns the limits from the answers, without the record of a run the history is
 * shorter, and without an inventory the next `apply --adopt` takes everything by name. Of a damaged journal all lines that can be
 * read stay, since each may be an intent that has to be settled. A document of a newer version is not damaged and stays.
 */
export async function findDamage(
  documents: Documents,
  place: string,
  now: Millis,
): Promise<{ readonly found: readonly Repaired[]; readonly changes: readonly Change[] }> {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/gu, "");
  const { inventory, ledger, journal, runs } = documentNames;
  const names = (await documents.names(runs)).filter((name) => name.endsWith(".json"));
  const formats = [
    [inventory, inventoryFormat],
    [ledger, ledgerFormat],
    ...names.map((name) => [`${runs}/${name}`, runFormat] as const),
  ] as const;
  const found: Repaired[] = [];
  const changes: Change[] = [];
  const examine = async (name: string, load: (text: string) => unknown): Promise<string | undefined> => {
    const text = await documents.text(name);
    if (text === undefined || !isDamaged(() => load(text))) return undefined;
    const aside = `damaged/${time}-${name.replaceAll("/", "-")}`;
    changes.push({ name: aside, text });
    found.push({ name, aside: `${place}/${aside}` });
    return text;
  };
  for (const [name, format] of formats) {
    const isAway = await examine(name, (text) => loadDocument<unknown>(format, text, name));
    if (isAway !== undefined) changes.push({ name, text: null });
  }
  const torn = await examine(journal, (text) => loadJournal(text, journal));
  if (torn !== undefined) {
    const entries = salvageJournal(torn);
    found.push({ ...found.pop()!, kept: entries.length });
    const text = journalHead + entries.map((entry) => journalLine(entry)).join("");
    changes.push({ name: journal, text: entries.length === 0 ? null : text });
  }
  return { found, changes };
}

function isDamaged(load: () => unknown): boolean {
  try {
    load();
    return false;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.some(({ code }) => code === "state-damaged");
    throw error;
  }
}
