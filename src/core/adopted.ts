import type { FieldChange, Note } from "./change.ts";
import type { Differences } from "./compare-fields.ts";
import { fieldKey } from "./desired.ts";
import { canonical } from "./json.ts";

/**
 * Adopting never forces a replacement: what cannot change in place stays as it was found, with a note. The inventory
 * remembers the file's wish as settled, so that no later plan takes the difference for an edit by somebody else, which it
 * cannot be: nobody can change it in place either. Only another wish in the file replaces the object.
 */
export function leaveAdopted(differences: Differences, isForeign: boolean): Differences {
  const { fields, notes, converged } = differences;
  const isSettled = (change: FieldChange): boolean =>
    change.forcesReplace && (isForeign || change.verdict === "outside");
  const settled = fields.filter((change) => isSettled(change));
  return {
    ...differences,
    fields: fields.filter((change) => !isSettled(change)),
    notes: [...notes, ...settled.map(describe)],
    converged: isForeign
      ? [...converged, ...settled.map(({ field, entry }) => fieldKey(field, entry))]
      : converged,
  };
}

function describe({ field, before, after }: FieldChange): Note {
  const [live, wanted] = [before, after].map((side) =>
    side.show === "public" ? canonical(side.value) : "set",
  );
  const text = `${field} is ${live} and the file says ${wanted}: it cannot change in place, and stays as it was adopted`;
  return { note: "remark", text };
}
