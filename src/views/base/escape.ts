/**
 * Texts from outside (names, values, API messages, file contents) are data: before one is shown it goes through here, so
 * that it cannot move the cursor, change colours, reverse the reading order, break a line or hide.
 */

/** Steers a terminal or hides: controls, formats such as bidi and zero-width, separators, lone surrogates, odd spaces. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
const beyondAscii = /[^\x20-\x7e]/gu;
/** More than two marks on one letter paint over the lines above and below it. */
const stackedMarks = /(?<=\p{M}{2})\p{M}/gu;

/**
 * GitHub's runner obeys a line that begins with `::error ...::`, spaces before it included, and `##[error]` anywhere in one. A
 * view may break any text into lines, so each word that could begin one is spelled out: `\u{3a}:error`. `::1` is no command.
 */
const workflowCommand = /(?<!\S)::(?=[a-z])|##(?=\[)/giu;

const named: { readonly [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * One line that shows what is there: `a\u202Eb` becomes `a\u{202e}b`. Printable text is returned as it is, so escaping
 * twice changes nothing. Without `unicode` (the terminal's encoding is not UTF-8) everything beyond ASCII is spelled out.
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
/** Half of a flag: two of them share two columns. */
const isFlagHalf = /^[\u{1f1e6}-\u{1f1ff}]$/u;
/** Blocks whose characters are two columns wide (Unicode East Asian Width W and F). */
const isWide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]$/u;

/** Columns of one escaped character. */
export function columnsOf(character: string): 0 | 1 | 2 {
  if (character <= "\u02ff") return 1;
  if (takesNoColumn.test(character)) return 0;
  if (isWide.test(character)) return 2;
  return isEmoji.test(character) && !isFlagHalf.test(character) ? 2 : 1;
}

/** Columns that an escaped, uncoloured text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}
