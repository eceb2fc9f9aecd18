/** A noun with its article: `a web service`, `an env group`, `a user` (which is spoken with a `y`). */
export function withArticle(noun: string): string {
  return `${/^(?:[aeio]|u(?!ni|r[il]|s))/iu.test(noun) ? "an" : "a"} ${noun}`;
}

/** A text as it stands at the start of a sentence, its first letter in upper case: `An env group`. */
export function asStart(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
