/**
 * Whether a word that an API shows is a word of the file format. Case, spaces, `_` and `-` do not count: `Pro_Plus` is
 * `pro plus`. How loosely a file may be written is decided by the file stage and not here.
 */
export function sameWord(shown: unknown, word: string): boolean {
  return typeof shown === "string" && (shown === word || fold(shown) === fold(word));
}

/** A noun with its article: `a web service`, `an env group`, `a user` (which is spoken with a `y`). */
export function withArticle(noun: string): string {
  return `${/^(?:[aeio]|u(?!ni|r[il]|s))/iu.test(noun) ? "an" : "a"} ${noun}`;
}

/** A text as it stands at the start of a sentence, its first letter in upper case: `An env group`. */
export function asStart(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** A number with its noun: `count(1, "resource")` is `1 resource`, `count(2, "address", "addresses")` is `2 addresses`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/**
 * A text without the given characters at its end: `trimEnd("/data//", "/")` is `/data`. A regular expression, `/\/+$/`,
 * begins anew at every slash, and so needs a minute for a megabyte of slashes with one letter after them.
 */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

/** Whether a text holds controls, line separators, or marks that turn the reading direction. */
export function hasControl(text: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Surrogate}/u.test(text);
}

/** The most known words that are searched. With more, the search would cost more than its guess is worth. */
const mostKnown = 2_000;

/**
 * The known word that somebody probably meant, for "Did you mean": `closest("startComand", ["startCommand"])` is
 * `startCommand`. It may be as many edits away as a third of its length (one in any case); case, spaces, `_` and `-` do
 * not count. Where none is that near, a shortened word is taken for the whole one: `autodeploy` for `autoDeployTrigger`,
 * `connString` for `connectionString`. `undefined`: no word is meant, or there is too much text to search.
 */
export function closest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64 || known.length > mostKnown) return undefined;
  const folded = fold(word);
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const other = fold(candidate);
    // The difference of two lengths is the least number of edits between them: this word cannot be nearer than the best.
    if (Math.abs(other.length - folded.length) >= least) continue;
    const distance = distanceOf(folded, other);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  if (best !== undefined && least <= Math.max(1, Math.floor(best.length / 3))) return best;
  return findShortened(folded, known);
}

/** Shorter than this, a word is the short form of too many. */
const leastShortened = 6;

/** The shortest word that begins with the three letters of this one and has all its others behind them, in their order. */
function findShortened(folded: string, known: readonly string[]): string | undefined {
  if (folded.length < leastShortened) return undefined;
  const start = folded.slice(0, 3);
  const whole = known.filter((word) => fold(word).startsWith(start) && holdsLetters(fold(word), folded));
  return whole.sort((a, b) => a.length - b.length)[0];
}

function holdsLetters(word: string, letters: string): boolean {
  let at = 0;
  for (const letter of word) if (letter === letters[at]) at += 1;
  return at === letters.length;
}

/** A word without what does not count when two words are compared: case, spaces, `_` and `-`. */
function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, "");
}

/** Edits between two words: insertions, deletions, replacements and swaps of neighbours, one row at a time. */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      const swaps = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const swapped = swaps ? (before[j - 1] ?? 0) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
