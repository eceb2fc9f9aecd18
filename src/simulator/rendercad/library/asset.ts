import { defineTable, type Row } from "../../base/account.ts";
import type { World } from "../../base/world.ts";

/** A stored file; its id is its name. Facts about the file are kept, and not its bytes. */
export type AssetRow = Row & {
  readonly jobId: string;
  readonly contentType: string;
  /** The bytes that were uploaded; 0 for a file that RENDERCAD made. */
  readonly size: number;
  /** The format that its first bytes show; `undefined`: none that RENDERCAD renders. */
  readonly format?: AssetFormat;
  readonly createdAt: number;
};
/**
 * The formats of images that can be rendered. The reference says "images"; these are the ones that cameras and
 * programs save.
 */
export const detectedImages = ["jpeg", "png", "webp"] as const;
type AssetFormat = (typeof detectedImages)[number] | "mp4" | "gif";

/** The table of stored files. */
export const assets = defineTable<AssetRow>("rendercad assets");

const host = "renders.rendercad.ai";
const day = 86_400_000;
/** The days that a file is kept. History counts them down (the documented example is at 87). */
const daysKept = 90;

/** The address of a stored file. It is a name only: nothing is served there. */
export function assetUrl(name: string): string {
  return `https://${host}/${name}`;
}

/** The file that an address names; `undefined` for other hosts, unknown names and files that have expired. */
export function findAsset(world: World, url: string): AssetRow | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host: named, pathname } = new URL(url);
  if (protocol !== "https:" || named !== host) return undefined;
  const name = decodeName(pathname.slice(1));
  const row = namesOf(name).flatMap((known) => world.account.find(assets, known) ?? [])[0];
  return row && world.clock.now() < row.createdAt + daysKept * day ? row : undefined;
}

/**
 * The names that mean the same file. Answers and deliveries spell it differently: `abc`, `abc.jpg`, `output_abc.jpg`;
 * `abc_input`, `input_abc.jpg`.
 */
function namesOf(name: string): string[] {
  const bare = name.replace(/\.jpg$/, "");
  return [name, bare, bare.replace(/^output_/, ""), bare.replace(/^input_(.+)$/, "$1_input")];
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The days until a file expires. */
export function daysLeft(createdAt: number, now: number): number {
  return Math.max(0, daysKept - Math.floor((now - createdAt) / day));
}

/** Stores a file under its name, in place of one that is there: an upload can be repeated. */
export function storeAsset(world: World, asset: AssetRow): void {
  if (world.account.find(assets, asset.id)) world.account.remove(assets, asset.id);
  world.account.insert(assets, asset);
}

/** Removes all files of a job. */
export function removeAssetsOf(world: World, jobId: string): void {
  for (const asset of world.account.list(assets))
    if (asset.jobId === jobId) world.account.remove(assets, asset.id);
}

/** The format of an image, by its first bytes; `undefined` for anything else. */
export function detectImage(bytes: Uint8Array): (typeof detectedImages)[number] | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString("latin1");
  if (text.startsWith("\xFF\xD8\xFF")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1A\n")) return "png";
  return /^RIFF.{4}WEBP/s.test(text) ? "webp" : undefined;
}
