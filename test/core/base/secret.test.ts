import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf, fingerprint, makeDigestKey } from "../../../src/core/base/digest.ts";
import { joinSecret, revealSecret, sameSecret, Secret } from "../../../src/core/base/secret.ts";

const key = makeDigestKey("ab".repeat(32));
const place = { address: "render/service/api", field: "envVars.TOKEN" };

describe("a secret", () => {
  test("does not print, by any way of printing", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 10 }), (text) => {
        fc.pre(!"Secret [(secret)] {}".includes(text));
        const secret = new Secret(text);
        const wrapped = { secret, list: [secret], map: new Map([["secret", secret]]) };
        const prints = [
          String(secret),
          [secret].join(),
          JSON.stringify(wrapped),
          inspect(wrapped, { depth: null, showHidden: true, getters: true }),
          new Error("x", { cause: secret }).stack ?? "",
          inspect(new Error("x", { cause: secret })),
          Object.entries(secret).join(),
          Object.getOwnPropertyNames(secret).join(),
        ];
        for (const print of prints) expect(print).not.toContain(text);
      }),
    );
  });

  test("is revealed as it was, joined or not", () => {
    expect(revealSecret(joinSecret("postgres://", new Secret("u:p"), "@host"))).toBe("postgres://u:p@host");
    expect(sameSecret(new Secret("a"), new Secret("a"))).toBe(true);
    expect(sameSecret(new Secret("a"), new Secret("b"))).toBe(false);
  });
});

describe("a digest", () => {
  test("depends on key, address, field and text, and on nothing else", () => {
    const digest = digestOf(key, place, new Secret("text"));
    expect(digestOf(key, place, "text")).toBe(digest);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const others = [
      digestOf(makeDigestKey("cd".repeat(32)), place, "text"),
      digestOf(key, { ...place, address: "render/service/web" }, "text"),
      digestOf(key, { ...place, field: "envVars.OTHER" }, "text"),
      digestOf(key, place, "texts"),
    ];
    expect(new Set([digest, ...others]).size).toBe(5);
  });

  test("shows four digits, and its key an id that tells nothing of it", () => {
    expect(fingerprint(digestOf(key, place, "text"))).toHaveLength(4);
    expect(key.id).toMatch(/^[0-9a-f]{12}$/);
    expect("ab".repeat(32)).not.toContain(key.id);
  });
});
