/** A noun that is put into a sentence, with its article: `a web service`, `an environment group`, `a user` (said with a `y`). */
export function withArticle(noun: string): string {
  return `${/^(?:[aeio]|u(?!ni|r[il]|s))/iu.test(noun) ? "an" : "a"} ${noun}`;
}

/** The same at the start of a sentence: `An environment group`. */
export function asStart(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
