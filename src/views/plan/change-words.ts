import type { ResourceChange, Rotation, Verdict } from "../../core/model/change.ts";
import { isDrifted } from "../../core/run/report.ts";

/** How a change stands in the listing: its action, with drift told apart from an edit of the file. */
export type Manner = "create" | "adopt" | "update" | "drift" | "replace" | "delete" | "forget" | "keep";

/** The manner of a change. */
export function mannerOf(change: ResourceChange): Manner {
  return isDrifted(change) ? "drift" : change.action;
}

/**
 * Why there is a change, in one sentence without a stop, to stand behind its address. `many`: so many changes that
 * are alike share the sentence.
 */
export function describeChange(change: ResourceChange, many = 1): string {
  const one = many === 1;
  switch (change.action) {
    case "create":
      return change.recreates ? `gone outside the file, created again · ${change.summary}` : change.summary;
    case "adopt":
      if (change.outside === "gone")
        return "gone outside the file, and another one has its name: that one is adopted";
      return one ? "exists already, adopted" : "exist already, adopted";
    case "update":
      return change.fields.length === 0 ? describeDue(change) : updateReason(change);
    case "replace":
      return change.succession ? describeRotation(change.succession) : describeReplacement(change);
    case "delete":
      return change.summary + describeCopy(change.exportedTo);
    case "forget":
      return change.outside === "gone"
        ? "gone, and no longer in the file: only the inventory forgets it"
        : "no longer in the file, and stays as it is: only the inventory forgets it";
    case "keep":
      if (change.notes.some(({ note }) => note === "secret-changed"))
        return "a secret was changed outside the file";
      return change.converged.length > 0
        ? `already as the file asks: ${listWords(change.converged)}`
        : "unchanged";
    default:
      return change.action satisfies never;
  }
}

/** Where the file asks for it: the line of the one field that changed, else the block's. */
export function placeOf(change: ResourceChange): string {
  if (change.action !== "update" || !change.where) return "";
  if (!change.fields.some(({ verdict }) => isOfFile(verdict))) return "";
  const only = change.fields.length === 1 ? change.fields[0]?.where : undefined;
  return `, ${change.where.file}:${(only ?? change.where).line}`;
}

function describeDue({ due, exportedTo }: ResourceChange): string {
  if (!due?.formers) return "an earlier run ended before its deploy, which is still due";
  return `an earlier run began to replace it: the former one is still to be deleted${describeCopy(exportedTo)}`;
}

function describeReplacement({ fields, exportedTo, takesOver }: ResourceChange): string {
  const fixed = fields.filter((field) => field.forcesReplace).map((field) => field.field);
  const reason = `must be replaced: ${listWords(fixed)} cannot change${describeCopy(exportedTo)}`;
  if (!takesOver) return reason;
  const taken = Object.entries(takesOver).map(([field, count]) => `${field} (${count})`);
  const values = taken.length === 0 ? "" : ` and takes over ${listWords(taken)}`;
  return `${reason}; the new one is made first${values}`;
}

function describeCopy(exportedTo: string | undefined): string {
  return exportedTo === undefined ? "" : `, exported first to ${exportedTo}`;
}

function describeRotation({ mode, because }: Rotation): string {
  switch (mode) {
    case "begin":
      return `rotated, ${because}: the new one is delivered and proven before this one goes`;
    case "continue":
      return `rotated, ${because}: the new one is there, and is delivered and proven before this one goes`;
    case "again":
      return `removed and made again, ${because}`;
    case "gap":
      return `replaced WITH A GAP, ${because}: this one goes before the new one is there`;
    default:
      return mode satisfies never;
  }
}

/** Whether the file's own text asks for something else, so that its line is the place to look at. */
function isOfFile(verdict: Verdict): boolean {
  return verdict !== "outside" && verdict !== "source";
}

function updateReason(change: ResourceChange): string {
  const verdicts = new Set<Verdict>(change.fields.map((field) => field.verdict));
  if (verdicts.has("both") || (verdicts.has("file") && verdicts.has("outside")))
    return "changed in the file and outside it";
  if (verdicts.has("outside"))
    return isDrifted(change) || !verdicts.has("unknown")
      ? "changed outside the file"
      : "changed outside the file, or new in it";
  if (verdicts.has("file")) return "changed in the file";
  return verdicts.has("source") ? "another value than last applied" : "new in the file";
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
