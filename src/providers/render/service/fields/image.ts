import { sameJson, type Json } from "../../../../core/base/json.ts";
import type { Mover } from "../../../../core/model/field.ts";

/**
 * An image in its full spelling, for comparison: `nginx` reads back as `docker.io/library/nginx:latest` (recorded: web service with
 * an image).
 */
export function normalImage(value: Json): Json {
  const image = value as { readonly url?: unknown; readonly creds?: Json };
  if (typeof image.url !== "string") return value;
  return { ...image, url: normalReference(image.url) };
}

/** The full address of an image, with its host and its tag or digest. */
export function normalReference(reference: string): string {
  const bare = reference.replace(/^https?:\/\//u, "");
  const [first = "", ...rest] = bare.split("/");
  const hasHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  const host = hasHost ? first : "docker.io";
  const path = hasHost ? rest.join("/") : bare;
  const full = host === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const hasTag = /[:@]/u.test(full.slice(full.lastIndexOf("/") + 1)) || full.includes("@");
  return `${host}/${full}${hasTag ? "" : ":latest"}`;
}

const digest = /@sha256:[0-9a-f]+$/u;

/**
 * The digest that a live image has and the file's has not, where all that the file says is so. Render adds the digest that a
 * tag meant, and a deploy that names an image may leave the digest alone: a tag that live does not show is not compared.
 */
export function digestMover(wanted: Json | undefined, live: unknown): Mover | undefined {
  const [desired, found] = [wanted, live] as readonly ({
    readonly url?: unknown;
    readonly creds?: Json;
  } | null)[];
  if (typeof desired?.url !== "string" || typeof found?.url !== "string") return undefined;
  if (desired.url.includes("@") || !digest.test(found.url)) return undefined;
  if (desired.creds !== undefined && !sameJson(desired.creds, found.creds)) return undefined;
  const shown = found.url.replace(digest, "");
  const asked = normalReference(desired.url);
  const isSame =
    [asked, asked.slice(0, asked.lastIndexOf(":"))].some((one) => one === shown) ||
    asked === normalReference(shown);
  return isSame ? { as: "part", because: "Render names the digest that it runs" } : undefined;
}

/** A live image as an export writes it: a tag stays without the digest that it stood for when somebody deployed it. */
export function exportedImage(live: Json): Json {
  const image = live as { readonly url?: unknown };
  if (typeof image.url !== "string") return live;
  const shown = image.url.replace(digest, "");
  const hasTag = shown.slice(shown.lastIndexOf("/") + 1).includes(":");
  return hasTag ? { ...image, url: shown } : live;
}
