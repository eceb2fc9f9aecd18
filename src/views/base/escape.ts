/**
 * Texts from outside (names, values, messages of an API, contents of files) are data. Before one is shown it goes
 * through `escapeText`, so that it cannot move the cursor, change colours, reverse the reading order, break a line or
 * hide.
 */

/**
 * Characters that steer a terminal or cannot be seen: controls, formats such as bidi and zero-width, separators, lone
 * surrogates, spaces other than the plain one.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
const beyondAscii = /[^\x20-\x7e]/gu;
/** The third and further combining marks on one letter, which would paint over the lines above and below it. */
const stackedMarks = /(?<=\p{M}{2})\p{M}/gu;

/**
 * The beginning of a command to GitHub's runner. It obeys a line that begins with `::error ...::`, also after spaces,
 * and `##[error]` anywhere in a line. A view may break any text into lines, so each word that could begin a command
 * is spelled out: `\u{3a}:error`. `::1`, an address, is not one.
 */
const workflowCommand = /(?<!\S)::(?=[a-z])|##(?=\[)/giu;

const named: { readonly [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text as one line in which nothing hides: `a\u202Eb` becomes `a\u{202e}b`. Printable text stays as it is, so that
 * escaping twice changes nothing. Without `unicode` (the encoding of the terminal is not UTF-8) all characters beyond
 * ASCII are spelled out.
 */
export function escapeText(text: string, unicode = true): string {
  const visible = text
    .replace(hidden, spellOut)
    .replace(stackedMarks, spellOut)
    .replace(workflowCommand, (mark) => `${spellOut(mark[0] ?? "")}${mark.slice(1)}`);
  return unicode ? visible : visible.replace(beyondAscii, spellOut);
}

function spellOut(character: string): string {
  return named[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const takesNoColumn = /^[\p{Mn}\p{Me}]$/u;
const isEmoji = /^\p{Emoji_Presentation}$/u;
/** One of the two letters that make a flag. A flag takes two columns in all. */
const isFlagHalf = /^[\u{1f1e6}-\u{1f1ff}]$/u;
/** Characters that are two columns wide (Unicode East Asian Width W and F). */
const isWide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]$/u;

/** The columns that one escaped character takes on a terminal. */
export function columnsOf(character: string): 0 | 1 | 2 {
  if (character <= "\u02ff") return 1;
  if (takesNoColumn.test(character)) return 0;
  if (isWide.test(character)) return 2;
  return isEmoji.test(character) && !isFlagHalf.test(character) ? 2 : 1;
}

/** The columns that an escaped text without colours takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}
