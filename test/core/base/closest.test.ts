import { expect, test } from "vitest";
import { closest } from "../../../src/core/base/text.ts";

const known = ["startCommand", "buildCommand", "plan", "region"];

test.each([
  ["a letter that is missing", "startComand", "startCommand"],
  ["one too many", "planne", undefined],
  ["one too many, in a short word", "plann", "plan"],
  ["another one", "regiom", "region"],
  ["two neighbours that are swapped", "lpan", "plan"],
  ["another case and other joints", "START_COMMAND", "startCommand"],
  ["as many edits as a third of the word", "stXXtCoXXand", "startCommand"],
  ["more than that", "stXXtCoXXXnd", undefined],
  ["nothing alike", "disk", undefined],
  ["the word itself", "plan", "plan"],
])("%s", (_what, word, meant) => {
  expect(closest(word, known)).toBe(meant);
});

test("of two that are as near the first is meant, and of others the nearer one", () => {
  expect(closest("cat", ["bat", "car"])).toBe("bat");
  expect(closest("carts", ["cards", "cart", "charts"])).toBe("cards");
  expect(closest("abcdef", ["abcdxy", "abcdex"])).toBe("abcdex");
});

test("a word that is too long, or too many words to look through, give no guess", () => {
  const word = "a".repeat(64);
  expect(closest(word, [word])).toBe(word);
  expect(closest(`${word}a`, [`${word}a`])).toBeUndefined();
  const many = Array.from({ length: 2_000 }, (_, index) => (index === 0 ? "plan" : `x${index}`));
  expect(closest("plan", many)).toBe("plan");
  expect(closest("plan", [...many, "more"])).toBeUndefined();
});
