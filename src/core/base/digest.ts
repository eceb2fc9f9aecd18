import { createHmac } from "node:crypto";
import { revealSecret, Secret } from "./secret.ts";

/** 64 hex digits, HMAC-SHA-256. */
export type Digest = string;

/**
 * The key that digests are made with: 32 bytes, `state/key` or TRUEUP_STATE_KEY. A bare hash of a weak password can be
 * guessed from a leaked state; without this key a keyed one cannot. `id` tells keys apart without revealing them.
 */
export type DigestKey = { readonly id: string; readonly secret: Secret };

export function makeDigestKey(hex: string): DigestKey {
  const id = createHmac("sha256", "trueup digest key id").update(hex).digest("hex").slice(0, 12);
  return { id, secret: new Secret(hex) };
}

/**
 * Bound to address and field, so that equal values in two places do not show as equal digests. `value` is the plain
 * text of a secret, or the canonical text of public JSON.
 */
export function digestOf(
  key: DigestKey,
  place: { address: string; field: string },
  value: Secret | string,
): Digest {
  return createHmac("sha256", Buffer.from(revealSecret(key.secret), "hex"))
    .update(`${place.address}\n${place.field}\n`)
    .update(typeof value === "string" ? value : revealSecret(value))
    .digest("hex");
}

/** What people see of a secret: enough to tell two values apart, too little to guess one. */
export function fingerprint(digest: Digest): string {
  return digest.slice(0, 4);
}
