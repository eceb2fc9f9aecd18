import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/core/base/secret.ts";
import { failureOf } from "../../src/http/failure.ts";
import { scrub, scrubLines } from "../../src/http/scrub.ts";
import { render, rendercad } from "./api-facts.ts";

const facts = {
  api: render,
  method: "PATCH",
  path: "/services/srv-1",
  host: "https://api.render.test/v1",
  sent: [],
};

function answer(status: number, text: string) {
  return { status, headers: {}, text };
}

describe("a failed answer", () => {
  test.each([
    [302, "redirected", "no"],
    [400, "rejected", "no"],
    [401, "unauthorized", "no"],
    [402, "payment-required", "no"],
    [403, "forbidden", "no"],
    [404, "not-found", "no"],
    [409, "conflict", "no"],
    [422, "rejected", "no"],
    [429, "rate-limited", "no"],
    [500, "server-error", "maybe"],
    [503, "server-error", "maybe"],
  ])("%i is %s, and whether the API acted: %s", (status, code, reached) => {
    const error = failureOf(facts, answer(status, '{"message":"because"}'));
    expect(error.problems).toMatchObject([
      { code, severity: "error", message: `PATCH /services/srv-1 answered ${status}: because.` },
    ]);
    expect(error.problems[0]?.remedy).toMatch(/\.$/);
    expect(error).toMatchObject({ status, reached });
  });

  test.each([
    ['{"message":"plan is required."}', ": plan is required."],
    ['{"error":"slow down"}', ": slow down."],
    ['{"message":""}', "."],
    ['{"message":{"no":"text"}}', "."],
    ["<html>", "."],
    ["", "."],
    ["null", "."],
  ])("says of %s what the API said", (text, end) => {
    expect(failureOf(facts, answer(400, text)).problems[0]?.message).toBe(
      `PATCH /services/srv-1 answered 400${end}`,
    );
  });

  test("of 429 without Retry-After is no rate limit where the API sends that with each one", () => {
    const full = answer(429, '{"error":"Maximum of 10 API tokens reached"}');
    expect(failureOf({ ...facts, api: rendercad }, full)).toMatchObject({
      reached: "no",
      problems: [{ code: "exhausted", remedy: "Make room there, then run again." }],
    });
    const later = { ...full, headers: { "retry-after": "60" } };
    expect(failureOf({ ...facts, api: rendercad }, later).problems).toMatchObject([{ code: "rate-limited" }]);
  });

  test("keeps a long message short", () => {
    const text = JSON.stringify({ message: "no ".repeat(500) });
    expect(failureOf(facts, answer(400, text)).message.length).toBeLessThan(400);
  });
});

describe("scrubbing", () => {
  test("takes out what the call sent, however the API quotes it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.string(), (text, around) => {
        fc.pre(!around.includes(text) && !"(secret) (masked)".includes(text));
        const forms = [
          text,
          encodeURIComponent(text),
          JSON.stringify(text).slice(1, -1),
          Buffer.from(text).toString("base64"),
        ];
        const clean = scrub(forms.join(" | "), [new Secret(text)]);
        expect(clean).not.toContain(text);
        for (const form of forms.slice(1)) expect(clean).not.toContain(form);
      }),
    );
  });

  const odd = 'can"ary\nvalue-93x847';
  test.each([
    ["quoted twice", JSON.stringify(JSON.stringify(odd))],
    ["in lower-case percent codes", encodeURIComponent(odd).toLowerCase()],
    ["in capitals", odd.toUpperCase()],
    ["cut off", odd.slice(0, 18)],
    ["on one line", odd.replace("\n", " ")],
    ["as HTML", odd.replace('"', "&quot;")],
    ["with its line break escaped", odd.replace("\n", "\\n")],
  ])("leaves no piece of a secret that comes back %s", (_how, said) => {
    const clean = scrub(`invalid value ${said} of KEY`, [new Secret(odd)]).toLowerCase();
    for (let at = 0; at + 8 <= odd.length; at += 1) {
      const piece = odd.slice(at, at + 8);
      if (!/\s/u.test(piece)) expect(clean).not.toContain(piece);
    }
    expect(clean).toMatch(/^invalid value .*\(secret\).* of key$/su);
  });

  test("leaves words alone that a secret only shares some letters with", () => {
    const said = "The build command of this service is too long";
    expect(scrub(said, [new Secret("commander-serve-1234567")])).toBe(said);
  });

  test("takes out what has the form of a credential, and leaves ids and words", () => {
    const told =
      "no such user in postgresql://shop:hunter2@dpg-d1au6l0023vnto08vu00-a/shop, key rnd_Hk3vQ8sW2xZr7TqLm5Np";
    expect(scrub(told, [])).toBe("no such user in postgresql://(secret)@(masked), key (masked)");
    const plain = "service srv-d1au6l0023vnto08vu00 has invalid environment variable key: NOT A KEY";
    expect(scrub(plain, [])).toBe(plain);
  });
});

describe("scrubbing the lines of a log", () => {
  const cleaned = (lines: readonly string[], secrets: readonly string[], open: readonly string[] = []) =>
    scrubLines(
      lines,
      secrets.map((text) => new Secret(text)),
      new Set(open),
    );

  test("takes out a secret that stands on several lines, line by line", () => {
    const key = "-----BEGIN KEY-----\nfirst line of it\nand the second\n-----END KEY-----";
    expect(cleaned(["loaded:", "  first line of it", "and the second."], [key])).toEqual([
      "loaded:",
      "  (secret)",
      "(secret).",
    ]);
  });

  test("takes out a secret with colours inside it, and one that begins like another", () => {
    expect(cleaned(["\u001b[31mhun\u001b[0mter2 hunter2-prod"], ["hunter2", "hunter2-prod"])).toEqual([
      "(secret) (secret)",
    ]);
  });

  test("leaves what the file shows, and what is too short to be one", () => {
    expect(cleaned(["production exited with 1"], ["production", "1"], ["production"])).toEqual([
      "production exited with 1",
    ]);
  });

  test("cuts a long line after its secrets are out", () => {
    const [line = ""] = cleaned([`${"no ".repeat(98)}hunter2 hunter2`], ["hunter2"]);
    expect(line.length).toBeLessThanOrEqual(300);
    expect(line).not.toContain("hunt");
  });
});
