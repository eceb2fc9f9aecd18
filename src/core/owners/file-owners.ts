import type { Address } from "../base/address.ts";
import type { FileId } from "../model/file-identity.ts";
import type { FileRecord, FileRecords, Inventory, Owned, Pending } from "../model/inventory.ts";

/**
 * A file deletes only what it declared itself (product page, section 4). The inventory says of each entry which file last
 * declared it; here a run learns which entries are its own, and which it leaves untouched.
 *
 * ```
 * apply -f a.yaml      owns  api (a.yaml), main (a.yaml)
 * apply -f b.yaml      own   site (b.yaml)              aside  api, main: a.yaml is there and was not given
 * ```
 *
 * What is set aside takes no part in the run: no diff, no guard, no count. It is put back when the inventory is written.
 */
export type Aside = {
  readonly resources: Inventory["resources"];
  readonly pending: { readonly [address: Address]: Pending };
};

/**
 * What became of a file that a run was not given.
 *
 * - `exists`: it is there.
 * - `gone`: it is not there any more.
 * - `lost`: it is not there, and without the history it cannot be told whether it was deleted or renamed.
 * - `elsewhere`: it is of another repository, or known by `--file-id` alone, so that it cannot be looked at. `isKin`: that
 *   repository has the same history as this one, as after a move to another host.
 */
export type FileLook =
  | { readonly look: "exists" | "gone" | "lost" }
  | { readonly look: "elsewhere"; readonly isKin: boolean };

/** What is known of the files of a run, and of those that it was not given. */
export type OwnersInput = {
  readonly inventory: Inventory;
  /** By address, the given file that declares it. */
  readonly declared: ReadonlyMap<Address, FileId>;
  readonly given: ReadonlySet<FileId>;
  /** What became of each file that owns something and was not given. */
  readonly looks: ReadonlyMap<FileId, FileLook>;
  /** Whether a file that exists still declares an address, as far as it can be read. */
  readonly declares: (file: FileId, address: Address) => boolean;
  /**
   * By address, a file that was not given and declares now what the given ones would drop: its block moved there, or an older
   * inventory does not say which file it belongs to.
   */
  readonly takers: ReadonlyMap<Address, FileId>;
  /** The same, where without the history it cannot be told whether the block moved there or was always there. */
  readonly unclear: ReadonlyMap<Address, FileId>;
};

/** Why an entry is left untouched. */
export type Untouched = "not-given" | "moved" | "unclear" | "gone" | "lost" | "elsewhere";

/** The inventory, split into what a run is about and what it leaves untouched. */
export type Owners = {
  /** What the run is about, each entry with the file that declares it now. */
  readonly own: Inventory;
  /** What it leaves untouched. */
  readonly aside: Aside;
  /** By address of all that is aside, the file that last declared it or may have it by now. */
  readonly untouched: ReadonlyMap<Address, { readonly file: FileId; readonly why: Untouched }>;
  /** What a given file declares, and another file too, which was the last to do so. `isUnseen`: that one cannot be looked at. */
  readonly contested: ReadonlyMap<Address, { readonly file: FileId; readonly isUnseen: boolean }>;
  /** Whether an entry belongs to another file now, or to a file for the first time. */
  readonly isNew: boolean;
};

type Verdict =
  | { readonly own: FileId | undefined; readonly contested?: { file: FileId; isUnseen: boolean } }
  | { readonly aside: FileId; readonly why: Untouched; readonly seenIn?: FileId };

/**
 * Finds what the given files own. Of an entry that no given file declares, by the first line that fits:
 *
 *     the entry                                                       it is
 *     is declared by a file that was not given                        aside
 *     belongs to no file yet (an older inventory)                     own
 *     may be declared elsewhere, the history would tell               aside
 *     belongs to a given file                                         own: the run may delete it
 *     belongs to a file that is gone and was applied with a given one own
 *     belongs to any other file                                       aside
 *
 * A declared entry is own, and contested where another file that exists, or cannot be looked at, declares it as well.
 */
export function findOwners(input: OwnersInput): Owners {
  const { inventory } = input;
  const own: { [address: Address]: Owned } = {};
  const left: { [address: Address]: Owned } = {};
  const ownPending: { [address: Address]: Pending } = {};
  const leftPending: { [address: Address]: Pending } = {};
  const untouched = new Map<Address, { file: FileId; why: Untouched }>();
  const contested = new Map<Address, { file: FileId; isUnseen: boolean }>();
  let isNew = false;
  const judgeOne = (address: Address, file: FileId | undefined): Verdict => {
    const verdict = judge(input, address, file);
    if ("aside" in verdict)
      untouched.set(address, { file: verdict.seenIn ?? verdict.aside, why: verdict.why });
    else if (verdict.contested) contested.set(address, verdict.contested);
    const after = "aside" in verdict ? verdict.aside : verdict.own;
    if (after !== file) isNew = true;
    return verdict;
  };
  for (const [address, owned] of Object.entries(inventory.resources) as [Address, Owned][]) {
    const verdict = judgeOne(address, owned.file);
    if ("aside" in verdict) left[address] = withFile(owned, verdict.aside);
    else own[address] = withFile(owned, verdict.own);
  }
  for (const [address, pending] of Object.entries(inventory.pending ?? {}) as [Address, Pending][]) {
    if (own[address]) ownPending[address] = pending;
    else if (left[address]) leftPending[address] = pending;
    else {
      const verdict = judgeOne(address, pending.file);
      if ("aside" in verdict) leftPending[address] = withFile(pending, verdict.aside);
      else ownPending[address] = withFile(pending, verdict.own);
    }
  }
  const { pending: _all, ...rest } = inventory;
  return {
    own: { ...rest, resources: own, ...(hasAny(ownPending) && { pending: ownPending }) },
    aside: { resources: left, pending: leftPending },
    untouched,
    contested,
    isNew,
  };
}

function judge(input: OwnersInput, address: Address, file: FileId | undefined): Verdict {
  const { declared, given, looks, takers, unclear } = input;
  const declaring = declared.get(address);
  if (declaring !== undefined) return judgeDeclared(input, address, file, declaring);
  const taker = takers.get(address);
  if (taker !== undefined) return { aside: taker, why: file === undefined ? "not-given" : "moved" };
  if (file === undefined) {
    const [first] = given;
    return { own: first };
  }
  const seenIn = unclear.get(address);
  if (seenIn !== undefined) return { aside: file, why: "unclear", seenIn };
  if (given.has(file)) return { own: file };
  const { look } = looks.get(file) ?? { look: "lost" };
  const isKnown = input.inventory.files[file]?.with.some((one) => given.has(one)) ?? false;
  if (look === "gone" && isKnown) return { own: file };
  return { aside: file, why: look === "exists" ? "not-given" : look };
}

/** A declared entry moves to the file that declares it, unless another file that exists or cannot be looked at has it as well. */
function judgeDeclared(
  { given, looks, declares }: OwnersInput,
  address: Address,
  file: FileId | undefined,
  declaring: FileId,
): Verdict {
  if (file === undefined || given.has(file)) return { own: declaring };
  const look = looks.get(file);
  const isUnseen = look?.look === "elsewhere" && !look.isKin;
  const isContested = isUnseen || (look?.look === "exists" && declares(file, address));
  return isContested ? { own: file, contested: { file, isUnseen } } : { own: declaring };
}

function withFile<T extends { readonly file?: FileId }>(entry: T, file: FileId | undefined): T {
  return file === undefined || entry.file === file ? entry : { ...entry, file };
}

/** An inventory as a run writes it: with what it left untouched, as that was. */
export function joinAside(inventory: Inventory, aside: Aside): Inventory {
  const pending = { ...inventory.pending, ...aside.pending };
  return {
    ...inventory,
    resources: { ...inventory.resources, ...aside.resources },
    ...(hasAny(pending) && { pending }),
  };
}

/**
 * The inventory after files got other ids: renamed in git, or known by their repository from now on. Records of former names
 * stay as they are.
 */
export function followFiles(inventory: Inventory, moves: ReadonlyMap<FileId, FileId>): Inventory {
  if (moves.size === 0) return inventory;
  const follow = (file: FileId): FileId => moves.get(file) ?? file;
  const move = <T extends { readonly file?: FileId }>(entry: T): T =>
    entry.file === undefined ? entry : withFile(entry, follow(entry.file));
  const files: { [id: FileId]: FileRecord } = {};
  for (const [id, record] of Object.entries(inventory.files)) {
    const to = record.renamedTo === undefined ? follow(id) : id;
    // Where both names have a record, that of the new name already says what was last applied under it.
    if (to !== id && inventory.files[to]) continue;
    const isMoved = record.with.some((one) => moves.has(one));
    files[to] = isMoved ? { ...record, with: [...new Set(record.with.map(follow))] } : record;
  }
  const { pending } = inventory;
  return {
    ...inventory,
    files,
    resources: mapEntries(inventory.resources, move),
    ...(pending && { pending: mapEntries(pending, move) }),
  };
}

/** Records of files after a rename that git tells of: the new name has the record, and the old one says where it went. */
export function renameFile(
  files: FileRecords,
  { from, to, path }: { readonly from: FileId; readonly to: FileId; readonly path: string },
): FileRecords {
  const before = files[from];
  if (!before) return files;
  const { beside: _former, ...record } = before;
  return { ...files, [to]: files[to] ?? { ...record, path }, [from]: { ...before, renamedTo: to } };
}

/** The name that a file has now, over all renames since `id`. */
export function lastName(files: FileRecords, id: FileId): FileId {
  const seen = new Set([id]);
  for (let at = id; ;) {
    const to = files[at]?.renamedTo;
    if (to === undefined || seen.has(to)) return at;
    seen.add(to);
    at = to;
  }
}

function mapEntries<T>(
  entries: { readonly [address: Address]: T },
  change: (entry: T) => T,
): { readonly [address: Address]: T } {
  const changed = (Object.entries(entries) as [Address, T][]).map(([address, one]) => [address, change(one)]);
  return Object.fromEntries(changed) as { readonly [address: Address]: T };
}

/** Every file that something in the inventory belongs to. */
export function owningFiles(inventory: Inventory): ReadonlySet<FileId> {
  const entries = [...Object.values(inventory.resources), ...Object.values(inventory.pending ?? {})];
  return new Set(entries.flatMap(({ file }) => (file === undefined ? [] : [file])));
}

function hasAny(entries: object): boolean {
  return Object.keys(entries).length > 0;
}
