import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  instancePrices,
  keyValueBounds,
  keyValueNewer,
  postgresPrices,
} from "../../src/providers/render/prices/price-list.ts";
import { sharedFolder } from "./shared-folder.ts";

/** The tables of the collected price pages, by the heading that they stand under: cells without Markdown. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const text = readFileSync(join(sharedFolder(), "reference/prices.md"), "utf8");
  const [, after = ""] = text.split(`\n${heading}`);
  const [section = ""] = after.split(/\n##+ /u);
  return section
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|---"))
    .slice(1)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll(/[*`]/gu, "").trim()),
    );
}

const cents = (cell: string): number =>
  Math.round(Number(/[\d .]+/u.exec(cell)![0].replaceAll(" ", "")) * 100);
const isPlan = (name: string): boolean => /^[a-z0-9][a-z0-9. -]*$/u.test(name);

describe("the price list is the collected one", () => {
  test("of instances", () => {
    const rows = rowsUnder("## 2. Web services").filter(([id = ""]) => isPlan(id));
    const pairs = rows.flatMap(([id = "", , older = "", , , price = ""]) =>
      [id, older.split("→")[0]!.trim()].filter(isPlan).map((name) => [name, cents(price)] as const),
    );
    expect(pairs.length).toBeGreaterThan(20);
    expect(new Map(pairs)).toEqual(new Map(instancePrices));
  });

  test("of databases", () => {
    const rows = rowsUnder("## 3. Postgres compute").filter(([, newer = ""]) => isPlan(newer));
    const pairs = rows.flatMap(([older = "", newer = "", , , , price = ""]) =>
      [older, newer].filter(isPlan).map((name) => [name, cents(price)] as const),
    );
    expect(pairs.length).toBeGreaterThan(40);
    expect(new Map(pairs)).toEqual(new Map(postgresPrices));
  });

  test("of Key Value instances: the older price is the bound", () => {
    const rows = rowsUnder("## 5. Key Value").filter(([older = ""]) => isPlan(older.split("→")[0]!.trim()));
    const pairs = rows.flatMap(([older = "", newer = "", , , price = ""]) =>
      [older.split("→")[0]!.trim(), newer].filter(isPlan).map((name) => [name, cents(price)] as const),
    );
    expect(new Map(pairs)).toEqual(new Map(keyValueBounds));
    const lower = rows.filter(
      ([, , , , older = "", newer = ""]) => /^\d/u.test(newer) && cents(newer) < cents(older),
    );
    expect(new Map(lower.map(([, id = "", , , , newer = ""]) => [id, cents(newer)]))).toEqual(
      new Map([...keyValueNewer].filter(([name]) => /^\d/u.test(name))),
    );
  });
});
