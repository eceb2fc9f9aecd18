import type { JsonObject } from "../../../core/base/json.ts";
import { fail } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { assetUrl, assets, detectedImages, findAsset, storeAsset } from "../library/asset.ts";
import type { JobRow, Slot } from "./job-row.ts";

const mebibyte = 2 ** 20;
/** The most bytes of an image, documented as 80MB. It is checked when the job is finalized. */
const largestImage = 80 * mebibyte;

/** A slot to be made: one that the caller fills by an upload, or one that names a RENDERCAD image to be copied. */
export type SlotWish = {
  readonly slot: string;
  readonly index?: number;
  readonly asset: string;
  /** The image to copy, and the field that named it. */
  readonly copy?: { readonly url: string; readonly field: string };
};

/**
 * Makes the slots of a job and copies images into them at once (documented). Everything is checked before anything is
 * copied.
 */
export function fillSlots(world: World, jobId: string, wishes: readonly SlotWish[]): Slot[] {
  const found = wishes.map((wish) => ({ wish, source: wish.copy && findImage(world, wish.copy) }));
  for (const { wish, source } of found) {
    if (source) storeAsset(world, { ...source, id: wish.asset, jobId, createdAt: world.clock.now() });
  }
  return found.map(({ wish, source }) => ({
    slot: wish.slot,
    index: wish.index ?? null,
    asset: wish.asset,
    upload: source === undefined,
  }));
}

function findImage(world: World, { url, field }: { readonly url: string; readonly field: string }) {
  const asset = findAsset(world, url);
  if (!asset) return fail(400, `${field} must be an existing RENDERCAD asset URL`);
  return isImage(asset.format) ? asset : fail(400, `${field} must be the URL of an image`);
}

/**
 * The slots to upload to, as `required_uploads` shows them: without an index where there is one slot of a name, as in
 * the documented answer.
 */
export function viewUploads(slots: readonly Slot[]): JsonObject[] {
  return slots
    .filter(({ upload }) => upload)
    .map(({ slot, index }) => ({ slot, ...(index !== null && { index }) }));
}

/** The address of the file in a slot; `null` while there is none. */
export function viewSlot(world: World, slot: Slot | undefined): string | null {
  return slot && world.account.find(assets, slot.asset) ? assetUrl(slot.asset) : null;
}

/**
 * Refuses a job where a file is missing or is not what it should be. 422 is documented for contents, for example
 * images that are too large.
 */
export function checkSlots(world: World, job: JobRow): void {
  for (const slot of job.slots) {
    const asset = world.account.find(assets, slot.asset);
    const name = slot.index === null ? slot.slot : `${slot.slot} ${slot.index}`;
    if (!asset) return fail(400, `Upload of ${name} is missing`);
    if (asset.size > largestImage) fail(422, `${name} must be 80MB or smaller`);
    if (!isImage(asset.format)) fail(422, `${name} is not an image that can be rendered`);
  }
}

function isImage(format: string | undefined): boolean {
  return detectedImages.some((image) => image === format);
}
