import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, escapeText } from "../../../src/views/base/escape.ts";
import { printLine, truncateMiddle, wrapText } from "../../../src/views/base/layout.ts";

const text = fc.string({ unit: "grapheme", maxLength: 200 }).map((raw) => escapeText(raw));

describe("wrapText", () => {
  it("loses no character and keeps every line within the width", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (words, width) => {
        const lines = wrapText(words, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(words.replaceAll(" ", ""));
      }),
    );
  });

  it("breaks at spaces", () => {
    expect(wrapText("one two three", 8)).toEqual(["one two", "three"]);
  });
});

describe("truncateMiddle", () => {
  it("fits, and keeps the start and the end", () => {
    expect(truncateMiddle("registry.example.com/team/app:1.2.3", 20, "…")).toBe("registry.e…app:1.2.3");
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 60 }), (long, width) => {
        const cut = truncateMiddle(long, width, "…");
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        if (displayWidth(long) <= width) expect(cut).toBe(long);
      }),
    );
  });
});

describe("printLine", () => {
  it("drops spaces at the end, whatever spans they are in", () => {
    const red = (text: string) => `<${text}>`;
    expect(printLine([["a "], ["b  ", red], ["  "]])).toBe("a <b>");
  });
});
