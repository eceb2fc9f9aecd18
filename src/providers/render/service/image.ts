import type { Json } from "../../../core/json.ts";

/**
 * `nginx` reads back as `docker.io/library/nginx:latest` (recorded: web service with an image), so both sides are compared
 * in that form.
 */
export function normalImage(value: Json): Json {
  const image = value as { readonly url?: unknown; readonly creds?: Json };
  if (typeof image.url !== "string") return value;
  return { ...image, url: normalReference(image.url) };
}

function normalReference(reference: string): string {
  const bare = reference.replace(/^https?:\/\//u, "");
  const [first = "", ...rest] = bare.split("/");
  const hasHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  const host = hasHost ? first : "docker.io";
  const path = hasHost ? rest.join("/") : bare;
  const full = host === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const hasTag = /[:@]/u.test(full.slice(full.lastIndexOf("/") + 1)) || full.includes("@");
  return `${host}/${full}${hasTag ? "" : ":latest"}`;
}
