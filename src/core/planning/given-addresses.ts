import type { Address } from "../base/address.ts";
import { closest } from "../base/closest.ts";
import { makeGlobs } from "../base/glob.ts";
import { problem, type Problem } from "../base/problem.ts";
import type { RunRecord } from "../run/run-record.ts";

/**
 * Addresses that a person typed after a flag or a command, as they are or as globs: `--allow-data-loss 'render/disk/*'`.
 * One that fits nothing is an error, because it was meant for something. But for what an earlier run knew it is only a
 * remark: a job that is done again says the same words, and `destroy render/service/old` has nothing left to do.
 */
export type KnownAddresses = {
  /** Declared, owned, or begun by a run that did not end. */
  readonly now: readonly Address[];
  /** Of steps in the records of 90 days. */
  readonly before: ReadonlySet<string>;
};

/** `flag` stands in front of the text, for messages: `--allow-gap`, `destroy`. Sorted as they are known. */
export function expandGiven(
  flag: string,
  texts: readonly string[],
  known: KnownAddresses,
): { readonly addresses: readonly Address[]; readonly problems: readonly Problem[] } {
  return {
    addresses: known.now.filter(makeGlobs(texts)),
    problems: texts
      // All there is may be nothing.
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
  const guess = text.includes("*") ? undefined : closest(text, known.now);
  const shown = "trueup plan and trueup state list show every address; * stands for any text.";
  const remedy = guess === undefined ? shown : `Did you mean ${guess}? If not: ${shown}`;
  return problem("error", "address-unknown", message, remedy);
}

/** What the steps of recorded runs were about: the second word of their ids. */
export function addressesOf(runs: readonly Pick<RunRecord, "steps">[]): ReadonlySet<string> {
  return new Set(runs.flatMap(({ steps }) => steps.map(({ step }) => step.split(" ")[1] ?? "")));
}
