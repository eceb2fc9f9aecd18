import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byText, kindOf, makeAddress, nameOf, parseAddress } from "../../../src/core/base/address.ts";

const anyName = fc.string({ minLength: 1, unit: "grapheme" });

describe("an address", () => {
  test("gives back the name that it was made of, whatever is in it", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const address = makeAddress("render/service", name);
        expect(nameOf(address)).toBe(name);
        expect(kindOf(address)).toBe("render/service");
        expect(parseAddress(address)).toEqual({ kind: "render/service", name });
      }),
    );
  });

  test("has three segments and nothing that a shell or a terminal would act on", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const address = makeAddress("render/service", name);
        expect(address.split("/")).toHaveLength(3);
        expect(address).toMatch(/^[\w!'()*.~%@:/-]+$/);
      }),
    );
  });

  test("of two names is two addresses", () => {
    fc.assert(
      fc.property(anyName, anyName, (one, other) => {
        fc.pre(one !== other);
        expect(makeAddress("render/service", one)).not.toBe(makeAddress("render/service", other));
      }),
    );
  });

  test.each([
    ["render/service/api", { kind: "render/service", name: "api" }],
    ["render/environment/shop%2Flive", { kind: "render/environment", name: "shop/live" }],
    ["render/postgres/main@shop%2Flive", { kind: "render/postgres", name: "main@shop/live" }],
    ["render/service", undefined],
    ["render//api", undefined],
    ["render/service/", undefined],
    ["render/service/a/b", undefined],
    ["render/service/%zz", undefined],
    ["", undefined],
  ])("%s is read as %j", (text, parsed) => {
    expect(parseAddress(text)).toEqual(parsed);
  });
});

test("byText orders by code unit, the same on every machine", () => {
  expect(["b", "a", "B", "ä", "a1"].sort(byText)).toEqual(["B", "a", "a1", "b", "ä"]);
});
