import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

describe("docs/why/comparison.md", () => {
  const page = readFileSync("docs/why/comparison.md", "utf8");
  const rows = page.split("\n").filter((line) => line.includes("](../../test/"));

  test("names for each claim a test that is there, by its file and the begin of its name", () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((row) => !isHeld(row))).toEqual([]);
  });

  test("has no claim without a test", () => {
    const claims = page.split("\n").filter((line) => /^\| (?!claim \||---)/u.test(line));
    const bare = claims.filter((line) => !line.includes("](../../test/"));
    // The overview, whose rows are those of the tables below it.
    const [, overview = ""] = /## At a glance\n([\s\S]*?)\n## /u.exec(page) ?? [];
    expect(bare.filter((line) => !overview.includes(line))).toEqual([]);
  });

  test("a row whose test went away is found", () => {
    const [first = ""] = rows;
    expect(isHeld(first)).toBe(true);
    expect(isHeld(first.replace(/\*(.)/u, "*no $1"))).toBe(false);
  });
});

function isHeld(row: string): boolean {
  const [, file = "", name = ""] = /\]\(\.\.\/\.\.\/(test\/[^)]+)\)(?:: \*(.+)\*)? \|$/u.exec(row) ?? [];
  const text = file === "" ? "" : readFileSync(file, "utf8");
  return text !== "" && (name === "" || text.includes(`"${name}`) || text.includes(`\`${name}`));
}
