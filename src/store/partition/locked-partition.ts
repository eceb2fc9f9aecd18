import type { Inventory } from "../../core/model/inventory.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import type { Ledger } from "../../core/schedule/ledger.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { unwritten } from "../../core/guards/unwritten.ts";
import { runsOf, type RunRecord } from "../../core/run/run-record.ts";
import { makeDigestKey, type DigestKey } from "../../core/base/digest.ts";
import type { World } from "../../world/world.ts";
import type { Backend, Change, Documents, Hold } from "../base/backend.ts";
import { documentNames, planRecordName, readJournal, readPlans, readRuns } from "../base/documents.ts";
import {
  documentText,
  inventoryFormat,
  journalHead,
  journalLine,
  ledgerFormat,
  loadDocument,
  loadJournal,
  type Format,
} from "../base/formats.ts";
import type { LeaseKeeper } from "../base/lease.ts";
import { findDamage } from "../base/repair.ts";
import type { KeptName, LockedStore, Repaired } from "../base/store.ts";

/** What a partition under its lock is made from. */
export type LockedOptions = {
  readonly backend: Backend;
  readonly hold: Hold;
  readonly keeper: LeaseKeeper;
  readonly world: World;
  /** The folder or the branch, as it is shown to people. */
  readonly place: string;
  /** Called when the lock is given back. */
  readonly released: () => void;
};

const recordsAreKeptFor = 90 * 24 * 3_600_000;

/** A partition under its lock. Each write checks the lease first, and the first write brings documents of an older version up to date. */
export class LockedPartition implements LockedStore {
  readonly documents: Documents;
  readonly #options: LockedOptions;
  #ledger: Ledger | undefined;
  #upToDate: Promise<void> | undefined;
  #hasHead: boolean | undefined;

  constructor(options: LockedOptions) {
    this.documents = options.hold.documents;
    this.#options = options;
  }

  async makeKey(hex: string): Promise<DigestKey> {
    await this.hold();
    await this.#written(() => this.#options.backend.makeKey(hex));
    return makeDigestKey(hex);
  }

  append(entry: JournalEntry): Promise<void> {
    return this.#written(() => this.#append(entry));
  }

  async #append(entry: JournalEntry): Promise<void> {
    await this.#prepare();
    const head = this.#hasHead ? "" : journalHead;
    this.#hasHead = true;
    await this.#options.hold.append({
      name: documentNames.journal,
      lines: head + journalLine(entry),
      durable: entry.entry === "intent",
      title: describeEntry(entry),
      also: this.#ledgerChanges(),
    });
  }

  commit(inventory: Inventory, run?: RunRecord): Promise<Inventory> {
    return this.#written(() => this.#commit(inventory, run));
  }

  async #commit(inventory: Inventory, run: RunRecord | undefined): Promise<Inventory> {
    await this.#prepare();
    const place = `${this.#options.place}/${documentNames.inventory}`;
    const text = await this.documents.text(documentNames.inventory);
    const stored = text === undefined ? undefined : loadDocument(inventoryFormat, text, place).value;
    if (stored && (stored.lineage !== inventory.lineage || stored.serial !== inventory.serial))
      throw moved(place);
    const next: Inventory = { ...inventory, serial: inventory.serial + 1 };
    const changes = [
      ...(await this.#runChanges(run)),
      ...(await this.#oldPlans()),
      ...this.#ledgerChanges(),
      { name: documentNames.inventory, text: documentText(next) },
      { name: documentNames.journal, text: null },
    ];
    await this.#options.hold.write(
      changes,
      `Inventory ${next.serial}${run ? `, run ${run.run}: ${run.verdict}` : ""}`,
    );
    this.#hasHead = false;
    return next;
  }

  keepLedger(ledger: Ledger): void {
    this.#ledger = ledger;
  }

  keep(name: KeptName, text: string | null): Promise<void> {
    return this.#written(async () => {
      await this.#prepare();
      await this.#options.hold.write(
        [...this.#ledgerChanges(), { name, text }],
        `${text === null ? "Remove" : "Keep"} ${name}`,
      );
    });
  }

  async #written<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      throw unwritten(error, this.#options.place);
    }
  }

  /** Does not bring documents up to date first, as other writes do: that needs documents that can be read. */
  async repair(): Promise<readonly Repaired[]> {
    await this.hold();
    const { place, world, hold } = this.#options;
    const { found, changes } = await findDamage(this.documents, place, world.now());
    if (changes.length > 0) await hold.write(changes, "Put damaged documents aside");
    return found;
  }

  hold(): Promise<void> {
    return this.#options.keeper.check();
  }

  async unlock(): Promise<void> {
    this.#options.released();
    await this.#options.hold.release();
  }

  async #prepare(): Promise<void> {
    await this.hold();
    this.#upToDate ??= this.#bringUpToDate();
    await this.#upToDate;
  }

  /** Throws for newer documents, and rewrites older ones, each with a backup of what it was. */
  async #bringUpToDate(): Promise<void> {
    const changes = [
      ...(await this.#migration(documentNames.inventory, inventoryFormat)),
      ...(await this.#migration(documentNames.ledger, ledgerFormat)),
      ...(await this.#journalMigration()),
    ];
    if (changes.length > 0)
      await this.#options.hold.write(changes, "Bring documents of an older version up to date");
    this.#hasHead = ((await this.documents.text(documentNames.journal)) ?? "") !== "";
  }

  async #migration<T extends object>(name: string, format: Format<T>): Promise<readonly Change[]> {
    const text = await this.documents.text(name);
    if (text === undefined) return [];
    const { value, isOlder } = loadDocument(format, text, `${this.#options.place}/${name}`);
    return isOlder ? [backupOf(name, format.version - 1, text), { name, text: documentText(value) }] : [];
  }

  async #journalMigration(): Promise<readonly Change[]> {
    const name = documentNames.journal;
    const text = await this.documents.text(name);
    if (text === undefined) return [];
    const { value, isOlder } = loadJournal(text, `${this.#options.place}/${name}`);
    const isTorn = !text.endsWith("\n");
    if ((!isOlder && !isTorn) || text === "") return [];
    const whole = journalHead + value.map((entry) => journalLine(entry)).join("");
    return [...(isOlder ? [backupOf(name, 0, text)] : []), { name, text: whole }];
  }

  #ledgerChanges(): readonly Change[] {
    const ledger = this.#ledger;
    this.#ledger = undefined;
    return ledger ? [{ name: documentNames.ledger, text: documentText(ledger) }] : [];
  }

  /** The record of this run and of killed runs, which only the journal tells of; records older than 90 days are removed. */
  async #runChanges(run: RunRecord | undefined): Promise<readonly Change[]> {
    const { place } = this.#options;
    const kept = await readRuns(this.documents, place);
    const known = new Set([...kept.map((one) => one.run), ...(run ? [run.run] : [])]);
    const killed = runsOf(await readJournal(this.documents, place)).filter((one) => !known.has(one.run));
    const passed = kept.filter((one) => one.began < this.#oldestKept());
    return [
      ...[...killed, ...(run ? [run] : [])].map((one) => ({ name: nameOf(one), text: documentText(one) })),
      ...passed.map((one) => ({ name: nameOf(one), text: null })),
    ];
  }

  /** Records of plans on pull requests, once they are older than 90 days. A damaged one stays: it stops no apply. */
  async #oldPlans(): Promise<readonly Change[]> {
    const kept = await readPlans(this.documents, this.#options.place).catch(() => []);
    return kept
      .filter((one) => one.at < this.#oldestKept())
      .map((one) => ({ name: planRecordName(one), text: null }));
  }

  /** ISO 8601. */
  #oldestKept(): string {
    return new Date(this.#options.world.now() - recordsAreKeptFor).toISOString();
  }
}

function nameOf(record: RunRecord): string {
  return `${documentNames.runs}/${encodeURIComponent(record.run)}.json`;
}

function backupOf(name: string, version: number, text: string): Change {
  return { name: `${documentNames.backup}/${name}.version-${version}`, text };
}

/** A journal entry in a few words, as the title of a commit on the state branch. */
function describeEntry(entry: JournalEntry): string {
  switch (entry.entry) {
    case "run-began":
      return `Run ${entry.run} began`;
    case "intent":
      return `Begin: ${entry.step}`;
    case "outcome":
    case "recorded":
      return `${entry.result.status === "done" ? "Done" : entry.result.status === "failed" ? "Failed" : "Uncertain"}: ${entry.step}`;
    case "run-ended":
      return `Run ${entry.run} ended: ${entry.verdict}`;
    default:
      return entry satisfies never;
  }
}

function moved(path: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "state-moved",
      `${path} was changed by somebody else during this run.`,
      "The journal holds what this run did; run again to take it up.",
    ),
  ]);
}
