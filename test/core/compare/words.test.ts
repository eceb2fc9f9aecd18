import { expect, test } from "vitest";
import { sameWord } from "../../../src/core/base/text.ts";
import { spellWords, withSent, type Words } from "../../../src/core/compare/words.ts";
import type { Json, JsonObject } from "../../../src/core/base/json.ts";
import { fileKinds } from "../../../src/providers/file-kinds.ts";

const of = (schema: JsonObject, retired: readonly string[] = []): Words => ({ schema, retired });
const plan = of({ enum: ["pro plus", "free"] }, ["starter plus"]);
const events = of({ type: "array", items: { enum: ["deploy_ended", "deploy_started"] } });
const cache = of({
  type: "object",
  properties: { profile: { enum: ["no-cache", "all"] }, ttl: { type: "number" } },
});

test("a word is the same whatever its case and what stands between its parts", () => {
  for (const shown of ["pro plus", "Pro_Plus", "PRO-PLUS", " proPlus "])
    expect(sameWord(shown, "pro plus")).toBe(true);
  for (const shown of ["pro", "pro+plus", "", null, undefined, 7, ["pro plus"]])
    expect(sameWord(shown, "pro plus")).toBe(false);
});

test.each<[Words, Json, Json]>([
  [plan, "Pro_Plus", "pro plus"],
  [plan, "STARTER PLUS", "starter plus"],
  [plan, "nano", "nano"],
  [plan, null, null],
  [events, ["DEPLOY ENDED", "moon_rose"], ["deploy_ended", "moon_rose"]],
  [cache, { profile: "NO_CACHE", ttl: 5, other: "ALL" }, { profile: "no-cache", ttl: 5, other: "ALL" }],
  [of({ enum: ["default", true, false] }), true, true],
  [of({ type: "string" }), "Any Text", "Any Text"],
])("%# each word gets the spelling of its list, and nothing else is touched", (words, live, spelled) => {
  expect(spellWords(words, live)).toEqual(spelled);
});

test.each<[Words, Json, Json | undefined, Json]>([
  [plan, "nano", "free", "free"],
  [plan, "pro plus", "free", "pro plus"],
  [plan, 7, "free", "free"],
  [plan, null, "free", null],
  [plan, "", "free", ""],
  [plan, "nano", undefined, "nano"],
  [events, ["deploy_ended", "moon_rose"], ["deploy_started"], ["deploy_ended"]],
  [cache, { profile: "edge", ttl: 5 }, { profile: "all", ttl: 7 }, { profile: "all", ttl: 5 }],
  [cache, { profile: "edge" }, null, { profile: "edge" }],
])(
  "%# what was sent stands for a word that nobody knows, and for nothing else",
  (words, live, sent, taken) => {
    expect(withSent(words, live, sent)).toEqual(taken);
  },
);

test("no two words of one list are the same word", () => {
  const lists = fileKinds.flatMap(({ fields }) =>
    Object.values(fields).map(({ schema, loose }) => [
      ...((schema["enum"] ?? []) as readonly Json[]),
      ...(loose?.retired ?? []),
    ]),
  );
  const words = lists.map((list) => list.filter((word) => typeof word === "string"));
  expect(words.filter((list) => list.length > 0).length).toBeGreaterThan(10);
  for (const list of words)
    for (const word of list) expect(list.filter((other) => sameWord(other, word))).toEqual([word]);
});
