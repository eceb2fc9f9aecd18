import { defineTable, type Row } from "../../base/account.ts";
import type { World } from "../../base/world.ts";

/** A stored file; the id is its name. The simulator keeps what is known about a file, not its bytes. */
export type AssetRow = Row & {
  readonly jobId: string;
  readonly contentType: string;
  /** Bytes that were uploaded; 0 for what RENDERCAD made. */
  readonly size: number;
  /** What the first bytes say it is; `undefined`: nothing that RENDERCAD renders. */
  readonly format?: AssetFormat;
  readonly createdAt: number;
};
/** What can be rendered: the reference says images, these are the ones a camera or a program saves. */
export const detectedImages = ["jpeg", "png", "webp"] as const;
type AssetFormat = (typeof detectedImages)[number] | "mp4" | "gif";

export const assets = defineTable<AssetRow>("rendercad assets");

const host = "renders.rendercad.ai";
const day = 86_400_000;
/** History counts the days down from here (the documented example is at 87). */
const daysKept = 90;

/** The canonical address of a stored file. Nothing is served there: it is a name. */
export function assetUrl(name: string): string {
  return `https://${host}/${name}`;
}

/** The file that an address names; `undefined` for other hosts, unknown names and files past their time. */
export function findAsset(world: World, url: string): AssetRow | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host: named, pathname } = new URL(url);
  if (protocol !== "https:" || named !== host) return undefined;
  const name = decodeName(pathname.slice(1));
  const row = namesOf(name).flatMap((known) => world.account.find(assets, known) ?? [])[0];
  return row && world.clock.now() < row.createdAt + daysKept * day ? row : undefined;
}

/** Answers and payloads name one file differently: `abc`, `abc.jpg`, `output_abc.jpg`; `abc_input`, `input_abc.jpg`. */
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

export function daysLeft(createdAt: number, now: number): number {
  return Math.max(0, daysKept - Math.floor((now - createdAt) / day));
}

/** Puts a file under a name, over one that is there already: an upload can be repeated. */
export function storeAsset(world: World, asset: AssetRow): void {
  if (world.account.find(assets, asset.id)) world.account.remove(assets, asset.id);
  world.account.insert(assets, asset);
}

export function removeAssetsOf(world: World, jobId: string): void {
  for (const asset of world.account.list(assets))
    if (asset.jobId === jobId) world.account.remove(assets, asset.id);
}

/** Tells an image by its first bytes. */
export function detectImage(bytes: Uint8Array): (typeof detectedImages)[number] | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString("latin1");
  if (text.startsWith("\xFF\xD8\xFF")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1A\n")) return "png";
  return /^RIFF.{4}WEBP/s.test(text) ? "webp" : undefined;
}
