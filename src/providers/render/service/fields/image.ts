import { sameJson, type Json } from "../../../../core/base/json.ts";

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

/** Whether the live image is the declared one with a digest added: Render adds the digest that a tag meant, and that counts as no change. */
export function isResolvedImage(desired: Json, live: Json): boolean {
  const [wanted, found] = [desired, live] as readonly { readonly url?: unknown }[];
  if (typeof wanted?.url !== "string" || typeof found?.url !== "string" || wanted.url.includes("@"))
    return false;
  return sameJson(desired, { ...(live as object), url: found.url.replace(/@sha256:[0-9a-f]+$/u, "") });
}
