/**
 * Globs over one line of text: addresses, names of variables, paths of the simulator's faults. `*` stands for any text, the
 * empty one included; every other character stands for itself.
 *
 * A glob comes from a file or a command line that somebody else may have written, so none may make the program slow. It is
 * therefore never turned into a regular expression, which tries every split of the text between its stars: `*a*a*a*b`
 * would take hours. The pieces between the stars are looked for from left to right instead, each at its first place.
 * The first place is always a right one, because a later one leaves less text for the pieces after it.
 */
export type Glob = (text: string) => boolean;

/** One matcher for several globs: true where any of them fits, never without a glob. */
export function makeGlobs(globs: readonly string[], { ignoreCase = false } = {}): Glob {
  const fold = ignoreCase ? foldCase : (text: string) => text;
  const each = globs.map((glob) => makeGlob(fold(glob)));
  return (text) => {
    const folded = fold(text);
    return each.some((fits) => fits(folded));
  };
}

/** Whether any of the globs fits this one text. `makeGlobs` is for many texts: it reads the globs only once. */
export function matchesAny(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => makeGlob(glob)(text));
}

function makeGlob(glob: string): Glob {
  const [head = "", ...rest] = glob.split("*");
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === glob;
  const pieces = rest.filter((piece) => piece !== "");
  return (text) => {
    if (!text.startsWith(head) || !text.endsWith(tail)) return false;
    const end = text.length - tail.length;
    let at = head.length;
    for (const piece of pieces) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}

/** A text without differences of case. Upper case comes first, so that letters with two small forms (s and long s) become one. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}
