import { blocksOf, entriesOf, type Block, type Entry } from "../model.ts";
import { idOf, labelOf, labelOfRow, partsOf, reachable, stemOf, variablesOf, type Row } from "../rows.ts";
import type { Evidence, Wrong } from "./evidence.ts";

/**
 * Rule 4, and rule 1 for what is inside of an object: a generated value, one that a person typed (`sync: false`) and every
 * entry that no file declared is as it was, also in what took the object's place.
 */
export function judgeValues(evidence: Evidence): readonly Wrong[] {
  return (["service", "group"] as const).flatMap((what) => {
    const before = reachable(evidence.before, what, evidence);
    const after = reachable(evidence.after, what, evidence);
    return before.flatMap((row) => {
      const name = labelOfRow(what, row);
      const block = blockOf(evidence, what, stemOf(name));
      if (!block && !after.some((one) => idOf(one) === idOf(row))) return [];
      const same = after.find((one) => idOf(one) === idOf(row));
      const former = before.find((one) => idOf(one) !== idOf(row) && labelOfRow(what, one) === block?.name);
      const now = same ?? after.find((one) => labelOfRow(what, one) === block?.name);
      const holder = { evidence, block, name: `${what} ${stemOf(name)}`, isReplaced: !same, was: former };
      if (!now)
        return [{ rule: 4, said: `${holder.name} (${idOf(row)}) is gone, and nothing took its place` }];
      return [...judgeVariables(holder, row, now), ...judgeParts(holder, row, now)];
    });
  });
}

type Holder = {
  readonly evidence: Evidence;
  readonly block: Block | undefined;
  readonly name: string;
  readonly isReplaced: boolean;
  /** What had taken its place already when the round began. */
  readonly was: Row | undefined;
};

function blockOf({ files }: Evidence, what: Block["what"], name: string): Block | undefined {
  const all = blocksOf(files).filter((block) => block.what === what);
  return all.find((block) => labelOf(block) === name) ?? all.find((block) => block.renamedFrom === name);
}

function judgeVariables(holder: Holder, before: Row, after: Row): readonly Wrong[] {
  const { evidence, block, name, isReplaced, was } = holder;
  const entries: { readonly [key: string]: Entry } = block ? entriesOf(block) : {};
  const now = variablesOf(after);
  const taken = variablesOf(was);
  return [...variablesOf(before)].flatMap(([key, value]) => {
    const form = entries[key]?.form;
    const isDeclared = form !== undefined || evidence.declared.entries.has(`${name} ${key}`);
    const isKept = form === "generated" || form === "asked" || !isDeclared;
    if (!isKept || now.get(key) === value) return [];
    // Another one has taken its place before, and somebody may have changed that one since.
    if (isReplaced && was && (taken.get(key) === now.get(key) || evidence.outside.keys.has(key))) return [];
    const what = now.has(key) ? "changed" : "gone";
    const rule = isDeclared ? 4 : 1;
    return [
      {
        rule,
        said: `${key} of ${name} (${form ?? "in no file"}) is ${what}${isReplaced ? " in what took its place" : ""}`,
      },
    ];
  });
}

/** Secret files, headers and routes: no version declares any. */
function judgeParts({ name, isReplaced, was }: Holder, before: Row, after: Row): readonly Wrong[] {
  if (isReplaced && was) return [];
  return ["secretFiles", "headers", "routes"].flatMap((column) => {
    const there = new Set(partsOf(after, column).map(withoutId));
    return partsOf(before, column)
      .filter((part) => !there.has(withoutId(part)))
      .map((part) => ({
        rule: 1,
        said: `${column} of ${name} lost ${JSON.stringify(part)}, which no file has`,
      }));
  });
}

function withoutId({ id: _id, ...part }: Row): string {
  return Object.entries(part)
    .map(([column, value]) => `${column} ${JSON.stringify(value)}`)
    .sort()
    .join();
}
