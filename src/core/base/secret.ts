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

/** The plain text of a secret. Who may import this is listed in `test/architecture.test.ts`. */
export function revealSecret(secret: Secret): string {
  return Secret.reveal(secret);
}

/** Whether two secrets hold the same text. */
export function sameSecret(a: Secret, b: Secret): boolean {
  return Secret.reveal(a) === Secret.reveal(b);
}

/** Whether a secret is empty or holds nothing but white space. */
export function isBlankSecret(secret: Secret): boolean {
  return Secret.reveal(secret).trim() === "";
}

/** Joins pieces, some of them secret, into one secret: a URL built from a password, for example. */
export function joinSecret(...parts: readonly (string | Secret)[]): Secret {
  return new Secret(parts.map((part) => (typeof part === "string" ? part : Secret.reveal(part))).join(""));
}
