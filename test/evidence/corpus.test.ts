import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDesired, type FileResult } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { corpusTable } from "./corpus-table.ts";
import { sharedFolder } from "./shared-folder.ts";

const folder = join(sharedFolder(), "corpus", "blueprints");
const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(join(folder, file), "utf8");

function read(file: string, text = textOf(file)): FileResult {
  return readDesired([{ name: "render.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
}

function toldBy({ problems }: FileResult): string {
  return problems
    .filter(({ severity }) => severity === "error" || severity === "warning")
    .map(({ where, code }) => ({ line: where?.line ?? 0, code }))
    .sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1))
    .map(({ line, code }) => `${line}:${code}`)
    .filter((told, index, all) => told !== all[index - 1])
    .join(" ");
}

test("every file of the corpus has its row", () => {
  expect(corpusTable.map(({ file }) => file).sort()).toEqual(files);
});

describe("every real file gets the answer that the evidence asks for", () => {
  test.each(corpusTable.map((row) => [row.file, row] as const))("%s", (file, row) => {
    const result = read(file);
    const told = toldBy(result);
    const loads = told === "" ? "loads" : "loads with warnings";
    expect({ verdict: result.state ? loads : "fails", told }).toEqual({
      verdict: row.verdict,
      told: row.told,
    });
  });
});

test("the table knows all three verdicts", () => {
  const count = (verdict: string) => corpusTable.filter((row) => row.verdict === verdict).length;
  expect(count("loads")).toBeGreaterThan(40);
  expect(count("loads with warnings")).toBeGreaterThan(40);
  expect(count("fails")).toBeGreaterThan(10);
});

type Mutation =
  | { readonly kind: "cut"; readonly at: number; readonly size: number }
  | { readonly kind: "repeat"; readonly at: number; readonly size: number }
  | { readonly kind: "insert"; readonly at: number; readonly text: string };

/** Ways in which a person or a broken tool changes a file. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), size: fc.nat(80) }),
  fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(), size: fc.nat(200) }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: fc.nat(),
    text: fc.oneof(
      fc.constantFrom(
        "\t",
        "\r",
        "\0",
        ": ",
        "- ",
        "{",
        "[",
        "&a ",
        "*a",
        "<<: ",
        "|\n",
        "'",
        '"',
        "#",
        "\u202E",
        "__proto__: x\n",
        "null",
        "~",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
  }),
);

function mutate(text: string, steps: readonly Mutation[]): string {
  return steps.reduce((before, step) => {
    const at = before.length === 0 ? 0 : step.at % before.length;
    if (step.kind === "cut") return before.slice(0, at) + before.slice(at + step.size);
    if (step.kind === "repeat") return before.slice(0, at + step.size) + before.slice(at);
    return before.slice(0, at) + step.text + before.slice(at);
  }, text);
}

test("no change to a real file makes the reader throw, lose its place or answer nothing", () => {
  const texts = files.map((file) => textOf(file));
  const changed = fc
    .tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 6 }))
    .map(([text, steps]) => mutate(text, steps));
  fc.assert(
    fc.property(changed, (text) => {
      const { state, problems } = read("render.yaml", text);
      const lines = text.split("\n").length;
      expect(state === undefined).toBe(problems.some(({ severity }) => severity === "error"));
      for (const { where, message, remedy } of problems) {
        expect(where?.line).toBeGreaterThan(0);
        expect(where?.line).toBeLessThanOrEqual(lines);
        expect(message.length * remedy.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 600, seed: 20261122 },
  );
});
