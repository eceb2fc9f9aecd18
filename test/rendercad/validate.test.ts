import { describe, expect, test } from "vitest";
import { readText } from "../file/read.ts";

/** Codes and messages of the errors in a file that has nothing but RENDERCAD's blocks. */
function errorsIn(blocks: string): readonly string[] {
  const { problems } = readText(`rendercad: ${blocks}`);
  return problems
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code}: ${message}`);
}

function many(count: number, block: (number: number) => string): string {
  return Array.from({ length: count }, (_, index) => block(index + 1)).join(", ");
}

const webhook = (name: string, url: string, events = "[render.completed]"): string =>
  `{webhooks: [{name: ${name}, url: "${url}", events: ${events}}]}`;

describe("validate knows what RENDERCAD would refuse", () => {
  test.each([
    [
      "12 tokens",
      `{tokens: [${many(12, (number) => `{name: t${number}}`)}]}`,
      "too-many: The files declare 12 of RENDERCAD token; an account can have 10.",
    ],
    [
      "6 webhooks",
      `{webhooks: [${many(6, (number) => `{name: w${number}, url: "https://a.example/${number}", events: [render.failed]}`)}]}`,
      "too-many: The files declare 6 of RENDERCAD webhook; an account can have 5.",
    ],
    ["an http url", webhook("done", "http://a.example"), "wrong-value: "],
    ["an unknown event", webhook("done", "https://a.example", "[render.finished]"), "wrong-value: "],
    ["an unknown scope", "{tokens: [{name: api, scope: write}]}", "wrong-value: "],
    [
      "a name of 101 characters",
      `{tokens: [{name: ${"n".repeat(101)}}]}`,
      "name-too-long: The name of a RENDERCAD token has 101 characters; it can have 100.",
    ],
    [
      "two webhooks that are one",
      '{webhooks: [{name: a, url: "https://a.example", events: [render.failed]}, {name: b, url: "https://a.example", events: [video.failed]}]}',
      "shared-value: url of the RENDERCAD webhook b is that of a too, and the API knows one from the other by nothing else.",
    ],
  ])("%s", (_what, blocks, told) => {
    const errors = errorsIn(blocks);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(told);
  });

  test("and takes what is just within", () => {
    expect(
      errorsIn(`{tokens: [${many(9, (number) => `{name: t${number}}`)}, {name: ${"n".repeat(100)}}]}`),
    ).toEqual([]);
    expect(errorsIn(webhook("done", "https://a.example", "[render.completed, credits.exhausted]"))).toEqual(
      [],
    );
  });
});
