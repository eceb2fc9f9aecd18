import { dirname, join } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { World } from "../../world/world.ts";
import type { Addition, Attempt, Backend, Change, Documents, Hold } from "../base/backend.ts";
import { documentNames } from "../base/documents.ts";
import {
  appendDurably,
  documentsIn,
  isCode,
  listNeighbours,
  makeDurably,
  readIfThere,
  removeConfirmed,
  removeIfThere,
  writeDurably,
} from "./durable-file.ts";
import { FileLock, readLease } from "./file-lock.ts";
import { lockLost } from "../base/lease.ts";
import { partitionFolder } from "../partition/partition-folder.ts";
import { openPartition, type PartitionOptions } from "../partition/partition.ts";
import type { StateFolder } from "./state-folder.ts";
import { checkKey } from "../base/state-key.ts";
import type { Holder, Store } from "../base/store.ts";
import { sweepStaged, sweepTemporaries } from "../base/temporary.ts";

/**
 * State in a folder beside the file: `<label>/inventory.json` (may be committed), `<label>/journal.ndjson` and
 * `<label>/lock` (never), and `key` for all labels (0600, never). Every write is to a temporary file, synced, then renamed.
 */
export function openFileStore(place: StateFolder, label: string, options: PartitionOptions): Store {
  return openPartition(fileBackend(place, label, options.world), options);
}

/** Milliseconds between two looks at the lock: short, since a run on this machine may end at any moment, and a look costs nothing. */
const patience = 1_000;

function fileBackend(place: StateFolder, label: string, world: World): Backend {
  const folder = place.path;
  const partition = join(folder, partitionFolder(label));
  const inner = (name = ""): string => join(partitionFolder(label), dirname(name));
  const lockPath = join(partition, "lock");
  const keyPath = join(folder, "key");
  const documents = checkedDocuments(partition, (name) => place.check(inner(name)));
  return {
    place: partition,
    patience,
    read: () => Promise.resolve(documents),
    async neighbours() {
      await place.check("");
      return (await listNeighbours(folder, partitionFolder(label))).map((one) => ({
        label: one.label,
        place: one.folder,
        documents: documentsIn(one.folder),
      }));
    },
    async lease() {
      await place.check(inner());
      return readLease(lockPath);
    },
    async tryLock(holder: Holder): Promise<Attempt> {
      await place.prepare(inner());
      const lock = await FileLock.take(lockPath, holder, world.now);
      if (!(lock instanceof FileLock)) return { taken: false, lease: lock };
      await writeIgnoreFile(folder, place.isScratch ? ["*"] : ignored);
      await sweepStaged(partition);
      const { runs, plans } = documentNames;
      for (const swept of [folder, partition, join(partition, runs), join(partition, plans)])
        await sweepTemporaries(swept);
      const prepare = (name: string): Promise<void> => place.prepare(inner(name));
      return { taken: true, hold: holdOf(partition, documents, lock, prepare) };
    },
    async breakLock() {
      await place.check(inner());
      const lease = await readLease(lockPath);
      await removeIfThere(lockPath);
      return lease;
    },
    async add(name, text) {
      await place.prepare(inner(name));
      await writeIgnoreFile(folder, place.isScratch ? ["*"] : ignored);
      await makeDurably(join(partition, name), text, modeOf(name));
    },
    async key() {
      await place.check("");
      const text = await readIfThere(keyPath);
      return text === undefined ? undefined : checkKey(text, keyPath);
    },
    async makeKey(hex) {
      await place.check("");
      if (!(await makeDurably(keyPath, `${hex}\n`, 0o600))) throw keyMade(keyPath);
    },
  };
}

/** Documents that are read only after a check that no folder on the way to them is a link. */
function checkedDocuments(partition: string, check: (name: string) => Promise<void>): Documents {
  const documents = documentsIn(partition);
  return {
    text: async (name) => {
      await check(name);
      return documents.text(name);
    },
    names: async (folder) => {
      await check(join(folder, "any"));
      return documents.names(folder);
    },
  };
}

/**
 * One write at a time, in the order in which they were asked for.
 *
 * A process may stand still for longer than its lease between any two of its steps, and then go on. So no check of the lock
 * helps that comes before a write; these do, whatever happens between:
 *
 *   write    stages a new file, checks the lock, renames it; the next holder first removes what is staged (`sweepStaged`),
 *            so that a rename that comes too late finds nothing to rename; where such a removal itself comes too late, the
 *            holder that it hits stages once more
 *   append   opens the file, checks, adds its lines, checks again: a line that came too late tells of a call that is not sent,
 *            or of one that was sent in time
 *   removal  takes the file aside, checks, and puts it back where the lock is another's; one that came too late hides that one's
 *            file for a moment
 *   journal  is emptied and not removed, so that no reader finds it missing for a moment
 */
function holdOf(
  partition: string,
  documents: Documents,
  lock: FileLock,
  prepare: (name: string) => Promise<void>,
): Hold {
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const check = (): Promise<void> => lock.check();
  const write = async (changes: readonly Change[]): Promise<void> => {
    for (const { name, text } of changes) {
      await prepare(name);
      const path = join(partition, name);
      const next = name === documentNames.journal ? (text ?? "") : text;
      if (next !== null) await untilStaged(() => writeDurably(path, next, modeOf(name), check), check);
      else {
        await check();
        await removeConfirmed(path, check);
      }
    }
  };
  return {
    documents,
    write: (changes) => inTurn(() => write(changes)),
    append: ({ name, lines, also }: Addition) =>
      inTurn(async () => {
        await prepare(name);
        await untilStaged(() => appendDurably(join(partition, name), lines, modeOf(name), check), check);
        await write(also);
      }),
    renew: () => lock.beat(),
    release: () => lock.release(),
  };
}

/** All labels share the key, but each has its own lock, so two runs may make a key at once: the first one counts, and the second stops. */
function keyMade(path: string): ProblemError {
  const message = `Another run made ${path} meanwhile, and this one has planned with a key of its own.`;
  return new ProblemError([problem("error", "state-moved", message, "Run again.")]);
}

/** So many holders of before would have to wake up, one after the other, in one write. */
const mostSwept = 10;

/**
 * Runs a write. When its temporary file is missing at the rename, somebody swept it: the next holder of the lock, and then the lock
 * is lost; or one of before, which stood still while it took the lock and goes on now, and then the file is staged again.
 */
async function untilStaged(work: () => Promise<void>, check: () => Promise<void>): Promise<void> {
  for (let swept = 1; ; swept += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isCode(error, "ENOENT")) throw error;
      await check();
      if (swept === mostSwept) throw lockLost("its files are removed again and again", error);
    }
  }
}

/** The inventory is made to be read by people and may be committed; all other documents can be read by their owner only. */
function modeOf(name: string): number {
  return name === documentNames.inventory ? 0o644 : 0o600;
}

/**
 * What git must not take: all but the inventory, and values that are sealed for those who may open them. An approved plan
 * counts only beside the journal of its run. The checkout has a copy, `state/.gitignore`.
 */
const ignored = [
  "key",
  "*/journal.ndjson",
  "*/ledger.json",
  "*/plan.json",
  "*/plans/",
  "*/lock*",
  "*/runs/",
  "*/backup/",
  "*/damaged/",
  "*.temporary",
  ".simulator/",
];

async function writeIgnoreFile(folder: string, lines: readonly string[]): Promise<void> {
  const path = join(folder, ".gitignore");
  if ((await readIfThere(path)) === undefined) await writeDurably(path, `${lines.join("\n")}\n`, 0o644);
}
