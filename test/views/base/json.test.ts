import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printJson, printJsonLine } from "../../../src/views/base/json.ts";

describe("printJson", () => {
  it("gives the same bytes whatever the order of keys, and reads back as what it was", () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (pairs) => {
        const [object, turned] = [Object.fromEntries(pairs), Object.fromEntries([...pairs].reverse())];
        expect(printJson(object)).toBe(printJson(turned));
        expect(JSON.parse(printJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it("holds no character that a terminal would obey or not show, and loses none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printJson({ text })).not.toMatch(
          /[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
        );
        expect(printJsonLine({ text })).toMatch(/^[^\n]*\n$/);
        expect(JSON.parse(printJson({ text }))).toEqual({ text });
      }),
    );
  });
});
