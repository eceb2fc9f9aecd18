import { stripVTControlCharacters } from "node:util";
import { revealSecret, type Secret } from "../core/secret.ts";

/**
 * An API may repeat what it was sent, and more: the secrets of this call are taken out by text, and whatever else has the
 * shape of a credential by shape. Ids of Render's (`srv-` and 20 characters) stay readable.
 */
export function scrub(message: string, sent: readonly Secret[]): string {
  return maskCredentials(takeOut(message, sent.map(revealSecret)));
}

/** A text this short says nothing, and without every `1` and `ok` no line could be read. */
const shortest = 4;
const longestLine = 300;

/**
 * Lines of a program's log: colours taken off first, since they can stand within a secret, then the secrets, as a whole and
 * line by line, then what has the shape of a credential. `open` are values that the file itself shows.
 */
export function scrubLines(
  lines: readonly string[],
  secrets: readonly Secret[],
  open: ReadonlySet<string>,
): readonly string[] {
  const texts = new Set(
    secrets.map(revealSecret).flatMap((text) => [text, ...text.split(/\r?\n/u).map((line) => line.trim())]),
  );
  const told = [...texts].filter((text) => text.length >= shortest && !open.has(text));
  // The longest first: what is left of a longer one would be told without the shorter one in it.
  told.sort((a, b) => b.length - a.length);
  return lines.map((line) =>
    maskCredentials(takeOut(stripVTControlCharacters(line), told))
      .slice(0, longestLine)
      .trimEnd(),
  );
}

function takeOut(message: string, texts: readonly string[]): string {
  let clean = message;
  for (const text of texts) {
    // A lone surrogate has no percent-encoding.
    const wellFormed = Buffer.from(text).toString();
    for (const form of [
      text,
      encodeURIComponent(wellFormed),
      JSON.stringify(text).slice(1, -1),
      Buffer.from(text).toString("base64"),
    ]) {
      if (form.length > 0) clean = clean.replaceAll(form, "(secret)");
    }
  }
  return clean;
}

function maskCredentials(message: string): string {
  return message
    .replaceAll(/:\/\/[^\s/@]*@/gu, "://(secret)@")
    .replaceAll(/[\w+/=.~-]{16,}/gu, (word) =>
      /^[a-z]{3}-[0-9a-v]{20}(-[ab])?$/u.test(word) || !/\d/u.test(word) || !/[a-z]/iu.test(word)
        ? word
        : "(masked)",
    );
}
