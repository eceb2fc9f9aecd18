/** A piece of a document. The one with the lowest `worth` goes first when there is too much; `lines` can be cut at any line. */
export type Section = {
  readonly worth: number;
  readonly head: readonly string[];
  /** Between head and foot; what is cut is counted. */
  readonly lines: readonly string[];
  readonly foot: readonly string[];
};

/** `characters`: UTF-16 units, as GitHub counts a comment; `bytes`: of UTF-8, where it gives up as well. */
export type Limits = { readonly characters: number; readonly bytes: number };

/** The limits of a comment. GitHub says 65,536 characters, and refuses some shorter ones that have many bytes. */
export const commentLimits: Limits = { characters: 60_000, bytes: 190_000 };
/** The limits of the summary of a step: GitHub allows 1 MiB. */
export const summaryLimits: Limits = { characters: 1_000_000, bytes: 1_000_000 };

/** A document that fits, and whether something of it is missing. */
export type Fitted = { readonly text: string; readonly isTruncated: boolean };

/**
 * Puts sections together and takes away until it fits: first the lines of the section that is worth least, then the section itself,
 * then the next. `whole`: the page that has all of it.
 */
export function fitSections(sections: readonly Section[], limits: Limits, whole: string | undefined): Fitted {
  let kept = sections;
  let text = print(kept);
  let isTruncated = false;
  for (const section of [...sections].sort((a, b) => a.worth - b.worth)) {
    if (fits(text, limits)) break;
    isTruncated = true;
    const shown = mostLines(kept, section, limits, whole);
    kept =
      shown === 0
        ? kept.filter((one) => one !== section)
        : kept.map((one) => (one === section ? cut(section, shown, whole) : one));
    text = print(kept);
  }
  return { text, isTruncated };
}

/** How many lines of a section there is room for, when all others stay as they are; found by halving. */
function mostLines(
  all: readonly Section[],
  section: Section,
  limits: Limits,
  whole: string | undefined,
): number {
  let [low, high] = [0, section.lines.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const tried = all.map((one) => (one === section ? cut(section, middle, whole) : one));
    if (fits(print(tried), limits)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function cut(section: Section, shown: number, whole: string | undefined): Section {
  const left = section.lines.length - shown;
  if (left === 0) return section;
  return {
    ...section,
    lines: section.lines.slice(0, shown),
    foot: [...section.foot, "", tellMore(left, whole)],
  };
}

function print(sections: readonly Section[]): string {
  return `${sections.map(({ head, lines, foot }) => [...head, ...lines, ...foot].join("\n")).join("\n\n")}\n`;
}

function fits(text: string, limits: Limits): boolean {
  return text.length <= limits.characters && Buffer.byteLength(text) <= limits.bytes;
}

function tellMore(lines: number, whole: string | undefined): string {
  const where = whole === undefined ? "" : `: [all of it](${whole})`;
  return `_${lines} more ${lines === 1 ? "line" : "lines"}${where}._`;
}
