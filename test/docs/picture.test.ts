import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { drawPicture, picturePath } from "../../bench/session/picture.ts";
import { TerminalScreen } from "../../bench/session/screen.ts";
import { palette } from "../../bench/session/svg.ts";

describe("the README's picture", () => {
  test("shows what the program prints today; npm run picture makes it", async () => {
    const text = await readFile(picturePath, "utf8");
    expect(text).toBe(await drawPicture());
    for (const told of [
      "Plan   25 to create",
      "for render/create (20 an hour)",
      "25 of 25",
      "1 changed outside",
    ])
      expect(text.replaceAll(/<[^>]+>/gu, " ").replaceAll(/\s+/gu, " ")).toContain(
        told.replaceAll(/\s+/gu, " "),
      );
  });

  test("can be read in light and in dark", () => {
    const { ground, edge: _edge, ...inks } = palette;
    const faint = Object.entries(inks).flatMap(([name, ink]) =>
      (["light", "dark"] as const)
        .filter((theme) => contrast(ink[theme], ground?.[theme] ?? "") < 4.5)
        .map((theme) => `${name}, ${theme}`),
    );
    expect(faint).toEqual([]);
    expect(contrast("#777777", "#ffffff")).toBeLessThan(4.5);
  });
});

test("a terminal that is drawn again shows what was drawn last, and refuses what it does not know", () => {
  const screen = new TerminalScreen();
  screen.write("$ \u001b[1mtrueup\u001b[22m\n  one\n  two\n\r\u001b[2A\u001b[J  three\n");
  expect(screen.lines.map((line) => line.map(({ text, look }) => `${look}:${text}`))).toEqual([
    [":$ ", "bold:trueup"],
    [":  three"],
    [],
  ]);
  expect(() => screen.write("\u001b[3K")).toThrow("without a picture");
  expect(() => screen.write("\u001b[7m")).toThrow("without a picture");
});

/** As WCAG 2 has it. */
function contrast(one: string, other: string): number {
  const [more = 0, less = 0] = [brightness(one), brightness(other)].sort((a, b) => b - a);
  return (more + 0.05) / (less + 0.05);
}

function brightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
