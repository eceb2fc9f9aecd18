/**
 * Whether a word that an API shows is a word of the file format. Case, spaces, `_` and `-` do not count: `Pro_Plus` is
 * `pro plus`. How loosely a file may be written is decided by the file stage and not here.
 */
export function sameWord(shown: unknown, word: string): boolean {
  return typeof shown === "string" && (shown === word || fold(shown) === fold(word));
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]+/gu, "");
}
