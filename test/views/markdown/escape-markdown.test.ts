import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { code, fence, sentence } from "../../../src/views/markdown/escape-markdown.ts";
import { escapeText } from "../../../src/views/base/escape.ts";

/** As GitHub reads it; HTML passes, which its sanitizer would let through in parts. */
function html(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** The text of HTML, without the empty comments that keep a mention from being one. */
function textOf(rendered: string): string {
  return rendered
    .replaceAll("<!-- -->", "")
    .replaceAll(/<[^>]*>/gu, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

const tagsOf = (rendered: string): readonly string[] =>
  (rendered.replaceAll("<!-- -->", "").match(/<\/?\w+/gu) ?? []).map((tag) => tag.replace(/[</]+/u, ""));

const hostile = [
  "plain name",
  "`",
  "``` ```",
  "` x `",
  "",
  " ",
  "</details><script>alert(1)</script>",
  '<!-- trueup {"shows":"plan"} -->',
  "--><b>",
  "@ada and @acme/team, mail a@b.co",
  "#12 GH-12 acme/infra#7",
  "https://evil.test www.evil.test ftp://evil.test",
  "[text](https://evil.test) ![i](x)",
  "[x]: https://evil.test",
  "**bold** _it_ ~~gone~~ $a$ $$b$$ ^c^",
  "| a | b |",
  "1. item",
  "- item",
  "# head",
  "> [!NOTE]",
  "&lt;b&gt; &amp; &copy;",
  "a\\`b\\",
  "::error file=x::y",
  "\u202e\u200b\u001b[31m",
  "line\nbreak\r\n\r\n    code",
  "|---|",
  "\\|",
];
const texts = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: fc.constantFrom(..."`|\\<>&@#:/*_~-![]()$=+.^1a \n".split("")), maxLength: 24 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);

test("a name as code is one code span that shows it and holds nothing else", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const rendered = html(`before ${code(text)} after`);
      expect(tagsOf(rendered)).toEqual(["p", "code", "code", "p"]);
      expect(textOf(rendered).replaceAll(/\s+/gu, " ")).toBe(
        `before ${escapeText(text)} after`.replaceAll(/\s+/gu, " "),
      );
    }),
    { numRuns: 400 },
  );
});

test("in a table it stays in its cell", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const rendered = html(`| a | b |\n|---|---|\n| ${code(text, "table")} | end |`);
      expect(rendered.match(/<td>/gu)).toHaveLength(2);
      expect(rendered).toContain("<td>end</td>");
    }),
    { numRuns: 400 },
  );
});

test("a sentence shows what it says, and neither marks, links, calls anybody nor refers to anything", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const rendered = html(`it: ${sentence(text)}.`);
      expect(tagsOf(rendered)).toEqual(["p", "p"]);
      expect(textOf(rendered).replaceAll(/\s+/gu, " ")).toContain(
        escapeText(text).replaceAll(/\s+/gu, " ").trim(),
      );
      // What GitHub looks for in the finished text.
      expect(rendered).not.toMatch(/@[a-z\d]|#\d|\bGH-\d|www\.|:\/\//iu);
    }),
    { numRuns: 600 },
  );
});

test("at the start of a line it is no list, heading or quote", () => {
  for (const text of hostile)
    expect(tagsOf(html(sentence(text.trim() === "" ? "x" : text)))).toEqual(["p", "p"]);
});

test("a fence shows its lines and ends where it is meant to", () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 5 }), (lines) => {
      const rendered = html(`${fence(lines, "diff")}\n\nafter`);
      expect(tagsOf(rendered)).toEqual(["pre", "code", "code", "pre", "p", "p"]);
      expect(rendered.endsWith("<p>after</p>")).toBe(true);
    }),
    { numRuns: 400 },
  );
});
