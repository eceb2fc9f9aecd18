import fc from "fast-check";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { displayWidth, escapeText } from "../../../src/views/base/escape.ts";

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\u001b",
      "\u009b",
      "[31m",
      "]8;;http://x\u0007",
      "\r",
      "\n",
      "\u202e",
      "\u2066",
      "\u200b",
      "\ufeff",
    ),
    fc.constantFrom(
      "\u00ad",
      "\u2028",
      "\ud800",
      "\u{e0041}",
      "\u3164",
      "\u00a0",
      "\u0301",
      "日",
      "👍",
      "a",
      " ",
      "·",
    ),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
});

describe("escapeText", () => {
  it.each([
    ["::error file=a::b", "\\u{3a}:error file=a::b"],
    ["said ::set-output name=x::y", "said \\u{3a}:set-output name=x::y"],
    ["##[error]x", "\\u{23}#[error]x"],
    ["::1 and ::/0 and std::string", "::1 and ::/0 and std::string"],
  ])("leaves no command for the runner of a job: %s", (text, shown) => {
    expect(escapeText(text)).toBe(shown);
    expect(escapeText(shown)).toBe(shown);
  });

  it("leaves nothing that steers a terminal, hides, or breaks a line", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeText(text);
        expect(stripVTControlCharacters(escaped)).toBe(escaped);
        expect(escaped).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(escaped).not.toMatch(/\p{M}{3}/u);
      }),
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeText(escapeText(text))).toBe(escapeText(text));
      }),
    );
  });

  it("keeps printable text as it is", () => {
    const printable = "naïve – 日本語 Ελλάδα 👍 a/b:c@d %20 \\ 'quoted'";
    expect(escapeText(printable)).toBe(printable);
  });

  it("spells hidden characters out", () => {
    expect(escapeText("evil\u202egnp.exe")).toBe("evil\\u{202e}gnp.exe");
    expect(escapeText("two\nlines\t\u001b[2J")).toBe("two\\nlines\\t\\u{1b}[2J");
    expect(escapeText("zero\u200bwidth, nbsp\u00a0, tag\u{e0041}")).toBe(
      "zero\\u{200b}width, nbsp\\u{a0}, tag\\u{e0041}",
    );
  });

  it("answers with ASCII alone where the terminal can show nothing else", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeText(text, false)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe("displayWidth", () => {
  it("counts wide characters twice and combining marks not at all", () => {
    expect(displayWidth("abc")).toBe(3);
    expect(displayWidth("日本")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("👍")).toBe(2);
    expect(displayWidth("🇩🇪")).toBe(2);
    expect(displayWidth("ｆｕｌｌ")).toBe(8);
  });
});
