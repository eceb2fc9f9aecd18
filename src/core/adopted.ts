import type { FieldChange, Note } from "./change.ts";
import type { Comparison } from "./compare.ts";
import type { Differences } from "./compare-fields.ts";
import { fieldKey } from "./desired.ts";
import { digestOf, type Digest } from "./digest.ts";
import { canonical } from "./json.ts";

/** Field keys that could not change when their object was adopted, with the digest of what was live then. */
export type Settled = { readonly [fieldKey: string]: Digest };

/**
 * Adopting never forces a replacement: what cannot change in place stays as it was found, with a note. The inventory
 * remembers the file's wish, and what was live. While both are the same, no later plan takes the difference for an edit;
 * another wish replaces the object, as it does everything that is ours, and another live value is somebody's edit.
 */
export function leaveAdopted(
  differences: Differences,
  comparison: Comparison,
  isForeign: boolean,
): Differences & { readonly settled: Settled } {
  const { owned } = comparison;
  const wasThere = (change: FieldChange): boolean =>
    change.forcesReplace && owned?.settled?.[keyOf(change)] === digestLive(comparison, change);
  // The verdict `outside` says that the file asks what it asked when that was last noted.
  const isLeft = (change: FieldChange): boolean =>
    change.forcesReplace && (isForeign || (wasThere(change) && change.verdict === "outside"));
  const left = differences.fields.filter((change) => isLeft(change));
  const fields = differences.fields
    .filter((change) => !isLeft(change))
    .map((change) => (wasThere(change) ? { ...change, verdict: "file" as const } : change));
  const settled = left.map((change) => [keyOf(change), digestLive(comparison, change)] as const);
  return {
    ...differences,
    fields,
    notes: [...differences.notes, ...left.map(describe)],
    converged: isForeign ? [...differences.converged, ...left.map(keyOf)] : differences.converged,
    settled: isForeign ? Object.fromEntries(settled) : {},
  };
}

function keyOf({ field, entry }: FieldChange): string {
  return fieldKey(field, entry);
}

function digestLive({ key, desired }: Comparison, change: FieldChange): Digest {
  const { before } = change;
  const live = before.show === "public" ? canonical(before.value) : before.show;
  return digestOf(key, { address: desired.address, field: keyOf(change) }, live);
}

function describe({ field, before, after }: FieldChange): Note {
  const [live, wanted] = [before, after].map((side) =>
    side.show === "public" ? canonical(side.value) : "set",
  );
  const text = `${field} is ${live} and the file says ${wanted}: it cannot change in place, and stays as it was adopted`;
  return { note: "remark", text };
}
