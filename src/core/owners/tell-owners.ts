import { byText, type Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { FileId } from "../model/file-identity.ts";
import type { Owners, Untouched } from "./file-owners.ts";
import { groupBy } from "../base/group.ts";
import type { FileRecords, Owned } from "../model/inventory.ts";
import type { Kinds } from "../kind/kind.ts";
import { problem, type Problem } from "../base/problem.ts";

/** The files of a run and of its inventory, for speaking of them as people know them. */
export type KnownFiles = {
  readonly given: readonly { readonly name: string; readonly record: { readonly repository?: string } }[];
  readonly files: FileRecords;
};

/** A file in words: its path where it is in the repository `home`, else its whole id. */
export function describeFile(id: FileId, { files }: Pick<KnownFiles, "files">, home?: string): string {
  const record = files[id];
  return record && !record.named && record.repository === home ? record.path : id;
}

/** Refuses what a given file and another one declare: each would overwrite the other, and a block dropped in one would delete. */
export function refuseContested(
  { contested }: Pick<Owners, "contested">,
  { resources, ...known }: KnownFiles & { readonly resources: readonly Desired[] },
): readonly Problem[] {
  if (contested.size === 0) return [];
  const home = known.given[0]?.record.repository;
  return resources.flatMap(({ address, where }): readonly Problem[] => {
    const other = contested.get(address);
    if (!other) return [];
    const file = describeFile(other.file, known, home);
    const how = other.isUnseen
      ? `${file}, which cannot be looked at from here`
      : `${file}, which is still there and declares it too`;
    const message = `${address} is declared here, and was last declared by ${how}.`;
    const declaring = known.given.find(({ name }) => name === where.file)?.name ?? known.given[0]?.name ?? "";
    const remedy = `Take the block out of one of the two; if this file is to have it: trueup state move ${address} ${address} -f ${declaring}. A second state has a --label of its own.`;
    return [problem("refusal", "other-files", message, remedy, { where, address })];
  });
}

/** Tells what a run leaves untouched: one note or warning for each reason, however many resources it is about. */
export function tellUntouched(
  { untouched }: Pick<Owners, "untouched">,
  known: KnownFiles,
): readonly Problem[] {
  const home = known.given[0]?.record.repository;
  const byReason = groupBy([...untouched], ([, { why }]) => why);
  return [...byReason]
    .sort(([a], [b]) => byText(a, b))
    .map(([why, entries]) => tell(why, entries, (id) => describeFile(id, known, home)));
}

type Entries = readonly (readonly [Address, { readonly file: FileId }])[];
type Describe = (id: FileId) => string;

/** The parts of a sentence about resources that are left untouched. */
function wordsOf(entries: Entries, describe: Describe) {
  const [address = ""] = entries.map(([one]) => one).sort(byText);
  const files = [...new Set(entries.map(([, { file }]) => describe(file)))].sort(byText);
  const [first = "", ...others] = files;
  const one = entries.length === 1;
  const isMany = others.length > 0;
  return {
    address,
    first,
    named: isMany ? `${first} and ${count(others.length, "other file")}` : first,
    one,
    what: one ? address : `${count(entries.length, "resource")} (${address} ...)`,
    stays: one ? "it stays as it is" : "they stay as they are",
    isMany,
    give: `Give ${isMany ? "them" : "it"} as well (-f ${first}) where the plan is to be about everything.`,
  };
}

function tell(why: Untouched, entries: Entries, describe: Describe): Problem {
  if (why === "moved" || why === "unclear") return tellSeen(why, entries, describe);
  const { address, named, one, what, stays, isMany, give } = wordsOf(entries, describe);
  const was = `${what} ${one ? "was" : "were"}`;
  const delivery = `To let a given file have ${one ? "it" : "one of them"}, and drop it: trueup state move ${address} ${address} -f FILE`;
  switch (why) {
    case "not-given":
      return problem(
        "note",
        "file-not-given",
        `${was} last declared by ${named}, which this run was not given; ${stays}.`,
        give,
      );
    case "gone":
      return problem(
        "warning",
        "file-gone",
        `${was} last declared by ${named}, which ${isMany ? "are" : "is"} not there any more; no file of the run that last declared ${one ? "it" : "them"} is given, so ${stays}.`,
        delivery,
      );
    case "lost":
      return problem(
        "warning",
        "file-lost",
        `${was} last declared by ${named}, which ${isMany ? "are" : "is"} not at this commit; without the history since the last apply it is not known whether ${isMany ? "they were" : "it was"} deleted, renamed, or never on this branch, so ${stays}.`,
        `Fetch the history (git fetch --unshallow; fetch-depth: 0 in actions/checkout). ${delivery}`,
      );
    case "elsewhere":
      return problem(
        "note",
        "file-elsewhere",
        `${was} last declared by ${named}, which cannot be looked at from here; ${stays}.`,
        "Nothing to do where two repositories share this state; a --label of its own keeps them apart.",
      );
    default:
      return why satisfies never;
  }
}

/** The problem of resources that a given file declared, and that another file declares now. */
function tellSeen(why: "moved" | "unclear", entries: Entries, describe: Describe): Problem {
  const { first, named, one, what, stays, isMany, give } = wordsOf(entries, describe);
  const left = `${what} ${one ? "is" : "are"} not in the given files any more`;
  const [them, those] = [one ? "it" : "them", isMany ? "those files" : "that file"];
  if (why === "moved")
    return problem(
      "note",
      "file-not-given",
      `${left} and declared by ${named} now, which this run was not given; ${stays}, and ${those} may drop ${them} from now on.`,
      give,
    );
  return problem(
    "warning",
    "file-lost",
    `${left}, and ${named}, which this run was not given, ${isMany ? "declare" : "declares"} ${them}; without the history since the last apply it is not known whether a block moved there or was always there, so ${stays}.`,
    `Fetch the history (git fetch --unshallow; fetch-depth: 0 in actions/checkout), or give ${those} as well (-f ${first}).`,
  );
}

/** An error for each typed address that belongs to another file: without it, nothing would seem to be to do. */
export function refuseNotGiven(
  typed: readonly string[],
  { untouched }: Pick<Owners, "untouched">,
  known: KnownFiles,
): readonly Problem[] {
  const home = known.given[0]?.record.repository;
  return [...new Set(typed)].flatMap((text): readonly Problem[] => {
    const owner = untouched.get(text as Address);
    if (!owner) return [];
    const file = describeFile(owner.file, known, home);
    const message = `${text} was last declared by ${file}, which this run was not given, so nothing is done to it.`;
    const remedy = `Give that file (-f ${file}), or let a given one have it: trueup state move ${text} ${text} -f FILE`;
    return [problem("error", "address-not-given", message, remedy, { address: text })];
  });
}

/**
 * Problems of resources that are deleted or replaced while an untouched one, of a file that was not given, refers to them. The
 * next run of that file writes the new reference, so it is a warning; but a value that is shown once could not be delivered
 * then, so that is a refusal.
 */
export function findNeeded(
  changes: readonly ResourceChange[],
  { aside, untouched }: Pick<Owners, "aside" | "untouched">,
  { kinds, ...known }: KnownFiles & { readonly kinds: Kinds },
): readonly Problem[] {
  const going = new Map(
    changes.flatMap((change) =>
      change.action === "delete" || change.action === "replace" ? [[change.address, change] as const] : [],
    ),
  );
  if (going.size === 0) return [];
  const home = known.given[0]?.record.repository;
  const pairs = (Object.entries(aside.resources) as [Address, Owned][]).flatMap(([needing, { needs }]) =>
    needs.flatMap((need) => (going.has(need) ? [{ need, needing }] : [])),
  );
  return [...groupBy(pairs, ({ need }) => need)].map(([address, all]) => {
    const { action, kind } = going.get(address)!;
    const [first] = all.map(({ needing }) => needing).sort(byText);
    const file = describeFile(untouched.get(first!)?.file ?? "", known, home);
    const others = all.length > 1 ? ` and ${count(all.length - 1, "other")}` : "";
    const isShownOnce = kinds.get(kind)?.shownOnce !== undefined;
    const message = `${address} would be ${action === "delete" ? "deleted" : "replaced"}, and ${first} of ${file}, which this run was not given,${others === "" ? "" : `${others},`} ${all.length > 1 ? "refer" : "refers"} to it.`;
    const remedy = `Give that file as well (-f ${file})${isShownOnce ? ": its value is shown once and has to be delivered there" : ", or apply it next: it is not rewired by this run"}.`;
    return problem(isShownOnce ? "refusal" : "warning", "needed-elsewhere", message, remedy, { address });
  });
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
