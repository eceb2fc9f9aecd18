import { stripVTControlCharacters } from "node:util";
import { revealSecret, type Secret } from "../core/base/secret.ts";

/**
 * A message of an API without secrets. It may repeat what it was sent, or show credentials of others: the secrets of this call
 * (`sent`) are found by their text and become `(secret)`, and any other word that looks like a credential becomes `(masked)`.
 * Ids of Render (`srv-` and 20 characters) stay readable.
 */
export function scrub(message: string, sent: readonly Secret[]): string {
  const texts = sent.map(revealSecret);
  return maskCredentials(takeOutPieces(takeOut(message, texts), texts));
}

/** A secret shorter than this is not looked for in logs: with each `1` and `ok` taken out, no line could be read. */
const shortest = 4;
const longestLine = 300;

/**
 * Lines of a program's log without secrets. First colours are removed, since one may stand inside a secret; then the secrets, as
 * a whole and each of their lines; then whatever looks like a credential. Values in `open` stand in the file for all to read,
 * and stay. Each line is cut to 300 characters.
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
  // The longest first: with a shorter one taken out of its middle, a longer secret would not be found any more.
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

/**
 * The number of characters in a row, also found in a secret, that are taken for a piece of it: so many are not the
 * same by chance.
 */
const pieceLength = 8;

/**
 * Takes out pieces of secrets, for an API that shortens a secret, writes it in capitals, or escapes it in its own way, so that
 * only the text between two escapes is as it was sent. Example: `pa"ss-word-9384` was sent, and the API says
 * `invalid: pa&quot;ss-word-9384`.
 */
function takeOutPieces(message: string, texts: readonly string[]): string {
  const pieces = new Set<string>();
  for (const text of texts) {
    const plain = text.toLowerCase();
    for (let at = 0; at + pieceLength <= plain.length; at += 1) {
      const piece = plain.slice(at, at + pieceLength);
      if (/^\S+$/u.test(piece)) pieces.add(piece);
    }
  }
  if (pieces.size === 0) return message;
  const plain = message.toLowerCase();
  // A few letters are longer in lower case. Then positions in the two texts differ, so pieces are replaced where they stand as they are.
  if (plain.length !== message.length) return takeOut(message, [...pieces]);
  let [clean, told] = ["", 0];
  for (let at = 0; at + pieceLength <= plain.length; at += 1) {
    if (!pieces.has(plain.slice(at, at + pieceLength))) continue;
    let end = at + pieceLength;
    while (end < plain.length && pieces.has(plain.slice(end - pieceLength + 1, end + 1))) end += 1;
    clean += `${message.slice(told, at)}(secret)`;
    [told, at] = [end, end - 1];
  }
  return clean + message.slice(told);
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
