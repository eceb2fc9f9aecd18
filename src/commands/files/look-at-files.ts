import { join } from "node:path";
import { fileIdOf, type FileId } from "../../core/model/file-identity.ts";
import type { FileLook } from "../../core/owners/file-owners.ts";
import type { FileRecord, FileRecords } from "../../core/model/inventory.ts";
import type { Checkout } from "../base/checkout.ts";
import type { Deps } from "../base/deps.ts";
import type { GivenFile } from "./identify-files.ts";

/** What became of one file that the run was not given; `to`: it has another name by now, and is the same file. */
export type Looked = FileLook & { readonly to?: { readonly id: FileId; readonly path: string } };

/** The files of this run, and all that the state has noted of files. */
export type LookInput = {
  readonly given: readonly GivenFile[];
  readonly files: FileRecords;
  /** What paths of files in no repository start from. */
  readonly home: string;
};

/**
 * Looks at every file that owns something and was not given. A file of one of this run's repositories is there when HEAD
 * or the work tree has it: what is deleted and not committed, or left out of a sparse checkout, is not gone. Whatever
 * cannot be looked at is never *gone*, because that is what lets a run delete.
 */
export async function lookAtFiles(
  ids: Iterable<FileId>,
  input: LookInput,
  deps: Pick<Deps, "checkouts">,
): Promise<ReadonlyMap<FileId, Looked>> {
  const looks = new Map<FileId, Looked>();
  for (const id of ids) {
    const record = input.files[id];
    looks.set(id, record ? await lookAtOne(record, input, deps) : { look: "elsewhere", isKin: false });
  }
  return looks;
}

async function lookAtOne(
  record: FileRecord,
  input: LookInput,
  deps: Pick<Deps, "checkouts">,
): Promise<Looked> {
  const { repository, path, beside, named } = record;
  if (named) return { look: "elsewhere", isKin: false };
  if (repository === undefined) {
    return (await deps.checkouts.exists(join(input.home, path))) ? { look: "exists" } : { look: "gone" };
  }
  const checkout = input.given.find((one) => one.record.repository === repository)?.checkout;
  if (checkout) return lookInCheckout(checkout, record, deps);
  if (input.given.some((one) => one.unreadable !== undefined || one.record.repository === undefined)) {
    const isThere = beside !== undefined && (await deps.checkouts.exists(join(input.home, beside)));
    return isThere ? { look: "exists" } : { look: "lost" };
  }
  return { look: "elsewhere", isKin: await isKin(record, input.given) };
}

async function lookInCheckout(
  checkout: Checkout,
  { repository, path, commit }: FileRecord,
  deps: Pick<Deps, "checkouts">,
): Promise<Looked> {
  const { head } = checkout;
  const placeOf = (to: string): NonNullable<Looked["to"]> => ({
    id: fileIdOf({ ...(repository !== undefined && { repository }), path: to }),
    path: to,
  });
  if (await isThere(checkout, path, deps)) {
    // An uncommitted `git mv`: HEAD has the old name still, the work tree only the new one.
    const isOnDisk = await deps.checkouts.exists(join(checkout.root, path));
    const to = isOnDisk || !head ? undefined : (await checkout.findRenames(head.id))?.get(path);
    return { look: "exists", ...(to !== undefined && { to: placeOf(to) }) };
  }
  // Only a commit after the one that had it can have deleted it: another branch may never have had it.
  if (!commit || !head || !(await checkout.isAncestor(commit.id, head.id))) return { look: "lost" };
  const renames = await checkout.findRenames(commit.id);
  if (!renames) return { look: "lost" };
  const to = renames.get(path);
  if (to === undefined || !(await isThere(checkout, to, deps))) return { look: "gone" };
  return { look: "exists", to: placeOf(to) };
}

async function isThere(checkout: Checkout, path: string, deps: Pick<Deps, "checkouts">): Promise<boolean> {
  if (await deps.checkouts.exists(join(checkout.root, path))) return true;
  return (await checkout.findInHead([path])).has(path);
}

/** The repository has another origin by now, and its history is here: it is this one. A shared template is kin too. */
async function isKin({ commit }: FileRecord, given: readonly GivenFile[]): Promise<boolean> {
  if (!commit) return false;
  for (const checkout of new Set(given.flatMap((one) => one.checkout ?? []))) {
    if (await checkout.hasCommit(commit.id)) return true;
  }
  return false;
}

/** The text of a file as the work tree has it; what a sparse checkout leaves out, as HEAD does. */
export async function readOther(
  record: FileRecord,
  { given, home }: LookInput,
  deps: Pick<Deps, "checkouts" | "readFile">,
): Promise<string | undefined> {
  const { repository, path, beside } = record;
  const decode = (bytes: Uint8Array | undefined): string | undefined =>
    bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  const checkout = given.find(
    (one) => repository !== undefined && one.record.repository === repository,
  )?.checkout;
  if (!checkout)
    return decode(await deps.readFile(join(home, repository === undefined ? path : (beside ?? path))));
  const onDisk = decode(await deps.readFile(join(checkout.root, path)));
  if (onDisk !== undefined) return onDisk;
  const found = (await checkout.findInHead([path])).get(path);
  return found === "sparse" ? checkout.readFromHead(path) : undefined;
}
