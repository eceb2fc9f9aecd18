import { describe, expect, test } from "vitest";
import { leftUnanswered } from "../../../src/core/planning/approval.ts";
import { joinAnswers } from "../../../src/core/consent/answers.ts";
import {
  allowsDataLoss,
  allowsReplacement,
  answerDataLoss,
  quoteWord,
  quoteYaml,
  removalOf,
  type ConsentFacts,
} from "../../../src/core/consent/consent.ts";
import { defaultLifecycle, type Desired, type Removal } from "../../../src/core/model/desired.ts";
import type { Overrides } from "../../../src/core/consent/overrides.ts";
import { problem, type Answer } from "../../../src/core/base/problem.ts";

const main = "render/postgres/main";
const other = "render/postgres/other";
const today = "2026-11-22";
const where = { file: "trueup.yaml", line: 1, column: 1 };

const noOverrides: Overrides = {
  rewrites: [],
  gaps: [],
  exportTo: null,
  destroys: false,
  allowDataLoss: [],
  allowReplace: [],
  adopt: null,
  recreateGone: false,
  allowOlder: false,
};

function facts(overrides: Partial<Overrides>, more: Partial<ConsentFacts> = {}): ConsentFacts {
  return { overrides: { ...noOverrides, ...overrides }, removed: [], desired: new Map(), today, ...more };
}

const removal = (address: Removal["address"], until: string): Removal => ({
  address,
  data: "lost",
  until,
  where,
});

function declared(allowDataLoss: string): ReadonlyMap<Desired["address"], Desired> {
  const desired: Desired = {
    address: main,
    kind: "render/postgres",
    name: "main",
    spec: {},
    lifecycle: { ...defaultLifecycle, allowDataLoss },
    where,
    places: new Map(),
    needs: [],
  };
  return new Map([[main, desired]]);
}

describe("the end of data is agreed to", () => {
  test("by the flag with its address, and by no other's", () => {
    expect(allowsDataLoss(facts({}), main)).toBe(false);
    expect(allowsDataLoss(facts({ allowDataLoss: [main] }), main)).toBe(true);
    expect(allowsDataLoss(facts({ allowDataLoss: [other] }), main)).toBe(false);
    expect(allowsDataLoss(facts({ allowReplace: [main] }), main)).toBe(false);
  });

  test("by its entry in `removed` up to that day, and by no other's", () => {
    const by = (one: Removal): boolean => allowsDataLoss(facts({}, { removed: [one] }), main);
    expect(by(removal(main, "2026-12-01"))).toBe(true);
    expect(by(removal(main, today))).toBe(true);
    expect(by(removal(main, "2026-11-21"))).toBe(false);
    expect(by(removal(other, "2026-12-01"))).toBe(false);
    expect(removalOf({ removed: [removal(other, today), removal(main, today)], today }, main)).toMatchObject({
      address: main,
    });
  });

  test("by its block up to that day", () => {
    expect(allowsDataLoss(facts({}, { desired: declared("2026-11-22") }), main)).toBe(true);
    expect(allowsDataLoss(facts({}, { desired: declared("2026-11-21") }), main)).toBe(false);
    expect(allowsDataLoss(facts({}, { desired: declared("2026-12-01") }), other)).toBe(false);
  });

  test("and with it the replacement, which has a flag of its own too", () => {
    expect(allowsReplacement(facts({}), main)).toBe(false);
    expect(allowsReplacement(facts({ allowReplace: [main] }), main)).toBe(true);
    expect(allowsReplacement(facts({ allowReplace: [other] }), main)).toBe(false);
    expect(allowsReplacement(facts({ allowDataLoss: [main] }), main)).toBe(true);
  });
});

describe("the answer to an end of data", () => {
  test("is the flag, a block that holds for a week, and the address", () => {
    expect(answerDataLoss(main, { today })).toEqual({
      flags: [`--allow-data-loss ${main}`],
      block: `removed:\n  - { address: ${main}, data: exported, until: 2026-11-29 }`,
      word: main,
    });
    expect(answerDataLoss(main, { today }, "lost").block).toContain("data: lost");
  });

  test("is one word of a shell and one of YAML, whatever the address is", () => {
    expect(quoteWord("render/service/a@b%2Fc")).toBe("render/service/a@b%2Fc");
    expect(quoteWord("a b")).toBe("'a b'");
    expect(quoteWord("a'b")).toBe(`'a'\\''b'`);
    expect(quoteWord("a;b")).toBe("'a;b'");
    expect(quoteYaml("render/service/a-b%20c.d_e")).toBe("render/service/a-b%20c.d_e");
    expect(quoteYaml("a@b")).toBe('"a@b"');
    expect(quoteYaml("a: b")).toBe('"a: b"');
  });
});

describe("the answers of one plan together", () => {
  const refusal = (code: string, answer?: Answer) =>
    problem("refusal", code, "No.", "Do something.", { ...(answer && { answer }) });

  test("are every flag once, with the highest of several numbers", () => {
    const flags = (...each: readonly string[]): readonly string[] =>
      joinAnswers(each.map((flag) => refusal("a", { flags: [flag], word: "yes" }))).flags;
    expect(flags("--adopt", "--adopt")).toEqual(["--adopt"]);
    expect(flags("--allow-deletes 3", "--allow-deletes 12", "--allow-deletes 5")).toEqual([
      "--allow-deletes 12",
    ]);
    expect(flags("--allow-replace a", "--allow-replace b", "--allow-deletes 2")).toEqual([
      "--allow-replace a",
      "--allow-replace b",
      "--allow-deletes 2",
    ]);
  });

  test("are blocks with each root key once and each line once", () => {
    const block = (...items: readonly string[]): string =>
      ["removed:", ...items.map((item) => `  - ${item}`)].join("\n");
    const answers = joinAnswers([
      refusal("a", { flags: [], block: block("a") }),
      refusal("b", { flags: [], block: block("b", "a") }),
      refusal("c", { flags: [], block: "moved:\n  - c" }),
    ]);
    expect(answers.block).toBe(`${block("a", "b")}\nmoved:\n  - c`);
    expect(joinAnswers([refusal("a", { flags: ["--adopt"] })])).not.toHaveProperty("block");
  });

  test("are typed only where each can be, as the addresses in order, or as yes", () => {
    const word = (...words: readonly (string | undefined)[]): string | undefined =>
      joinAnswers(words.map((one) => refusal("a", { flags: [], ...(one !== undefined && { word: one }) })))
        .word;
    expect(word("yes", "yes")).toBe("yes");
    expect(word("yes", other, main, other)).toBe(`${main} ${other}`);
    expect(word(main, undefined)).toBeUndefined();
    const partly = [refusal("a", { flags: [], word: "yes" }), refusal("protected")];
    expect(joinAnswers(partly)).not.toHaveProperty("word");
  });

  test("name what only an edit answers, each code once and in order", () => {
    const refusals = [refusal("protected"), refusal("adopt", { flags: ["--adopt"] }), refusal("empty-file")];
    expect(joinAnswers([...refusals, refusal("protected")]).unanswerable).toEqual([
      "empty-file",
      "protected",
    ]);
  });
});

test("a refusal that was answered by typing stands answered for its own address, when the run is carried on", () => {
  const refusal = (address?: string) => problem("refusal", "data-loss", "No.", "Do something.", { address });
  const answered = [{ code: "data-loss", address: main }];
  expect(leftUnanswered([refusal(main), refusal(other)], answered)).toEqual([refusal(other)]);
  expect(leftUnanswered([refusal()], answered)).toEqual([refusal()]);
  expect(leftUnanswered([refusal()], [{ code: "data-loss" }])).toEqual([]);
  expect(leftUnanswered([refusal(main)], [{ code: "adopt", address: main }])).toEqual([refusal(main)]);
  expect(leftUnanswered([refusal(main)])).toEqual([refusal(main)]);
});
