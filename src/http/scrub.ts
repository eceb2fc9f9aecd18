import { stripVTControlCharacters } from "node:util";
import { revealSecret, type Secret } from "../core/base/secret.ts";

/**
 * An API may repeat what it was sent, and more: the secrets of this call are taken out by text, and whatever else has the
 * shape of a credential by shape. Ids of Render's (`srv-` and 20 characters) stay readable.
 */
export function scrub(message: string, sent: readonly Secret[]): string {
  const texts = sent.map(revealSecret);
  return maskCredentials(takeOutPieces(takeOut(message, texts), texts));
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

/** So much of a secret, in a row, is a piece of it; a message says nothing else that long by chance. */
const pieceLength = 8;

/**
 * Pieces of a secret that are left: of one that the API shortened, wrote in capitals, or escaped in a way of its own, so that
 * only what stands between two escapes is as it was sent. Example: of `pa"ss-word-9384` sent, `invalid: pa&quot;ss-word-9384`.
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
  // Few letters are longer in lower case; then places do not agree, and nothing can be said of pieces.
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
