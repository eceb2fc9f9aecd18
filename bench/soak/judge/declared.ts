import { blocksOf, entriesOf, type Files } from "../model.ts";
import { labelOf } from "../rows.ts";
import type { Declared } from "./evidence.ts";

export const nothingDeclared: Declared = { blocks: new Set(), entries: new Set() };

/** With one more version of the files. What was declared under a former name counts for the new one. */
export function declareAlso({ blocks, entries }: Declared, files: Files): Declared {
  const moreBlocks = new Set(blocks);
  const moreEntries = new Set(entries);
  for (const block of blocksOf(files)) {
    const me = `${block.what} ${labelOf(block)}`;
    moreBlocks.add(me);
    for (const key of Object.keys(entriesOf(block))) moreEntries.add(`${me} ${key}`);
    if (block.renamedFrom === undefined) continue;
    const former = `${block.what} ${block.renamedFrom}`;
    moreBlocks.add(former);
    for (const entry of entries)
      if (entry.startsWith(`${former} `)) moreEntries.add(`${me} ${entry.slice(former.length + 1)}`);
    for (const key of Object.keys(entriesOf(block))) moreEntries.add(`${former} ${key}`);
  }
  return { blocks: moreBlocks, entries: moreEntries };
}
