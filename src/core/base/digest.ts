import { createHmac } from "node:crypto";
import { revealSecret, Secret } from "./secret.ts";

/** A keyed digest of a value, HMAC-SHA-256 in 64 hex digits: it tells whether two values are equal, and not what they are. */
export type Digest = string;

/**
 * The key that digests are made with: 32 bytes in hex, from `state/key` or TRUEUP_STATE_KEY. From a plain hash in a leaked
 * state, a weak password could be guessed; from a keyed digest it cannot, as long as the key does not leak as well. `id`
 * tells keys apart without revealing them.
 */
export type DigestKey = { readonly id: string; readonly secret: Secret };

/** A key from its 64 hex digits. */
export function makeDigestKey(hex: string): DigestKey {
  const id = createHmac("sha256", "trueup digest key id").update(hex).digest("hex").slice(0, 12);
  return { id, secret: new Secret(hex) };
}

/**
 * The digest of a value. It is bound to the address and the field, so that two digests do not tell that one password is used
 * in two places. `value`: a secret, or the `canonical` text of public JSON.
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

/** The four hex digits that people see of a secret: enough to tell two values apart, too little to guess one. */
export function fingerprint(digest: Digest): string {
  return digest.slice(0, 4);
}
