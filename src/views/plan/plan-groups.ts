import type { Address } from "../../core/base/address.ts";
import type { Note, ResourceChange } from "../../core/model/change.ts";
import { groupBy } from "../../core/base/group.ts";
import { byNature } from "../base/natural.ts";
import { describeChange, mannerOf, type Manner } from "./change-words.ts";

/**
 * Changes that stand under one head in the listing. `isAlike`: all that is said of the first one is true of each; else only
 * their kind and manner are the same, and fields are counted.
 */
export type ChangeGroup = {
  readonly first: ResourceChange;
  readonly changes: readonly ResourceChange[];
  readonly isAlike: boolean;
};

/** Listed in this order: what takes something away stands last, next to the counts. */
const manners: readonly Manner[] = [
  "keep",
  "create",
  "adopt",
  "update",
  "drift",
  "replace",
  "delete",
  "forget",
];

/** From so many changes that are alike on, they are told once, with their names. */
const leastAlike = 3;
/** With more changes than this, those that take nothing away are told by kind. */
const manyChanges = 40;

/** Whether what takes nothing away is told by kind. */
export function isFolded(
  changes: readonly ResourceChange[],
  { verbose }: { readonly verbose: boolean },
): boolean {
  return !verbose && changes.filter(({ action }) => action !== "keep").length > manyChanges;
}

/**
 * Changes in the order of the listing, grouped.
 *
 *     a few changes      three or more that say the same are a group, each other one stands by itself
 *     many changes       likewise what is grave; all else is grouped by kind and manner
 *     `isWhole` (`-v`)   each stands by itself
 */
export function groupChanges(
  changes: readonly ResourceChange[],
  {
    isWhole,
    isBrief,
    away,
  }: { readonly isWhole: boolean; readonly isBrief: boolean; readonly away: ReadonlyMap<Address, string> },
): readonly ChangeGroup[] {
  const sorted = [...changes].sort(byManner);
  const keyOf = (change: ResourceChange): string => {
    if (isWhole) return change.address;
    return isBrief && !isGrave(change) && !away.has(change.address)
      ? JSON.stringify([mannerOf(change), change.kind, reasonOf(change)])
      : JSON.stringify([toldOf(change), away.get(change.address) ?? null]);
  };
  const groups = [...groupBy(sorted, keyOf).values()].flatMap((members): readonly ChangeGroup[] => {
    const [first] = members;
    if (!first) return [];
    const isAlike = new Set(members.map(toldOf)).size === 1;
    if (members.length >= leastAlike || (!isAlike && members.length > 1))
      return [{ first, changes: members, isAlike }];
    return members.map((one) => ({ first: one, changes: [one], isAlike: true }));
  });
  // Two that are alike stand by themselves, and not beside each other where a third one's name comes between them.
  return groups.sort((a, b) => byManner(a.first, b.first));
}

function byManner(a: ResourceChange, b: ResourceChange): number {
  return manners.indexOf(mannerOf(a)) - manners.indexOf(mannerOf(b)) || byNature(a.address, b.address);
}

/** What a new one is made of is its own; every other reason is one that many can have. */
function reasonOf(change: ResourceChange): string {
  return change.action === "create" && !change.recreates ? "" : describeChange(change);
}

const graveNotes: ReadonlySet<Note["note"]> = new Set([
  "goes-for-good",
  "stays",
  "secret-changed",
  "uncertain",
  "cannot-compare",
]);

/** Whether a change takes something away, or a person has to look at it: it is never folded into a count. */
export function isGrave({ action, fields, notes, losesData }: ResourceChange): boolean {
  return (
    action === "delete" ||
    action === "replace" ||
    losesData === true ||
    fields.some((field) => field.removed || field.forcesReplace) ||
    notes.some(({ note }) => graveNotes.has(note))
  );
}

/** All that the listing says of a change but its name and its place in the file. */
export function toldOf(change: ResourceChange): string {
  const { kind, losesData, fields, notes, converged } = change;
  const said = fields.map(({ where: _place, ...field }) => field);
  return JSON.stringify([
    mannerOf(change),
    kind,
    describeChange(change),
    losesData ?? false,
    said,
    notes.filter((note) => note.note !== "remark" || note.detail === undefined),
    converged,
  ]);
}
