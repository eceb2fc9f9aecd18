import { nameOf, type Address } from "../base/address.ts";
import { closest } from "../base/text.ts";
import { makeGlobs } from "../base/glob.ts";
import { problem, type Problem } from "../base/problem.ts";
import type { RunRecord } from "../run/run-record.ts";

/**
 * The addresses that a typed address or glob may mean, as in `--allow-data-loss 'render/disk/*'`. A text that fits none of
 * them is an error, because it was meant for something. It is only a note where an earlier run knew such an address: a job
 * that runs again types the same words, and `destroy render/service/old` has nothing left to do.
 */
export type KnownAddresses = {
  /** Addresses that are declared, owned, or begun by a run that did not end. */
  readonly now: readonly Address[];
  /** Addresses of the steps in the records of 90 days. */
  readonly before: ReadonlySet<string>;
};

/**
 * The addresses that typed texts mean, in the order in which they are known, and a problem for each text that fits none.
 * `flag` is what stands before the texts, for messages: `--allow-gap`, `destroy`.
 */
export function expandGiven(
  flag: string,
  texts: readonly string[],
  known: KnownAddresses,
): { readonly addresses: readonly Address[]; readonly problems: readonly Problem[] } {
  return {
    addresses: known.now.filter(makeGlobs(texts)),
    problems: texts
      // `*` means everything, and there may be nothing.
      .filter((text) => text !== "*" && !known.now.some(makeGlobs([text])))
      .map((text) => fitsNothing(flag, text, known)),
  };
}

function fitsNothing(flag: string, text: string, known: KnownAddresses): Problem {
  const message = `${flag} ${text} fits no address.`;
  if ([...known.before].some(makeGlobs([text]))) {
    const remedy = "An earlier run knew it, and it is gone: nothing is left to do for it.";
    return problem("note", "address-gone", message, remedy);
  }
  const guess = text.includes("*") ? undefined : (listNamed(text, known.now) ?? closest(text, known.now));
  const shown = "trueup plan and trueup state list show every address; * stands for any text.";
  const remedy = guess === undefined ? shown : `Did you mean ${guess}? If not: ${shown}`;
  return problem("error", "address-unknown", message, remedy);
}

/** Addresses that have the text as their name: `render/service/api` for `api`. */
function listNamed(text: string, known: readonly Address[]): string | undefined {
  const named = known.filter((address) => nameOf(address) === text).slice(0, 3);
  return named.length === 0 ? undefined : named.join(" or ");
}

/** The addresses of the steps of recorded runs: the second word of each id. */
export function addressesOf(runs: readonly Pick<RunRecord, "steps">[]): ReadonlySet<string> {
  return new Set(runs.flatMap(({ steps }) => steps.map(({ step }) => step.split(" ")[1] ?? "")));
}
