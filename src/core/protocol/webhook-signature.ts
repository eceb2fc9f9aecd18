import { createHmac, timingSafeEqual } from "node:crypto";
import type { Millis } from "../model/budget.ts";
import { revealSecret, type Secret } from "../base/secret.ts";

/** The company that sends a webhook, and so the way in which it is signed. */
export type HookSide = "render" | "rendercad";

/** One webhook as it arrived. Header names in lower case; the body byte for byte, because that is what is signed. */
export type Delivery = {
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
};

/**
 * What a check of a signature found. `valid` and `stale`: it was made with this secret over these bytes. `stale`: but at a
 * time (`signedAt`) too far from now, so it may be an old delivery that is sent again. `mismatch`: another secret or other
 * bytes, and it cannot be told which. `malformed`: a header or the secret cannot be what it should be; `problem` says which,
 * and repeats neither.
 */
export type SignatureVerdict =
  | { readonly verdict: "valid"; readonly signedAt?: Millis }
  | { readonly verdict: "stale"; readonly signedAt: Millis }
  | { readonly verdict: "mismatch" }
  | { readonly verdict: "malformed"; readonly problem: string };

/** What a signature is checked with. */
export type SignatureCheck = {
  readonly secret: Secret;
  /** Milliseconds since 1970. */
  readonly now: Millis;
  /** How far `signedAt` may be from now, either way. */
  readonly tolerance: Millis;
};

/** The tolerance that the specification of Standard Webhooks and its libraries use. */
export const usualTolerance: Millis = 5 * 60_000;

/** The sides whose signature header is there. */
export function findHookSides({ headers }: Delivery): readonly HookSide[] {
  return [
    ...(headers["webhook-signature"] === undefined ? [] : ["render" as const]),
    ...(headers["x-webhook-signature"] === undefined ? [] : ["rendercad" as const]),
  ];
}

/** Checks the signature of a delivery. The caller chooses the side, so that a receiver for one never accepts the other's. */
export function verifySignature(side: HookSide, delivery: Delivery, check: SignatureCheck): SignatureVerdict {
  switch (side) {
    case "render":
      return verifyStandard(delivery, check);
    case "rendercad":
      return verifyRendercad(delivery, check);
    default:
      return side satisfies never;
  }
}

/**
 * Checks RENDERCAD's signature, `X-Webhook-Signature: sha256=<64 hex digits>`: HMAC-SHA-256 of the raw body under the text
 * of the whole secret, `whsec_` included (documented). No time is signed, and a retry after 21 minutes is byte for byte the
 * first attempt, so an old delivery cannot be told from a new one.
 */
function verifyRendercad({ headers, body }: Delivery, { secret }: SignatureCheck): SignatureVerdict {
  const [, hex] = /^sha256=([0-9a-f]{64})$/iu.exec(headers["x-webhook-signature"]?.trim() ?? "") ?? [];
  if (hex === undefined) return malformed("X-Webhook-Signature is not sha256= and 64 hex digits.");
  const expected = createHmac("sha256", revealSecret(secret)).update(body).digest();
  return timingSafeEqual(Buffer.from(hex, "hex"), expected) ? { verdict: "valid" } : { verdict: "mismatch" };
}

/**
 * Checks a signature by Standard Webhooks, which Render uses: `webhook-signature` holds one or more `v1,<base64>`, separated
 * by spaces. Each is an HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<raw body>` under the bytes that follow `whsec_`
 * in base64. There are several while a secret is being changed; schemes other than v1 are passed over.
 */
function verifyStandard(
  { headers, body }: Delivery,
  { secret, now, tolerance }: SignatureCheck,
): SignatureVerdict {
  const [id = "", timestamp = ""] = [headers["webhook-id"]?.trim(), headers["webhook-timestamp"]?.trim()];
  if (id === "") return malformed("There is no webhook-id.");
  if (!/^\d{1,12}$/u.test(timestamp))
    return malformed("webhook-timestamp is not a time in whole seconds since 1970.");
  const signatures = (headers["webhook-signature"] ?? "").split(/\s+/u).flatMap((one) => {
    const [, text = ""] = /^v1,(.+)$/u.exec(one) ?? [];
    const bytes = decodeBase64(text);
    return bytes?.length === 32 ? [bytes] : [];
  });
  if (signatures.length === 0) return malformed("webhook-signature holds no v1, with 32 bytes in base64.");
  const key = decodeBase64(revealSecret(secret).replace(/^whsec_/u, ""));
  if (!key) return malformed("The secret is not whsec_ followed by base64.");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  // All of them are compared, so that the time this takes does not tell which one fits.
  const fitting = signatures.filter((signature) => timingSafeEqual(signature, expected));
  if (fitting.length === 0) return { verdict: "mismatch" };
  const signedAt = Number(timestamp) * 1000;
  return { verdict: Math.abs(now - signedAt) > tolerance ? "stale" : "valid", signedAt };
}

function malformed(problem: string): SignatureVerdict {
  return { verdict: "malformed", problem };
}

/** The bytes of a base64 text; `undefined` for what is empty or not base64, which Node's own decoder would partly accept. */
function decodeBase64(text: string): Buffer | undefined {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)$/u.test(text)
    ? Buffer.from(text, "base64")
    : undefined;
}
