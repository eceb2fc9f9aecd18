import { array, asyncProperty, constantFrom, assert as check, nat, oneof, record, string } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runExport, type Exported } from "../../src/commands/export/export.ts";
import type { Json } from "../../src/core/base/json.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { account } from "../drift/account.ts";
import { makeLiar, type Shown } from "../odd-answers.ts";
import { openScene, type Scene } from "../scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

/** Names that some object may have had for years, sizes of retired plans, words of next year, and what no API should show. */
const odd: readonly (Json | undefined)[] = [
  "a\nb: c",
  " both ends ",
  "",
  "x".repeat(300),
  "\u202Egnp.exe",
  "__proto__",
  "::error::fooled",
  "##[error]fooled",
  "yes",
  "null",
  "08",
  "1e3",
  "- item",
  "a: b # c",
  "{{ cookiecutter.name }}",
  "é 😀 名前",
  "\ud800",
  "pro_max_2031",
  "61 * * * *",
  "http://plain.example",
  "FOO=bar",
  "../../etc/passwd",
  "production/web",
  undefined,
  null,
  true,
  0,
  -1,
  16,
  2.5,
  1e21,
  {},
  [],
  [null],
  [{}],
];

const liar = makeLiar();
let scene: Scene;
let members: readonly string[];
let written = 0;
let leftOut = 0;
beforeAll(async () => {
  scene = await openScene({ limits: "off", send: liar.send, environment: { TOKEN: "s3cr3t-token" } });
  await scene.write(account);
  expect((await scene.apply()).problems).toEqual([]);
  const seen = new Set<string>();
  liar.lie = (object) => {
    for (const member of Object.keys(object)) seen.add(member);
  };
  await runExport({ literals: [] }, scene.deps);
  members = [...seen].sort();
});
afterAll(() => scene.close());

type Oddity = { readonly member: number; readonly value: Json | undefined; readonly nth: number };

/** The `nth` object that has the member shows this instead; all of them when the number is large. */
function showOdd(oddities: readonly Oddity[]): void {
  const counts = oddities.map(() => 0);
  liar.lie = (object: Shown) =>
    oddities.forEach(({ member, value, nth }, index) => {
      // Names are what most objects have, and what people gave them.
      const name = member % 3 === 0 ? "name" : members[member % members.length]!;
      if (!Object.hasOwn(object, name)) return;
      counts[index] = counts[index]! + 1;
      if (nth < 8 && counts[index] !== nth + 1) return;
      object[name] = structuredClone(value);
    });
}

test(
  "whatever an account holds, no export is refused: what no file may say is a comment with its reason",
  async () => {
    const oddity = record({
      member: nat({ max: 10_000 }),
      value: oneof(constantFrom(...odd), string({ unit: "binary", maxLength: 12 })),
      nth: constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 99),
    });
    await check(
      asyncProperty(array(oddity, { minLength: 1, maxLength: 5 }), async (oddities) => {
        showOdd(oddities);
        const exported = await runExport({ literals: ["*"] }, scene.deps).catch((error: unknown) => {
          // What cannot be read is said, and nothing is written.
          if (error instanceof ProblemError) return undefined;
          throw error;
        });
        if (exported) expectTaken(exported);
      }),
      propertyRuns(40),
    );
    expect(written, "most of what is odd can be read").toBeGreaterThan(20);
    expect(leftOut).toBeGreaterThan(5);
  },
  propertyTimeout,
);

function expectTaken({ text, others, problems }: Exported): void {
  const sources = [text, ...others].map((one, index) => ({ name: `export-${index}`, text: one }));
  const again = readDesired(sources, { kinds: fileKinds, today: "2026-11-22" });
  expect(again.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  const told = problems.filter(({ code }) => code === "not-exported");
  expect((text.match(/# .* is left out: /gu) ?? []).length).toBe(told.length);
  written += 1;
  leftOut += told.length;
}
