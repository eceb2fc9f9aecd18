import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { FileResult } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { renderProblems } from "../../src/views/base/problems.ts";
import { mistakes } from "./mistakes.ts";
import { readText } from "./read.ts";

/** What must hold for any text at all: an answer, with places inside the text and nothing that steers a terminal. */
function checkAnswer(text: string, { state, problems }: FileResult): void {
  const lines = text.split("\n").length;
  expect(state === undefined).toBe(problems.some(({ severity }) => severity === "error"));
  for (const { where } of problems) {
    expect(where?.line).toBeGreaterThan(0);
    expect(where?.line).toBeLessThanOrEqual(lines);
    expect(where?.column).toBeGreaterThan(0);
  }
  const shown = renderProblems(problems, { columns: 100, colour: false, unicode: true });
  // oxlint-disable-next-line no-control-regex -- the test is about them
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
}

const words = [
  ...new Set(
    fileKinds.flatMap((kind) => [...Object.keys(kind.fields), ...kind.shapes.map(({ list }) => list)]),
  ),
].concat(
  "name key value sync fromDatabase fromService fromGroup property envVarKey << __proto__".split(" "),
  "services databases projects environments settings lifecycle constructor toString".split(" "),
);
const scalar = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    1,
    3.1,
    "",
    "web",
    "static",
    "docker",
    "free",
    "main",
    "[]",
    "*a",
    "&a",
    "a: b",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.integer(),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    scalar,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...words), tie("tree"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** Blocks that are nearly right reach much deeper than arbitrary ones. */
const block = fc.record(
  {
    type: fc.constantFrom("web", "worker", "cron", "keyvalue", "workflow", "redis"),
    name: fc.constantFrom("a", "b", "c"),
    runtime: fc.constantFrom("docker", "node", "static", "image"),
    plan: fc.oneof(fc.constantFrom("free", "Starter", "pro_plus"), tree),
    envVars: fc.array(fc.dictionary(fc.constantFrom(...words), tree, { maxKeys: 3, noNullPrototype: true }), {
      maxLength: 4,
    }),
    disk: tree,
    domains: tree,
    scaling: tree,
    lifecycle: tree,
    headers: tree,
  },
  { requiredKeys: ["type", "name"], noNullPrototype: true },
);
const file = fc.record(
  {
    services: fc.array(block, { maxLength: 4 }),
    databases: tree,
    projects: tree,
    envVarGroups: tree,
    settings: tree,
    rendercad: tree,
  },
  { requiredKeys: ["services"], noNullPrototype: true },
);

describe("the reader answers whatever it is given", () => {
  test("any text", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            "services",
            ": ",
            "\n",
            "  ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "&a",
            "*a",
            "'",
            '"',
            "|",
            ">",
            "#",
            "\t",
            "?",
            "!",
            "%",
            "---",
            "\r\n",
            "x",
          ),
          { maxLength: 60 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (value) => checkAnswer(value, readText(value))),
      { numRuns: 1_000, seed: 1 },
    );
  });

  test("any tree of the format's words", () => {
    fc.assert(
      fc.property(fc.oneof(tree, file), (value) => {
        const text = stringify(value);
        checkAnswer(text, readText(text));
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  test("any change to a wrong file", () => {
    const changed = fc
      .tuple(
        fc.constantFrom(...mistakes.map((mistake) => mistake.text)),
        fc.nat(),
        fc.nat(40),
        fc.string({ unit: "binary", maxLength: 6 }),
      )
      .map(
        ([text, at, size, insert]) =>
          text.slice(0, at % text.length) + insert + text.slice((at % text.length) + size),
      );
    fc.assert(
      fc.property(changed, (text) => checkAnswer(text, readText(text))),
      { numRuns: 300, seed: 3 },
    );
  });

  test("a planted value never shows, wherever a broken file has it", () => {
    const canary = "sk_live_planted0123456789";
    const changed = fc
      .tuple(fc.constantFrom(...mistakes.map((mistake) => mistake.text)), fc.nat())
      .map(([text, at]) => text.slice(0, at % text.length) + `"${canary}"` + text.slice(at % text.length));
    fc.assert(
      fc.property(changed, (text) => {
        const result = readText(text);
        expect(JSON.stringify(result.problems)).not.toContain(canary);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

/** Each of these made some YAML reader hang, overflow or fill the memory. The time limit of the test is the judge. */
describe("texts that are made to hurt", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"].concat(
    Array.from({ length: 12 }, (_, index) => {
      const [before, name] = [String.fromCharCode(97 + index), String.fromCharCode(98 + index)];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`;
    }),
  );
  const service = (index: number) =>
    `  - type: web\n    name: s${index}\n    runtime: docker\n    envVars:\n      - key: TOKEN\n        value: abcdef${index}\n`;
  const cases: readonly (readonly [string, () => string])[] = [
    ["a YAML bomb", () => bomb.join("\n")],
    ["a mapping bomb", () => `a: &a {k: v}\n${"b: [".repeat(1)}${"*a, ".repeat(200_000)}]`],
    ["open brackets", () => `services: ${"[".repeat(50_000)}`],
    ["deep flow lists", () => `services: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["deep flow mappings", () => `${"{a: ".repeat(20_000)}${"}".repeat(20_000)}`],
    ["deep block lists", () => `${"- ".repeat(20_000)}x`],
    [
      "deep block mappings",
      () => Array.from({ length: 1_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
    ],
    ["five megabytes in one line", () => `services: "${"a".repeat(5_000_000)}"`],
    ["five megabytes of comments", () => `# ${"x".repeat(98)}\n`.repeat(50_000)],
    [
      "thirty thousand unknown keys",
      () => Array.from({ length: 30_000 }, (_, index) => `k${index}: v`).join("\n"),
    ],
    ["ten thousand mistakes", () => `services:\n${"  - typ: web\n".repeat(10_000)}`],
    [
      "ten thousand references to nobody",
      () =>
        `services:\n  - type: web\n    name: a\n    runtime: docker\n    envVars:\n${Array.from({ length: 10_000 }, (_, index) => `      - {key: K${index}, fromDatabase: {name: d${index}, property: host}}\n`).join("")}`,
    ],
    [
      "three thousand services with secrets",
      () => `services:\n${Array.from({ length: 3_000 }, (_, index) => service(index)).join("")}`,
    ],
  ];
  test.each(cases)(
    "%s",
    (_, makeText) => {
      const text = makeText();
      const result = readText(text);
      checkAnswer(text, result);
      expect(result.problems.length).toBeLessThanOrEqual(201);
    },
    30_000,
  );

  test("more than ten megabytes are refused unread, as on Render", () => {
    expect(readText(`# ${"x".repeat(10 * 1024 * 1024)}`).problems.map(({ code }) => code)).toEqual([
      "file-too-large",
    ]);
  });

  test("names cannot carry controls, nor turn the reading direction around", () => {
    for (const name of ["a\\u0000b", "a\\eb", "a\\u202Eb", "a\\nb", "\\uD800", " a", "__proto__"]) {
      expect(readText(`databases: [{name: "${name}"}]`).problems.map(({ code }) => code)).toEqual([
        "name-not-allowed",
      ]);
    }
  });
});
