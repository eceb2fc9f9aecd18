import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeSource } from "../../src/file/read/compose.ts";
import { readDocument } from "../../src/file/read/read-block.ts";
import { RemarkCollector } from "../../src/file/base/remark.ts";
import { openSource, type Source } from "../../src/file/base/source.ts";
import { TokenStream } from "../../src/file/read/tokens.ts";
import { Tree } from "../../src/file/base/tree.ts";

/** What a reader made of a text, places included, and what it told. */
type Answer = { readonly root: unknown; readonly told: readonly unknown[] };

/** `undefined`: it gave up. */
function readByTokens(source: Source): Answer | undefined {
  const opened = openSource(source);
  const remarks = new RemarkCollector();
  const tokens = new TokenStream(opened.text);
  const root = readDocument({ tokens, tree: new Tree(opened, remarks.tell) });
  return tokens.stopped ? undefined : { root, told: remarks.kept() };
}

function readByLibrary(source: Source): Answer {
  const remarks = new RemarkCollector();
  const root = composeSource(openSource(source), remarks.tell);
  return { root, told: remarks.kept() };
}

const piece = fc.constantFrom(
  ..."a|b|a: |b:|a: b\n|- |- x\n|-\n|- - |\n|\n  |\n    |  | |: |:|,|, |[|]|{|}|&x |&y\n|*x|*y|<<: *x|#c| # c\n|# c\n".split(
    "|",
  ),
  ..."'q'¦'it''s'¦\"d\"¦\"a\\nb\"¦\"a\n  b\"¦~¦null¦0x1F¦1.50¦true¦.inf¦?¦? ¦!t ¦---\n¦...\n¦\r\n¦\t¦%¦@¦a:b¦a#b¦\u2028".split(
    "¦",
  ),
  "|\n  t\n",
  "|-\n    t\n   u\n",
  ">\n  f\n  g\n\n  h\n",
  "|+\n  t\n\n",
  "k: [a, b]\n",
  "m: {a: b, c, d: }\n",
  "x: |\n  l1\n  l2\n",
  "- k: v\n  l: w\n",
  "k: &x\n  a: b\n",
);
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));

describe("the tokens are read as the library's parser and composer read them", () => {
  test("whatever the text, the nodes, their places and the faults are the same, or reading is given up", () => {
    let read = 0;
    fc.assert(
      fc.property(text, (value) => {
        const source = { name: "a.yaml", text: value };
        const answer = readByTokens(source);
        if (!answer) return;
        read += 1;
        expect(answer).toEqual(readByLibrary(source));
      }),
      { numRuns: 6_000, seed: 5 },
    );
    expect(read).toBeGreaterThan(600);
  });

  test.each([
    "a: 1\nb:\n- x\n-\n  y: [1, {z: '2'}]\n\n# end\n",
    "a: &x {b: c}\nd:\n  <<: *x\n  e: |\n    text\n\n  f: >-\n    one\n    two\n",
    "- - 1\n  - 2\n-   - 3\n- a: b\n  c: d\n",
    "---\na: \"x\\ty\"   # said\n'b' :  plain text\n  over lines\nc: ~\n",
    "a:\r\n  - b: 3.10\r\n    c: [\r\n      d,\r\n    ]\r\n",
    "k: &a\nl: &b x\nm: *a\nn: [*b, *a]\n",
    "a: 1\na: 2\nb: {c: 1, c: 2}\nd: *nobody\n",
    "",
    "# nothing\n",
    "text",
  ])("%j is read without the library's trees", (value) => {
    const source = { name: "a.yaml", text: value };
    expect(readByTokens(source)).toEqual(readByLibrary(source));
  });

  test.each([
    ["a tag", "a: !!str 1"],
    ["a key that is a list", "[a]: b"],
    ["an explicit key", "? a\n: b"],
    ["a pair in a list", "[a: b]"],
    ["several documents", "a: 1\n---\nb: 2"],
    ["a directive", "%YAML 1.2\n---\na: 1"],
    ["a tab for a space", "a:\n\tb: 1"],
    ["two colons", "a: b: c"],
    ["a list behind a colon", "a: - b"],
    ["an anchor at a key", "- &a b: c"],
    ["other indentation", "a:\n    b: 1\n  c: 2"],
    ["a bracket that stays open", "a: [b"],
    ["a comment without a space", 'a: "b"#c'],
    ["an unknown escape", 'a: "\\q"'],
  ])("gives up at %s", (_, value) => {
    expect(readByTokens({ name: "a.yaml", text: value })).toBeUndefined();
  });
});
