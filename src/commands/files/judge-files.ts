import type { Address } from "../../core/base/address.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import {
  findOwners,
  followFiles,
  lastName,
  owningFiles,
  renameFile,
  type Owners,
} from "../../core/owners/file-owners.ts";
import { followRenames } from "../../core/owners/follow-renames.ts";
import { groupBy } from "../../core/base/group.ts";
import type { FileRecords, Inventory } from "../../core/model/inventory.ts";
import type { Plan } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import type { Selection } from "../../core/planning/selection.ts";
import { kinds } from "../../providers/kinds.ts";
import {
  findNeeded,
  refuseContested,
  refuseNotGiven,
  tellUntouched,
  type KnownFiles,
} from "../../core/owners/tell-owners.ts";
import { droppedOf, readOthers } from "./declaring-files.ts";
import type { Deps } from "../base/deps.ts";
import { identifyFiles, movesOf, recognise, type GivenFile } from "./identify-files.ts";
import { homeOfState } from "./load.ts";
import { lookAtFiles } from "./look-at-files.ts";
import { refuseOlder } from "./older-commit.ts";
import { findDeclaring, findNewlyDeclaring } from "./search-files.ts";

/** What a run may touch, and what it notes of its files with its first write. */
export type Ownership = Pick<Owners, "own" | "aside" | "untouched" | "contested" | "isNew"> & {
  /** Which of the given files declares what. */
  readonly declaring: ReadonlyMap<Address, FileId>;
  readonly files: FileRecords;
  /** To speak of files by. */
  readonly known: KnownFiles;
  readonly refusals: readonly Problem[];
  readonly problems: readonly Problem[];
};

/** What is judged: the file, the inventory as it is stored, and what was typed. */
export type JudgeInput = {
  readonly state: DesiredState;
  /** With what `destroy` takes away: that is declared all the same. */
  readonly loaded: DesiredState;
  readonly stored: Inventory;
  readonly overlays?: readonly string[] | undefined;
  readonly fileId?: string | undefined;
  readonly allowOlder?: boolean | undefined;
  /** Addresses and globs of the command line. */
  readonly typed: readonly string[];
};

/** Which entries of the inventory the given files own, which they take over, and which stay untouched. */
export async function judgeFiles(input: JudgeInput, deps: Deps): Promise<Ownership> {
  const { loaded: state, stored } = input;
  const { given, home, looks, inventory, declaring, isMoved } = await followGiven(input, deps);
  const around = { given, home, inventory, declaring };
  const { declares, takers } = await readOthers({ ...around, stored, looks }, deps);
  const found = await findDeclaring({ ...around, state }, deps);
  const dropped = droppedOf({ ...around, looks }).filter((address) => !takers.has(address));
  const moved = await findNewlyDeclaring({ ...around, state, dropped }, deps);
  const files = { ...inventory.files, ...found.files, ...moved.files };
  const owners = findOwners({
    inventory: { ...inventory, files },
    declared: declaring,
    given: new Set(given.map(({ id }) => id)),
    looks,
    declares,
    takers: new Map([...takers, ...found.owners, ...moved.owners]),
    unclear: moved.unclear,
  });
  const older = input.allowOlder ? [] : await refuseOlder(given, files);
  const known = { given, files };
  const noted = Object.entries(noteFiles(given, files));
  return {
    ...owners,
    isNew: owners.isNew || isMoved,
    declaring,
    files: Object.fromEntries(noted.filter(([id, record]) => record !== stored.files[id])),
    known,
    refusals: [...older, ...refuseContested(owners, { ...known, resources: state.resources })],
    problems: [
      ...refuseNotGiven(input.typed, owners, known),
      ...tellUntouched(owners, known),
      ...tellUnreadable(given, files),
    ],
  };
}

/** The given files and the inventory under one set of ids, and what became of every other file that owns something. */
async function followGiven({ state: wanted, loaded: state, stored, ...input }: JudgeInput, deps: Deps) {
  const inventory = followRenames(stored, wanted, kinds);
  const owning = owningFiles(inventory);
  const known = new Set([...Object.keys(inventory.files), ...owning]);
  const given = recognise(await identifyFiles({ ...input, state, known }, deps), inventory.files);
  const ids = new Set(given.map(({ id }) => id));
  const home = await deps.checkouts.realPath(homeOfState(state, deps));
  // A run that was killed after it saw a rename has noted the new name, while the entries still have the old one.
  const former = [...owning].map((id) => [id, lastName(inventory.files, id)] as const);
  const aliases = new Map([...movesOf(given, known), ...former.filter(([id, to]) => id !== to)]);
  const named = followFiles(inventory, aliases);
  const isOther = (id: FileId): boolean => !ids.has(id);
  const around = { given, files: named.files, home };
  const ofOwners = await lookAtFiles([...owningFiles(named)].filter(isOther), around, deps);
  const declaring = declaringFiles(state, given);
  // A block that would go may have moved to any file of the state, also to one that owns nothing.
  const idle =
    droppedOf({ inventory: named, declaring, given, looks: ofOwners }).length === 0
      ? []
      : Object.keys(named.files).filter(
          (id) => isOther(id) && !ofOwners.has(id) && named.files[id]?.renamedTo === undefined,
        );
  const looked = new Map([...ofOwners, ...(await lookAtFiles(idle, around, deps))]);
  const renames = [...looked].flatMap(([from, { to }]) => (to ? [{ from, to: to.id, path: to.path }] : []));
  const moves = new Map(renames.map(({ from, to }) => [from, to]));
  const files = renames.reduce(renameFile, named.files);
  const moved = followFiles({ ...named, files }, moves);
  const looks = new Map([...looked].map(([id, look]) => [moves.get(id) ?? id, look] as const));
  const isMoved = [...aliases.keys(), ...moves.keys()].some((id) => owning.has(id));
  return { given, home, looks, inventory: moved, declaring, isMoved };
}

/** The selection without targets that another file owns. They are told by `refuseNotGiven`, and must not be told as unknown too. */
export function withoutNotGiven(selection: Selection, { untouched }: Pick<Owners, "untouched">): Selection {
  const { targets } = selection;
  if (targets === "all") return selection;
  return { ...selection, targets: targets.filter((text) => !untouched.has(text as Address)) };
}

/** The plan with what it has to say where a resource goes that something untouched refers to: refusals and warnings. */
export function guardNeeded(plan: Plan, { known, ...owners }: Ownership): Plan {
  const found = findNeeded(plan.changes, owners, { ...known, kinds });
  const refusals = found.filter(({ severity }) => severity === "refusal");
  const warnings = found.filter(({ severity }) => severity !== "refusal");
  return {
    ...plan,
    refusals: [...plan.refusals, ...refusals],
    problems: [...plan.problems, ...warnings],
  };
}

/** Which of the given files declares each address, by where its block stands. A block of an overlay counts to the one file it changes. */
export function declaringFiles(
  { resources }: DesiredState,
  given: readonly GivenFile[],
): ReadonlyMap<Address, FileId> {
  const byName = new Map(given.map(({ name, id }) => [name, id]));
  const [only] = given;
  return new Map(
    resources.flatMap(({ address, where }) => {
      const id = byName.get(where.file) ?? only?.id;
      return id === undefined ? [] : [[address, id] as const];
    }),
  );
}

/** The commit is noted under former names too: an old commit that comes again has the file under one of them. */
function noteFiles(given: readonly GivenFile[], files: FileRecords): FileRecords {
  const ids = given.map(({ id }) => id);
  const formers = groupBy(
    Object.keys(files).filter((id) => files[id]?.renamedTo !== undefined),
    (id) => lastName(files, id),
  );
  return given.reduce<FileRecords>((all, { id, record, head }) => {
    const commit = head ?? files[id]?.commit;
    const now = { ...record, with: ids, ...(commit && { commit }) };
    const former = (formers.get(id) ?? []).filter((one) => !ids.includes(one));
    const noted = former.map((one) => [one, { ...files[one]!, ...(commit && { commit }) }] as const);
    return { ...all, ...Object.fromEntries(noted), [id]: now };
  }, files);
}

/** A warning that git could not be asked, where the state knows files by their repository or by a commit. */
function tellUnreadable(given: readonly GivenFile[], files: FileRecords): readonly Problem[] {
  const reason = given.find(({ unreadable }) => unreadable !== undefined)?.unreadable;
  if (reason === undefined || Object.values(files).every(({ repository }) => repository === undefined))
    return [];
  const message = `git could not be asked about this repository, so nobody knows whether this commit is an older one or which files are there: ${reason}`;
  const remedy = "Install git, or let it trust the folder: git config --global --add safe.directory FOLDER";
  return [problem("warning", "repository-unreadable", message, remedy)];
}
