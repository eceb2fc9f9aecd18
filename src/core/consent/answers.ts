import { byText } from "../base/address.ts";
import type { Problem } from "../base/problem.ts";

/** The answers to all refusals of one plan, put together. */
export type Answers = {
  /** Every flag that is needed, each once. Of a flag with a number, the highest number. */
  readonly flags: readonly string[];
  /** YAML for the root of the file, instead of the flags that it covers; absent without any. */
  readonly block?: string;
  /** What a person types under the plan; absent where a refusal is not answered by typing. */
  readonly word?: string;
  /** Codes of the refusals that only an edit answers. */
  readonly unanswerable: readonly string[];
};

/** Puts the answers of refusals together, so that a person can paste or type all of them at once. */
export function joinAnswers(refusals: readonly Problem[]): Answers {
  const answers = refusals.flatMap(({ answer }) => (answer ? [answer] : []));
  const words = answers.map(({ word }) => word);
  const isTyped = words.length === refusals.length && words.every((word) => word !== undefined);
  const block = joinBlocks(answers.flatMap((answer) => answer.block ?? []));
  return {
    flags: joinFlags(answers.flatMap((answer) => answer.flags)),
    ...(block !== "" && { block }),
    ...(isTyped && { word: joinWords(words) }),
    unanswerable: [...new Set(refusals.filter(({ answer }) => !answer).map(({ code }) => code))].sort(byText),
  };
}

/** `--allow-deletes 3` and `--allow-deletes 5` are `--allow-deletes 5`; everything else is repeatable. */
function joinFlags(flags: readonly string[]): readonly string[] {
  const counted = new Map<string, number>();
  const others: string[] = [];
  for (const flag of flags) {
    const [, name = "", number] = /^(--\S+) (\d+)$/u.exec(flag) ?? [];
    if (number === undefined) others.push(flag);
    else counted.set(name, Math.max(counted.get(name) ?? 0, Number(number)));
  }
  return [...new Set(others), ...[...counted].map(([name, number]) => `${name} ${number}`)];
}

/**
 * Joins blocks of YAML: lists under one root key become one list. Where one refusal asks for `data: exported` and another
 * says that no export can be made, the entry with `data: lost` answers both.
 */
function joinBlocks(blocks: readonly string[]): string {
  const items = new Map<string, Set<string>>();
  for (const [key = "", ...lines] of blocks.map((block) => block.split("\n"))) {
    const list = items.get(key) ?? new Set();
    for (const line of lines) list.add(line);
    items.set(key, list);
  }
  const isCovered = (line: string, lines: ReadonlySet<string>): boolean =>
    line.includes(", data: exported,") && lines.has(line.replace(", data: exported,", ", data: lost,"));
  return [...items]
    .map(([key, lines]) => [key, ...[...lines].filter((line) => !isCovered(line, lines))].join("\n"))
    .join("\n");
}

/** The words to type: addresses with one space between two; `yes` is enough only where no data ends. */
function joinWords(words: readonly string[]): string {
  const addresses = [...new Set(words.filter((word) => word !== "yes"))].sort(byText);
  return addresses.length === 0 ? "yes" : addresses.join(" ");
}
