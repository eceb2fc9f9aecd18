import type { Address } from "../base/address.ts";
import type { FieldChange, Note } from "../model/change.ts";
import type { Comparison, Differences } from "../compare/comparison.ts";
import { fieldKey } from "../model/desired.ts";
import { digestOf, type Digest } from "../base/digest.ts";
import { canonical } from "../base/json.ts";
import type { Kind } from "../kind/kind.ts";

/*
 * Only the file replaces. What an API cannot change in place (a region, a version) differs from the file for one of two
 * reasons: the file moved, which asks for another object in place of this one, or live moved, which asks for nothing.
 *
 *   last applied   file        live        what it is
 *   oregon         frankfurt   oregon      the file moved: another one takes its place
 *   16             16          17          upgraded in the dashboard: a note, and drift
 *   oregon         oregon      mars-1      a word that trueup does not know: a note, and drift
 *   oregon         frankfurt   null        the file moved, but it cannot be told from what: a note, and drift
 *   nothing        frankfurt   oregon      adopted, or newly said: a note, and no drift
 *   asked oregon   frankfurt   oregon      made by a run that ended before it heard the answer: the file moved
 *
 * The last one is noted in the inventory as *settled*: the file's wish, and the digest of what was live. From then on
 * another wish is a move of the file, and another live value is somebody's.
 */

/** By key of a field that cannot change in place: the digest of what was live when the file began to ask something else. */
export type Settled = { readonly [fieldKey: string]: Digest };

/** What decides, besides the fields, where an object is left as it is. */
export type Leaving = {
  /** The object was found by its name and is not owned yet: adopting never replaces. */
  readonly isForeign: boolean;
  /** `--allow-replace` was given: what is settled is replaced after all. */
  readonly isAllowed: boolean;
  /** An earlier run made the object as a replacement, from the file of then; what the inventory remembers is of the old object. */
  readonly isOwnDoing: boolean;
  /** Whether the object is as a creation without an answer asked for it, and the file asks something else by now. */
  readonly hasFileMoved: (change: FieldChange) => boolean;
};

type Left = FieldChange & { readonly verdict: "outside" | "both" | "unknown" };

/** Takes out of the differences what cannot change in place and is not replaced either (see the table above); notes tell it. */
export function leaveLive(
  differences: Differences,
  comparison: Comparison,
  leaving: Leaving,
): Differences & { readonly settled: Settled } {
  const judged = differences.fields.map((change) => judge(comparison, change, leaving));
  const left = judged.flatMap((one) => (one.is === "untouched" ? [one.change] : []));
  const settling = left.filter((change) => isToBeNoted(comparison, change, leaving));
  return {
    ...differences,
    fields: judged.flatMap((one) => (one.is === "kept" ? [one.change] : [])),
    notes: [...differences.notes, ...left.map((change) => describe(comparison, change))],
    converged: [...differences.converged, ...settling.map(keyOf)],
    settled: Object.fromEntries(settling.map((change) => [keyOf(change), digestLive(comparison, change)])),
  };
}

type Judged =
  | { readonly is: "kept"; readonly change: FieldChange }
  | { readonly is: "untouched"; readonly change: Left };

function judge(comparison: Comparison, change: FieldChange, leaving: Leaving): Judged {
  if (!change.forcesReplace) return { is: "kept", change };
  const mover = findMover(comparison, change, leaving);
  if (change.unreadable)
    return { is: "untouched", change: { ...change, verdict: mover === "file" ? "both" : mover } };
  if (mover === "file") {
    const verdict = change.verdict === "both" && !wasThere(comparison, change) ? "both" : "file";
    return { is: "kept", change: { ...change, verdict } };
  }
  if (mover === "unknown" && leaving.isAllowed && !leaving.isForeign)
    return { is: "kept", change: { ...change, verdict: "file" } };
  return { is: "untouched", change: { ...change, verdict: mover } };
}

/** Who moved. `unknown`: the file was never equal to this object, and asks what it asked when that was noted. */
function findMover(
  comparison: Comparison,
  change: FieldChange,
  { isForeign, isOwnDoing, hasFileMoved }: Leaving,
): "file" | "outside" | "unknown" {
  if (isForeign) return "unknown";
  if (change.verdict === "unknown") return hasFileMoved(change) ? "file" : "unknown";
  // Only trueup touched the object, so the file asks something else again, as when a commit is reverted.
  if (isOwnDoing) return "file";
  // The verdict `outside` says that the file asks what it asked when that was last noted.
  if (change.verdict === "outside") return wasThere(comparison, change) ? "unknown" : "outside";
  return "file";
}

function wasThere(comparison: Comparison, change: FieldChange): boolean {
  const settled = comparison.owned?.settled?.[keyOf(change)];
  const addresses = [comparison.desired.address, ...(comparison.owned?.notedAs ?? [])];
  return settled !== undefined && addresses.some((one) => settled === digestLive(comparison, change, one));
}

/** Whether a difference is to be noted as settled: nothing is remembered of it yet, and live shows a value that can be read. */
function isToBeNoted(comparison: Comparison, change: Left, { isForeign }: Leaving): boolean {
  if (change.verdict !== "unknown" || change.unreadable) return false;
  return isForeign || !wasThere(comparison, change);
}

function keyOf({ field, entry }: FieldChange): string {
  return fieldKey(field, entry);
}

function digestLive(
  { key, desired }: Comparison,
  change: FieldChange,
  address: Address = desired.address,
): Digest {
  const { before } = change;
  const live = before.show === "public" ? canonical(before.value) : before.show;
  return digestOf(key, { address, field: keyOf(change) }, live);
}

function describe({ desired: { address } }: Comparison, change: Left): Note {
  const { field, before, after, verdict } = change;
  const [live, wanted] = [before, after].map((side) =>
    side.show === "public" ? canonical(side.value) : side.show === "absent" ? "not shown" : "set",
  );
  const facts = `${field} is ${live} and the file says ${wanted}`;
  const text = change.unreadable
    ? `${facts}: no file could say what the API shows, so nothing is done about it; lifecycle.ignore [/${field}] takes it as it is`
    : verdict === "unknown"
      ? `${facts}: it cannot change in place, and stays as it is; write ${live} to agree, or replace it with --allow-replace ${address}`
      : `${facts}: somebody changed it, and it cannot be put back; write ${live} to agree`;
  return { note: "stays", field, before, after, verdict, text };
}

/**
 * The note about an object that the API lists as ended, such as a revoked token. No new one is made by itself: if the API
 * were wrong, there would be two.
 */
export function endedNote({ noun, shownOnce: [output = "value"] = [] }: Kind, address: Address): Note {
  const text = `the API says that this ${noun} has ended, and nothing is made in its place by itself; trueup rotate ${address} makes a new one and delivers it`;
  const [before, after] = ["ended", "active"].map((word) => ({ show: "source" as const, text: word }));
  return { note: "stays", field: output, before: before!, after: after!, verdict: "outside", text };
}
