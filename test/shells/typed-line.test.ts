import fc from "fast-check";
import { expect, test } from "vitest";
import { feed, noLine } from "../../src/shells/cli/terminal/typed-line.ts";

test.each([
  ["plain text and Enter", "abc\r", "abc", "entered"],
  ["a line feed in place of Enter", "abc\n", "abc", "entered"],
  ["Backspace takes one character, however many units it has", "a😀\u007f\u007f\u007fb\r", "b", "entered"],
  ["Ctrl-U takes all of it", "abc\u0015d\r", "d", "entered"],
  ["arrows and function keys are no text", "a\u001b[Db\u001bOP\u001b[1;5Cc\u001bx\r", "abc", "entered"],
  ["Enter after a lone Escape is Enter", "abc\u001b\rd", "abc", "entered"],
  ["other control keys are no text", "a\u0000\u001a\u0012b\r", "ab", "entered"],
  ["a tab is text, as in a paste", "a\tb\r", "a\tb", "entered"],
  ["Ctrl-D on an empty line closes", "\u0004", "", "closed"],
  ["Ctrl-D after text does nothing", "a\u0004b\r", "ab", "entered"],
  ["Ctrl-C interrupts", "ab\u0003", "ab", "interrupted"],
  ["what follows Enter is dropped", "abc\rnext\r", "abc", "entered"],
  ["a paste keeps its lines", "\u001b[200~a\rb\r\u001b[201~c\r", "a\nb\nc", "entered"],
  ["a paste holds no keys", "\u001b[200~a\u0003\u0004b\u001b[201~\r", "a\u0003\u0004b", "entered"],
])("%s", (_, typed, text, end) => {
  expect(feed(noLine, typed)).toMatchObject({ text, end });
});

test("it does not matter how a terminal cuts what is typed into pieces", () => {
  const keys = fc.constantFrom(
    "a",
    "é",
    "😀",
    "\u007f",
    "\u0015",
    "\u001b[D",
    "\u001b[200~",
    "\u001b[201~",
    "\t",
  );
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 12 }), fc.array(fc.nat(30)), (typed, cuts) => {
      const text = `${typed.join("")}\r`;
      const characters = Array.from(text);
      const places = [
        0,
        ...cuts.map((cut) => cut % characters.length).sort((a, b) => a - b),
        characters.length,
      ];
      const pieces = places.slice(1).map((to, index) => characters.slice(places[index], to).join(""));
      expect(pieces.reduce(feed, noLine)).toEqual(feed(noLine, text));
    }),
  );
});
