import type { Millis } from "../../core/model/budget.ts";
import type { Address, KindName } from "../../core/base/address.ts";
import { emptyInventory, type Inventory, type Owned } from "../../core/model/inventory.ts";
import { foldEntry, type JournalEntry } from "../../core/run/journal.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import type { Ledger } from "../../core/schedule/ledger.ts";
import { runsOf, type RunRecord } from "../../core/run/run-record.ts";
import { makeDigestKey, type DigestKey } from "../../core/base/digest.ts";
import type { World } from "../../world/world.ts";
import type { Backend, Documents } from "../base/backend.ts";
import { documentNames, planRecordName, readJournal, readPlans, readRuns } from "../base/documents.ts";
import { unwritten } from "../../core/guards/unwritten.ts";
import {
  documentText,
  inventoryFormat,
  ledgerFormat,
  loadDocument,
  tooNew,
  type Format,
} from "../base/formats.ts";
import { LeaseKeeper, locked, readClocks, timeSince } from "../base/lease.ts";
import { LockedPartition } from "./locked-partition.ts";
import { checkKey } from "../base/state-key.ts";
import type { Holder, KeptName, Lease, LockedStore, OwnedElsewhere, Store } from "../base/store.ts";

/** What every state is opened with, wherever it lies. */
export type PartitionOptions = {
  readonly world: World;
  /** TRUEUP_STATE_KEY; it is used instead of a key that the backend keeps. */
  readonly key?: string;
  /**
   * Whether this version manages the kind. A state that has objects of another kind was written by a newer trueup and is refused
   * (`state-newer`). Absent: any kind is accepted.
   */
  readonly knowsKind?: (kind: KindName) => boolean;
};

/** The state of one label over any backend. Nothing is read or written before a method is called. */
export function openPartition(backend: Backend, options: PartitionOptions): Store {
  return new Partition(backend, options);
}

/** One partition of a backend: formats, versions, guards and the clocks of the lease, the same for all backends. */
class Partition implements Store {
  readonly place: string;
  readonly #backend: Backend;
  readonly #options: PartitionOptions;
  /** The read that is under way: reads that are asked for at the same time share it, and see the same state. */
  #reading: Promise<Documents> | undefined;
  #locked: LockedPartition | undefined;

  constructor(backend: Backend, options: PartitionOptions) {
    this.place = backend.place;
    this.#backend = backend;
    this.#options = options;
  }

  async inventory(): Promise<Inventory | undefined> {
    const inventory = await this.#load(documentNames.inventory, inventoryFormat);
    const kinds = Object.values(inventory?.resources ?? {}).map(({ kind }) => kind);
    this.#requireKnown(kinds, documentNames.inventory);
    return inventory;
  }

  ledger(): Promise<Ledger | undefined> {
    return this.#load(documentNames.ledger, ledgerFormat);
  }

  async journal(): Promise<readonly JournalEntry[]> {
    const entries = await readJournal(await this.#documents(), this.place);
    const kinds = entries.flatMap((entry) => (entry.entry === "intent" ? [entry.kind] : []));
    this.#requireKnown(kinds, documentNames.journal);
    return entries;
  }

  async runs(): Promise<readonly RunRecord[]> {
    const documents = await this.#documents();
    const kept = await readRuns(documents, this.place);
    const known = new Set(kept.map((one) => one.run));
    const told = runsOf(await readJournal(documents, this.place)).filter((one) => !known.has(one.run));
    return [...kept, ...told].sort((a, b) => (a.began < b.began ? 1 : -1));
  }

  async plans(): Promise<readonly PlanRecord[]> {
    return readPlans(await this.#documents(), this.place);
  }

  async recordPlan(record: PlanRecord): Promise<void> {
    const title = `Plan ${record.hash.slice(0, 12)} of pull request ${record.pullRequest}`;
    await this.#backend.add(planRecordName(record), documentText(record), title).catch((error: unknown) => {
      throw unwritten(error, this.place);
    });
  }

  async kept(name: KeptName): Promise<string | undefined> {
    return (await this.#documents()).text(name);
  }

  async ownedElsewhere(): Promise<readonly OwnedElsewhere[]> {
    const neighbours = await this.#backend.neighbours();
    const owned = neighbours.map(async ({ label, place, documents }) => {
      const { inventory: name } = documentNames;
      const text = await documents.text(name);
      const stored =
        text === undefined ? undefined : loadDocument(inventoryFormat, text, `${place}/${name}`).value;
      const { resources } = (await readJournal(documents, place)).reduce(
        foldEntry,
        stored ?? emptyInventory(""),
      );
      return (Object.entries(resources) as [Address, Owned][]).map(([address, { kind, id }]) => ({
        label,
        address,
        kind,
        id,
      }));
    });
    return (await Promise.all(owned)).flat();
  }

  async key(): Promise<DigestKey | undefined> {
    const given = this.#options.key;
    const hex = given === undefined ? await this.#backend.key() : checkKey(given, "TRUEUP_STATE_KEY");
    return hex === undefined ? undefined : makeDigestKey(hex);
  }

  lease(): Promise<Lease | undefined> {
    return this.#backend.lease();
  }

  breakLock(): Promise<Lease | undefined> {
    return this.#backend.breakLock();
  }

  async lock(holder: Holder, { timeout = 0 }: { readonly timeout?: Millis } = {}): Promise<LockedStore> {
    const { world } = this.#options;
    const began = readClocks(world);
    for (;;) {
      const since = readClocks(world);
      const attempt = await this.#backend.tryLock(holder).catch((error: unknown) => {
        throw unwritten(error, this.place);
      });
      if (attempt.taken) {
        const keeper = new LeaseKeeper(world, attempt.hold, since);
        const released = (): void => void (this.#locked = undefined);
        this.#locked = new LockedPartition({
          backend: this.#backend,
          hold: attempt.hold,
          keeper,
          world,
          place: this.place,
          released,
        });
        return this.#locked;
      }
      const left = timeout - timeSince(world, began);
      if (left <= 0 || world.stop.aborted) throw locked(attempt.lease);
      await world.sleep(Math.min(left, this.#backend.patience * (0.5 + world.random())));
    }
  }

  #requireKnown(kinds: readonly KindName[], name: string): void {
    const { knowsKind } = this.#options;
    if (knowsKind && !kinds.every(knowsKind)) throw tooNew(`${this.place}/${name}`);
  }

  async #load<T>(name: string, format: Format<T>): Promise<T | undefined> {
    const text = await (await this.#documents()).text(name);
    return text === undefined ? undefined : loadDocument(format, text, `${this.place}/${name}`).value;
  }

  #documents(): Promise<Documents> {
    if (this.#locked) return Promise.resolve(this.#locked.documents);
    this.#reading ??= this.#backend.read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }
}
