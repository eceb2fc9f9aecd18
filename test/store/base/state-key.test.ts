import { expect, test } from "vitest";
import { ProblemError } from "../../../src/core/base/problem.ts";
import { checkKey } from "../../../src/store/base/state-key.ts";
import { key } from "../contract.ts";

test("a key is 64 hex digits, in either case and with white space around it", () => {
  for (const text of [key, `${key}\n`, ` ${key.toUpperCase()} `]) expect(checkKey(text, "here")).toBe(key);
});

test.each(["", key.slice(1), `${key}0`, `${key.slice(1)}g`, `${key} ${key}`])(
  "anything else is refused by its place, and never repeated: %j",
  (text) => {
    const refuse = (): string => checkKey(text, "TRUEUP_STATE_KEY");
    expect(refuse).toThrow(ProblemError);
    expect(refuse).toThrow(/^key-unreadable: TRUEUP_STATE_KEY does not hold 64 hex digits\.$/u);
  },
);
