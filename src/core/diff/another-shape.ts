import type { ResourceChange } from "../model/change.ts";
import type { Differences } from "../compare/comparison.ts";
import type { Desired } from "../model/desired.ts";
import type { Shape } from "../model/field.ts";
import type { FileKind } from "../model/file-kind.ts";
import type { Found, Live } from "../model/live.ts";
import type { Settled } from "./leave-live.ts";
import { describeShape, shapeOf } from "../kind/shape.ts";
import { asStart, withArticle } from "../base/text.ts";

/*
 * A live object of another shape than its block. Objects of one shape have fields that those of another lack, and no call
 * turns one into the other; so a block that is compared with such an object differs for good, and every run would write what
 * the object cannot keep.
 *
 *   the file       live                                     what is done
 *   static site    a worker, not ours                       refused: adopting it would settle nothing
 *   static site    a worker, ours since it was asked for    refused; --allow-replace puts another one in its place
 *   static site    was one, and shows as a worker now       a note, as for all that moved outside; nothing of it is written
 *   static site    of a type that trueup does not know      not ours: refused. Ours: as everything that cannot be read
 */

/** The shape that a block asks for, and the other one that the live object has. */
export type OtherShape = {
  /** The shape that the block asks for. */
  readonly wanted: Shape;
  /** Absent: live is of a type that no block could have. */
  readonly shape?: Shape;
};

/** The two shapes, where the live object has another one than its block; `undefined` where they agree. */
export function findOtherShape(
  kind: Pick<FileKind, "shapes">,
  { spec }: Pick<Desired, "spec">,
  found: Pick<Found, "spec">,
): OtherShape | undefined {
  const [wanted, shape] = [shapeOf(kind, spec), shapeOf(kind, found.spec)];
  if (wanted === undefined || wanted === shape) return undefined;
  return { wanted, ...(shape && { shape }) };
}

/** Takes out of the differences all that would be written to an object of another shape, unless it is replaced anyway. */
export function leaveOtherShape<Left extends Differences & { readonly settled: Settled }>(
  left: Left,
  other: OtherShape | undefined,
  isForeign: boolean,
): Left {
  const isReplaced = left.fields.some((field) => field.forcesReplace);
  if (!other || isReplaced || (!other.shape && !isForeign)) return left;
  if (isForeign)
    return { ...left, fields: [], optional: [], converged: [], moved: [], settled: {}, notes: [] };
  return { ...left, fields: [], optional: [], notes: left.notes.filter(({ note }) => note === "stays") };
}

/** Whether live had this shape already when the file began to ask for another one, so that nothing changed outside. */
export function isSinceAsked({ notes }: Pick<ResourceChange, "notes">, { wanted }: OtherShape): boolean {
  const deciding = Object.keys(wanted.when ?? {});
  return notes.some(
    (note) => note.note === "stays" && note.verdict === "unknown" && deciding.includes(note.field),
  );
}

/** The sentences of a problem with the code `other-type`. */
type Told = { readonly message: string; readonly remedy: string };

/** Why a block cannot be a live object of another shape that is not owned, and what to do. */
export function refuseForeignShape(desired: Desired, kind: FileKind, found: Found, other: OtherShape): Told {
  const edits = "give the block another name, or rename or delete the live one in the dashboard";
  return {
    message: describe(desired, `exists already as ${nameShape(kind, found, other)}`, found, other),
    remedy: other.shape
      ? `Write ${linesOf(other.shape)} to take it over as it is, ${edits}.`
      : `${asStart(edits)}.`,
  };
}

/** Why a block cannot be the owned object, which has another shape; another one can take its place. */
export function refuseOwnShape(
  desired: Desired,
  kind: FileKind,
  { found }: Live,
  { other, flag }: { readonly other: OtherShape & { readonly shape: Shape }; readonly flag: string },
): Told {
  return {
    message: describe(desired, `is ${nameShape(kind, found, other)}`, found, other),
    remedy: `Write ${linesOf(other.shape)} to keep it as it is, or let another one take its place with ${flag}.`,
  };
}

function describe({ address }: Desired, is: string, { id }: Found, { wanted }: OtherShape): string {
  return `${address} ${is} (${id}), and the file declares ${describeShape(wanted)}: one never becomes the other.`;
}

function nameShape({ noun }: FileKind, { spec }: Found, { shape }: OtherShape): string {
  if (shape) return describeShape(shape);
  return `${withArticle(noun)} of the type ${JSON.stringify(spec["type"] ?? null)}, which no file can say`;
}

/** The lines that make a block of this shape: `type: web, runtime: static`. */
function linesOf({ when = {} }: Shape): string {
  const [type] = when.type ?? [];
  const runtime = when.runtime && !("not" in when.runtime) ? when.runtime[0] : undefined;
  return [...(type ? [`type: ${type}`] : []), ...(runtime ? [`runtime: ${runtime}`] : [])].join(", ");
}
