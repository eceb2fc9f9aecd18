import fc from "fast-check";
import { expect, test } from "vitest";
import { makeGlobs, matchesAny } from "../../../src/core/base/glob.ts";

test.each([
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "anything\nat all", true],
  ["render/*/api", "render/service/api", true],
  ["render/*/api", "render/service/api2", false],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["*ab*ab", "ab", false],
  ["*ab*ab*", "abab", true],
  ["a.c", "abc", false],
  ["[a-z]+", "b", false],
  ["(*)", "(x)", true],
  ["\\*", "\\x", true],
])("the glob %j fits %j: %j", (glob, text, expected) => {
  expect(matchesAny([glob], text)).toBe(expected);
});

test("a glob fits exactly what trying every split of the text says", () => {
  const word = (alphabet: string) =>
    fc.string({ unit: fc.constantFrom(...alphabet.split("")), maxLength: 10 });
  fc.assert(
    fc.property(word("ab*"), word("ab"), (glob, text) => {
      expect(matchesAny([glob], text)).toBe(tryEverySplit(glob, text));
    }),
    { numRuns: 20_000 },
  );
});

test("case is told apart unless it is to be ignored, and no glob fits nothing", () => {
  expect(makeGlobs(["*_key"])("API_KEY")).toBe(false);
  expect(makeGlobs(["x", "*_key"], { ignoreCase: true })("API_KEY")).toBe(true);
  expect(makeGlobs([])("")).toBe(false);
});

/** The limit of the test is the judge: whatever tries every split of the text never comes back from here. */
test("no glob makes a long text slow", () => {
  const glob = `${"*a".repeat(5_000)}*b`;
  expect(matchesAny([glob], "a".repeat(1_000_000))).toBe(false);
  expect(matchesAny([`${"*".repeat(100_000)}b`], "a".repeat(1_000_000))).toBe(false);
  expect(matchesAny([`*b${"a".repeat(400_000)}*`], "a".repeat(1_000_000))).toBe(false);
  expect(matchesAny([`*${"a".repeat(400_000)}b*`], "a".repeat(1_000_000))).toBe(false);
});

function tryEverySplit(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  if (glob[0] !== "*") return glob[0] === text[0] && tryEverySplit(glob.slice(1), text.slice(1));
  return tryEverySplit(glob.slice(1), text) || (text !== "" && tryEverySplit(glob, text.slice(1)));
}
