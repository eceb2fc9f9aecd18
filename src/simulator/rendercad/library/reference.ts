import type { Json } from "../../../core/base/json.ts";
import { readBody, readObjects, readText, requireChoice, type Body } from "../../base/body.ts";
import { fail, type Call } from "../../base/route.ts";
import { findLibraryItem } from "./library.ts";
import type { SlotWish } from "../job/slot.ts";

const mostReferences = 6;

/** The reference objects of a job as answers show them, and the slots that they need. */
export type References = { readonly shown: Json; readonly wishes: readonly SlotWish[] };

/**
 * Reads the reference objects of an image job. Documented are `type`, `asset_kind`, that library items are named by
 * id, that remote assets are copied and that local files become slots for uploads; the names of `id`, `url` and the
 * slot are not.
 */
export function readReferences(
  call: Call,
  job: { readonly model: string; readonly key: string },
): References {
  const references = readObjects(readBody(call)["references"], "references");
  if (references.length > 0 && job.model !== "pro") fail(400, "references require the pro model");
  if (references.length > mostReferences) fail(400, `references must be at most ${mostReferences}`);
  const read = references.map((reference, index) => readReference(reference, index, job.key));
  return {
    shown: read.map(({ shown }) => shown),
    wishes: read.flatMap(({ wish }) => wish ?? []),
  };
}

function readReference(
  reference: Body,
  index: number,
  key: string,
): { readonly shown: Json; readonly wish?: SlotWish } {
  const type = requireChoice(reference, "type", ["background", "material"] as const);
  const kind = readText(reference, "asset_kind");
  const library = type === "background" ? "backgrounds" : "textures";
  if (type === "material" && kind !== undefined && kind !== "texture")
    fail(400, "asset_kind must be texture for a material");
  const id = readText(reference, "id");
  const shown = { type, ...(kind !== undefined && { asset_kind: kind }), ...(id !== undefined && { id }) };
  if (id !== undefined) {
    if (!findLibraryItem(library, id)) fail(400, `references: there is no ${type} ${id}`);
    return { shown };
  }
  const url = readText(reference, "url");
  const place = { slot: "reference", index, asset: `${key}_reference_${index}` };
  return { shown, wish: url === undefined ? place : { ...place, copy: { url, field: "references" } } };
}
