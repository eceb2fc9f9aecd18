import fc from "fast-check";
import { expect, test } from "vitest";
import { byNature } from "../../../src/views/base/natural.ts";

test("digits count as one number, and other text as it stands", () => {
  const names = ["web-10", "web-9", "web", "api2b", "api10a", "api02b", "Web-1"];
  expect([...names].sort(byNature)).toEqual(["Web-1", "api02b", "api2b", "api10a", "web", "web-9", "web-10"]);
});

test("it is an order: equal only to itself, and the same from both sides", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "-", "0", "1", "9") });
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(byNature(a, b))).toBe(0 - Math.sign(byNature(b, a)));
      if (byNature(a, b) === 0) expect(a).toBe(b);
      if (byNature(a, b) < 0 && byNature(b, c) < 0) expect(byNature(a, c)).toBeLessThan(0);
    }),
    { numRuns: 300 },
  );
});
