import { describe, expect, test } from "vitest";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { allKinds, readText, stateOf, toldBy, today } from "./read.ts";

/** More than the library's parser is given. */
const filler = `# ${"x".repeat(78)}\n`.repeat(4_000);

function readOver(base: string, overlay: string) {
  const options = { kinds: allKinds, today, overlays: [{ name: "overlay.yaml", text: overlay }] };
  return readDesired([{ name: "trueup.yaml", text: base }], options);
}

describe("a file too large for the library's trees", () => {
  test("is read all the same", () => {
    const { resources } = stateOf(
      `${filler}services:\n- &a {type: web, name: api, runtime: docker}\n- <<: *a\n  name: api-2 # another\n`,
    );
    expect(resources.map(({ address }) => address)).toEqual(["render/service/api", "render/service/api-2"]);
  });

  test("is told where it is no YAML, in one message", () => {
    expect(toldBy(readText(`${filler}services:\n  - type: web\n   name: a\n`))).toEqual([
      "error yaml-syntax 4003:4",
    ]);
    expect(toldBy(readText(`${filler}services: [a\n`))).toEqual(["error yaml-syntax 4002:1"]);
  });

  test("is told where it has what only smaller ones may have", () => {
    const { problems } = readText(`${filler}services: !a []\n`);
    expect(problems.map(({ code, where }) => [code, where?.line, where?.column])).toEqual([
      ["yaml-syntax", 4001, 11],
    ]);
    expect(problems[0]?.remedy).toContain("tags");
  });

  test("is told where it is too deep", () => {
    expect(toldBy(readText(`${filler}a: ${"[".repeat(70)}${"]".repeat(70)}`))).toEqual([
      "error yaml-too-deep 4001:67",
    ]);
  });

  test("may have every duplicate key named, as a small one", () => {
    expect(toldBy(readText(`${filler}services: []\nservices: []\n`))).toEqual([
      "error yaml-duplicate-key 4002:1",
    ]);
  });
});

test("a file of more values than anybody means is refused, and not held in memory", () => {
  expect(toldBy(readText(`services: [${"x,".repeat(600_000)}]`))).toEqual([
    expect.stringMatching(/^error file-too-large 1:4\d{5}$/) as string,
  ]);
  // Few enough to be meant, however dense; many and dense are not.
  expect(toldBy(readText(`services: [${"x,".repeat(60_000)}]`))).toEqual([
    expect.stringMatching(/^error file-too-large 1:1\d{5}$/) as string,
  ]);
  expect(toldBy(readText(`services: [${"x,".repeat(40_000)}]`)).join()).not.toContain("file-too-large");
});

test("of many faults the first are shown, however they come", () => {
  const entries = Array.from(
    { length: 3_000 },
    (_, index) => `      - {key: K${index}, value: yes, odd: 1}\n`,
  );
  const text = `services:\n  - type: web\n    name: a\n    runtime: docker\n    envVars:\n${entries.join("")}`;
  const { problems } = readText(text);
  expect(problems.map(({ where }) => where?.line)).toEqual(
    Array.from({ length: 200 }, (_, index) => index + 6),
  );
});

test("a fold says how many there are, beyond what is shown", () => {
  const entries = Array.from({ length: 3_000 }, (_, index) => `      - {key: K${index}, value: true}\n`);
  const text = `services:\n  - type: web\n    name: a\n    runtime: docker\n    envVars:\n${entries.join("")}`;
  const { problems } = readText(text);
  expect(problems.map(({ code }) => code)).toEqual(["boolean-value"]);
  expect(problems[0]?.message).toContain("(and 2999 more in this file)");
});

describe("an overlay that is made to hurt", () => {
  const copies = (count: number): string =>
    Array.from({ length: count }, (_, index) => `- {op: copy, from: /a, path: /a/x${index}}\n`).join("");

  test("cannot double what it copies without end", () => {
    const result = readOver("a: {b: 1}", copies(60));
    expect(toldBy(result)).toEqual(["error overlay-patch 16:30"]);
    expect(result.problems[0]?.message).toContain("its copies are so many");
  });

  test("cannot nest deeper than a file", () => {
    const deeper = Array.from(
      { length: 80 },
      (_, index) => `- {op: add, path: ${"/a".repeat(index + 1)}, value: {}}\n`,
    );
    expect(toldBy(readOver("b: 1", deeper.join("")))).toEqual(["error yaml-too-deep 1:1"]);
  });

  test("cannot move the file into itself", () => {
    const result = readOver("a: {b: 1}", "- {op: move, from: '', path: /a/c}");
    expect(result.problems[0]?.message).toContain("it takes the whole file away");
    expect(readOver("a: {b: 1}", "- {op: move, from: /a, path: /a/c}").problems[0]?.message).toContain(
      "there is nothing at its path",
    );
  });
});
