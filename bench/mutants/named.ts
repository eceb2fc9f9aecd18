import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import type { Mutant } from "./find-mutants.ts";
import { namedFaults, type NamedFault } from "./named-faults.ts";
import { isNode, parse, walk } from "./syntax.ts";

/** Throws when one no longer fits its file: then it is to be written anew, not to be left out. */
export async function makeNamed(root: string): Promise<readonly Mutant[]> {
  return Promise.all(
    namedFaults.map(async (one) => place(one, await readFile(join(root, one.file), "utf8"))),
  );
}

function place({ name, file, heldBy, from, to }: NamedFault, text: string): Mutant {
  const start = text.indexOf(from);
  if (start < 0 || text.indexOf(from, start + 1) >= 0)
    throw new Error(`${name}: ${JSON.stringify(from)} does not stand once in ${file}`);
  const id = createHash("sha256").update(`${file} ${name} ${from} ${to}`).digest("hex").slice(0, 12);
  const line = text.slice(0, start).split("\n").length;
  const end = start + from.length;
  return {
    id,
    file,
    heldBy,
    line,
    operator: name,
    before: from,
    start,
    end,
    text: to,
    function: functionAt(text, start),
  };
}

function functionAt(text: string, offset: number): string {
  let innermost = "";
  walk(parse(text), (node, place) => {
    const { body } = node;
    if (isNode(body) && /Function/u.test(node.type) && node.start <= offset && offset < node.end)
      innermost = place.function;
  });
  return innermost;
}
