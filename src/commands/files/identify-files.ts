import { dirname, resolve } from "node:path";
import type { DesiredState } from "../../core/model/desired.ts";
import { fileIdOf, normaliseOrigin, repositoryOfRoot, type FileId } from "../../core/model/file-identity.ts";
import type { Commit, FileRecord, FileRecords } from "../../core/model/inventory.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Checkout, CheckoutAnswer } from "../base/checkout.ts";
import type { Deps } from "../base/deps.ts";
import { pathFrom, realFile } from "../base/file-path.ts";
import { homeOfState } from "./load.ts";

/** A file that a run was given, and everything by which the inventory may know it. */
export type GivenFile = {
  readonly id: FileId;
  /** As the user named it. */
  readonly name: string;
  /** Ids it had before its repository got an origin, or before `--file-id`. */
  readonly aliases: readonly FileId[];
  readonly record: Omit<FileRecord, "with" | "commit">;
  /** The commit that is checked out around it. */
  readonly head?: Commit;
  readonly checkout?: Checkout;
  /** Why git could not be asked though there is a repository. */
  readonly unreadable?: string;
};

/** The files of a run, as they were named. `fileId`: of `--file-id`, for a single file. */
export type IdentifyInput = {
  readonly state: DesiredState;
  readonly overlays?: readonly string[] | undefined;
  readonly fileId?: string | undefined;
  /** Every id in the inventory. git is asked for the former names of a file only if one of them may be recorded there. */
  readonly known: ReadonlySet<FileId>;
};

/**
 * The files of a run in the order given, without overlays: those change a file and declare nothing of their own. Links are
 * resolved in the folders, so that a checkout is the same by any way to it; a file that is a link is what it is called.
 */
export async function identifyFiles(
  { state, overlays = [], fileId, known }: IdentifyInput,
  deps: Deps,
): Promise<readonly GivenFile[]> {
  const names = state.files.slice(0, Math.max(0, state.files.length - overlays.length));
  refuseFileId(fileId, names.length);
  const hasRoots = [...known].some((id) => id.startsWith(repositoryOfRoot("")));
  const home = await deps.checkouts.realPath(homeOfState(state, deps));
  const opened = new Map<string, Promise<CheckoutAnswer>>();
  const open = (folder: string): Promise<CheckoutAnswer> => {
    const answer = opened.get(folder) ?? deps.checkouts.openCheckout(folder);
    opened.set(folder, answer);
    return answer;
  };
  return Promise.all(
    names.map(async (name) => {
      const file = await realFile(resolve(deps.folder, name), deps.checkouts);
      const natural = await identify(file, await open(dirname(file)), { home, hasRoots });
      const one = { name, ...natural };
      if (fileId === undefined) return one;
      return {
        ...one,
        id: fileId,
        aliases: [one.id, ...one.aliases],
        record: { ...one.record, named: true as const },
      };
    }),
  );
}

async function identify(
  file: string,
  answer: CheckoutAnswer,
  { home, hasRoots }: { readonly home: string; readonly hasRoots: boolean },
): Promise<Omit<GivenFile, "name">> {
  const beside = pathFrom(home, file);
  if (!answer || "unreadable" in answer)
    return { id: beside, aliases: [], record: { path: beside, beside }, ...answer };
  const path = pathFrom(answer.root, file);
  const byOrigin = originOf(answer);
  // Found by walking the whole history, so only where something is known by it.
  const root = byOrigin.length === 0 || hasRoots ? await answer.rootCommit() : undefined;
  const [repository, ...others] = [...byOrigin, ...(root === undefined ? [] : [repositoryOfRoot(root)])];
  const around = { checkout: answer, ...(answer.head && { head: answer.head }) };
  if (repository === undefined)
    return { id: beside, aliases: [], record: { path: beside, beside }, ...around };
  const aliases = [...others.map((one) => fileIdOf({ repository: one, path })), beside];
  return { id: fileIdOf({ repository, path }), aliases, record: { repository, path, beside }, ...around };
}

/** A relative one starts from the work tree. */
function originOf({ origin, root }: Checkout): readonly string[] {
  if (origin === undefined) return [];
  const absolute = /^\.{0,2}\//u.test(origin) ? resolve(root, origin) : origin;
  const repository = normaliseOrigin(absolute);
  return repository === undefined ? [] : [repository];
}

/**
 * The files under the ids that the inventory has them by. Where git cannot be asked, or the files were copied without
 * their repository, a file is the one recorded at its place beside the state, if only one is.
 */
export function recognise(given: readonly GivenFile[], files: FileRecords): readonly GivenFile[] {
  return given.map((one): GivenFile => {
    const { repository, named, beside } = one.record;
    if (repository !== undefined || named || files[one.id]) return one;
    const alike = Object.entries(files).filter(
      ([, record]) =>
        record.repository !== undefined &&
        !record.named &&
        record.renamedTo === undefined &&
        record.beside === beside,
    );
    const [[id, record] = []] = alike;
    if (id === undefined || record === undefined || alike.length > 1) return one;
    const { with: _run, commit: _applied, renamedTo: _other, ...place } = record;
    return { ...one, id, record: place };
  });
}

/** From each id that a given file had before to the one it has. */
export function movesOf(
  given: readonly GivenFile[],
  known: ReadonlySet<FileId>,
): ReadonlyMap<FileId, FileId> {
  return new Map(
    given.flatMap(({ id, aliases }) =>
      aliases.filter((alias) => alias !== id && known.has(alias)).map((alias) => [alias, id] as const),
    ),
  );
}

function refuseFileId(fileId: string | undefined, files: number): void {
  if (fileId === undefined || (fileId.trim() !== "" && files === 1)) return;
  const message =
    fileId.trim() === ""
      ? "--file-id is empty, so it would name no file."
      : `--file-id names one file, and ${files} are given.`;
  const remedy = "Give one -f with --file-id, and a name that stays the same in every run.";
  throw new ProblemError([problem("error", "file-id", message, remedy)]);
}
