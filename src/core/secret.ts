import { createHmac } from "node:crypto";

/**
 * A text that does not print: template strings, JSON, `util.inspect` and errors all show `(secret)`. The plain text is
 * reached through `revealSecret` only, and `test/architecture.test.ts` names the modules that may import it: the HTTP
 * body writer, and nothing that prints or stores.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return "(secret)";
  }

  toJSON(): string {
    return "(secret)";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "Secret";
  }

  static reveal(secret: Secret): string {
    return secret.#text;
  }
}

export function revealSecret(secret: Secret): string {
  return Secret.reveal(secret);
}

export function sameSecret(a: Secret, b: Secret): boolean {
  return Secret.reveal(a) === Secret.reveal(b);
}

/** Joins pieces, some of them secret, into one secret: a URL built from a password, for example. */
export function joinSecret(...parts: readonly (string | Secret)[]): Secret {
  return new Secret(parts.map((part) => (typeof part === "string" ? part : Secret.reveal(part))).join(""));
}

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
  return createHmac("sha256", Buffer.from(Secret.reveal(key.secret), "hex"))
    .update(`${place.address}\n${place.field}\n`)
    .update(typeof value === "string" ? value : Secret.reveal(value))
    .digest("hex");
}

/** What people see of a secret: enough to tell two values apart, too little to guess one. */
export function fingerprint(digest: Digest): string {
  return digest.slice(0, 4);
}
