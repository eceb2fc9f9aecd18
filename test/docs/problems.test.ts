import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readTree } from "../source-tree.ts";
import { mistakesPage } from "./mistakes-page.ts";
import { findProblems, hole } from "./problem-sources.ts";

const docs = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

test("docs/mistakes.md shows what the program says today", async () => {
  const page = docs("mistakes.md");
  const text = await mistakesPage();
  if (process.env["UPDATE_DOCS"]) await writeFile(page, text);
  expect(await readFile(page, "utf8")).toBe(text);
  expect(text.match(/^## \d+\. /gmu)).toHaveLength(40);
});

describe("docs/problems.md", async () => {
  const made = findProblems(
    readTree("src").filter(
      // The schemas say what a problem looks like, and make none.
      ({ path }) => !/^src\/(?:simulator|views\/schemas)\//u.test(path),
    ),
  );
  const entries = readEntries(await readFile(docs("problems.md"), "utf8"));
  const written = entries.map(({ code }) => code);
  const told = new Set(made.flatMap(({ codes }) => codes));

  test("every place that makes a problem has a code that can be read from the sources", () => {
    const unread = made.filter(({ codes }) => codes.some((code) => code.includes(hole)));
    expect(unread.map(({ place }) => place)).toEqual([]);
    expect(told.size).toBeGreaterThan(200);
  });

  test("has one entry for each code that the program can tell, and no other", () => {
    expect([...told].filter((code) => !written.includes(code)).sort()).toEqual([]);
    expect(written.filter((code) => !told.has(code))).toEqual([]);
    expect(written.filter((code, index) => written.indexOf(code) !== index)).toEqual([]);
  });

  test("says of each what it means and what to do, with a message that it can come with", () => {
    const wrong = entries.filter(({ code, meaning, remedy, message }) => {
      const messages = made.filter(({ codes }) => codes.includes(code)).flatMap((one) => one.messages);
      return meaning === "" || remedy === "" || !messages.some((pattern) => fits(pattern, message));
    });
    expect(wrong.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});

const holes = new RegExp(`${hole}+`, "u");

type Entry = {
  readonly code: string;
  readonly meaning: string;
  readonly remedy: string;
  readonly message: string;
};

function readEntries(page: string): readonly Entry[] {
  return page
    .split("\n### ")
    .slice(1)
    .map((text) => ({
      code: /^`([a-z-]+)`$/mu.exec(text)?.[1] ?? text,
      meaning: /^\n(.+)$/mu.exec(text)?.[1] ?? "",
      remedy: /^\*\*Do:\*\* (.+)$/mu.exec(text)?.[1] ?? "",
      message: /^> (.+)$/mu.exec(text)?.[1] ?? "",
    }));
}

/** A text with holes and one without: all that stands between the holes is there, in its order. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split(holes).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`, "u").test(text);
}
