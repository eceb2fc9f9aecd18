import { describe, expect, test } from "vitest";
import { readTree, type SourceFile } from "./source-tree.ts";

/** From so many lines on, the same text in two places is a repeat ([decision 20](../docs/decisions/0020-repeats-that-stay.md)). */
const least = 10;

type Line = { readonly path: string; readonly number: number; readonly text: string };

/** The lines that say something, each with its white space folded: no imports, no comments, no lone punctuation. */
function readLines({ path, text }: SourceFile): readonly Line[] {
  const blank = (found: string): string => found.replaceAll(/[^\n]/gu, "");
  const code = text
    .replaceAll(/^(?:import|export)\b[^;]*?\bfrom "[^"]*";$/gmu, blank)
    .replaceAll(/\/\*[^]*?\*\//gu, blank)
    .replaceAll(/^ *\/\/.*$/gmu, "");
  return code
    .split("\n")
    .map((line, index) => ({ path, number: index + 1, text: line.replaceAll(/\s+/gu, " ").trim() }))
    .filter((line) => /\w/u.test(line.text));
}

/** `src/a.ts:10 ~ src/b.ts:40` for every two places that begin the same `least` lines. */
function findRepeats(files: readonly SourceFile[]): readonly string[] {
  const places = new Map<string, Line>();
  return files.flatMap((file) => {
    const lines = readLines(file);
    return lines.flatMap((line, index) => {
      const run = lines.slice(index, index + least);
      if (run.length < least) return [];
      const key = run.map(({ text }) => text).join("\n");
      const first = places.get(key);
      if (!first) places.set(key, line);
      return first ? [`${first.path}:${first.number} ~ ${line.path}:${line.number}`] : [];
    });
  });
}

function fileOf(path: string, text: string): SourceFile {
  return { path, text, lines: text.split("\n") };
}

describe("repeats", () => {
  test("are not in the sources: what is the same in two places has one name", () => {
    expect(findRepeats(readTree("src"))).toEqual([]);
  });

  test("are found wherever the lines are broken by comments and blank lines, and imports are none", () => {
    const imports = Array.from({ length: 12 }, (_, index) => `import { a${index} } from "./a${index}.ts";\n`);
    const lines = Array.from({ length: least }, (_, index) => `const a${index} = ${index};`);
    const one = fileOf("one.ts", [...imports, ...lines].join("\n"));
    const other = fileOf("other.ts", [...imports, ...lines].join("\n\n  // Said again.\n"));
    expect(findRepeats([one, other])).toHaveLength(1);
    expect(findRepeats([one, fileOf("other.ts", lines.slice(1).join("\n"))])).toEqual([]);
  });
});
