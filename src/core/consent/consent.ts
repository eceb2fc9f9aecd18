import type { Address } from "../base/address.ts";
import type { Desired, Removal } from "../model/desired.ts";
import type { Overrides } from "./overrides.ts";
import type { Answer } from "../base/problem.ts";

/**
 * Consent: what answers a refusal. A refusal carries its `answer` (problem.ts), and each of these is one:
 *
 * - a person who types the answer's `word` under the plan that shows the refusal: `yes`, or the address whose data ends;
 * - its `flags`: `--allow-data-loss render/postgres/main`;
 * - its `block` in the file: `removed: [{ address: render/postgres/main, data: exported, until: 2026-12-01 }]`.
 *
 * `--yes` is none of them, nor is a saved plan or `--resume`, beyond what was given with them. No consent is part of the
 * plan hash: it says that a plan may run, not what it does.
 *
 * A wider consent includes the narrower ones: whoever agrees that data ends agrees that its object is replaced, and says
 * that it was not meant to be renamed.
 */
export type ConsentFacts = {
  /** What was typed. */
  readonly overrides: Overrides;
  /** `removed:` of the files, without entries that have expired. */
  readonly removed: readonly Removal[];
  readonly desired: ReadonlyMap<Address, Desired>;
  /** ISO date of today. Consents of the file have a last day. */
  readonly today: string;
};

/** Whether the end of what an address holds is agreed to: by a flag, by its block, or by an entry in `removed`. */
export function allowsDataLoss(facts: ConsentFacts, address: Address): boolean {
  const until = facts.desired.get(address)?.lifecycle.allowDataLoss;
  return (
    facts.overrides.allowDataLoss.includes(address) ||
    (until !== undefined && until >= facts.today) ||
    removalOf(facts, address) !== undefined
  );
}

/** Whether it is agreed that another object takes the place of an address's. */
export function allowsReplacement(facts: ConsentFacts, address: Address): boolean {
  return facts.overrides.allowReplace.includes(address) || allowsDataLoss(facts, address);
}

/** The entry in `removed` for an address, while it has not expired. */
export function removalOf(
  { removed, today }: Pick<ConsentFacts, "removed" | "today">,
  address: Address,
): Removal | undefined {
  return removed.find((one) => one.address === address && one.until >= today);
}

const day = 86_400_000;
/** How long a proposed entry holds: long enough for a review, too short to answer a later plan by accident. */
const consentDays = 7;

/** The answer to a refusal about the end of an address's data. `data` is what the entry in `removed` is to say of it. */
export function answerDataLoss(
  address: Address,
  { today }: Pick<ConsentFacts, "today">,
  data = "exported",
): Answer {
  const until = new Date(Date.parse(today) + consentDays * day).toISOString().slice(0, 10);
  return {
    flags: [`--allow-data-loss ${quoteWord(address)}`],
    block: `removed:\n  - { address: ${quoteYaml(address)}, data: ${data}, until: ${until} }`,
    word: address,
  };
}

/** A text as one word of a shell, in quotes where it needs them. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A text inside a flow mapping of YAML, in double quotes where it needs them. */
export function quoteYaml(text: string): string {
  return /^[\w./%-]+$/u.test(text) ? text : JSON.stringify(text);
}
