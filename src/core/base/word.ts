/**
 * Whether an API's word is one of ours: case, space, `_` and `-` say nothing (`Pro_Plus` is `pro plus`). This reads what is
 * shown; how loosely a file may be written is the file stage's.
 */
export function sameWord(shown: unknown, word: string): boolean {
  return typeof shown === "string" && (shown === word || fold(shown) === fold(word));
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]+/gu, "");
}
