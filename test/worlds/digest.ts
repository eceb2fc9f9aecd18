import { createHash } from "node:crypto";

export function digest(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}
