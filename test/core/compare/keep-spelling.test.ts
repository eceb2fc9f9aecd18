import { expect, test } from "vitest";
import { digestOf, makeDigestKey } from "../../../src/core/base/digest.ts";
import { revealSecret, Secret } from "../../../src/core/base/secret.ts";
import type { Resolved } from "../../../src/core/compare/comparison.ts";
import { keepSpelling } from "../../../src/core/compare/keep-spelling.ts";
import { emptyInventory, withOwned, type Owned } from "../../../src/core/model/inventory.ts";

const key = makeDigestKey("55".repeat(32));
const address = "render/service/api";
const field = "envVars.REDIS_URL";
const [plain, byHand] = ["redis://red-1:6379", "redis://red-1:6379/0"].map((text) => new Secret(text)) as [
  Secret,
  Secret,
];
const value: Resolved = { state: "known", secret: plain, live: true };

/** What the file's value becomes beside a live one; `noted`: what the inventory remembers. */
function kept(resolved: Resolved, live: Secret | undefined, noted?: Secret): string | undefined {
  const spec = { envVars: live ? { REDIS_URL: live } : {} };
  const owned: Owned = {
    kind: "render/service",
    id: "srv-1",
    name: "api",
    fields: noted ? { [field]: digestOf(key, { address, field }, noted) } : {},
    needs: [],
    protect: false,
  };
  const answer = keepSpelling(new Map([[address, new Map([[field, resolved]])]]), {
    found: () => ({ id: "srv-1", name: "api", spec, outputs: {}, raw: {} }),
    inventory: withOwned(emptyInventory("line"), address, owned),
    key,
  });
  const known = answer.get(address)?.get(field);
  return known?.state === "known" ? revealSecret(known.secret) : known?.state;
}

test("what is adopted keeps the live spelling of the same connection string", () => {
  expect(kept(value, byHand)).toBe("redis://red-1:6379/0");
});

test("a spelling that was written stays, and one that somebody made of it since is a difference", () => {
  expect(kept(value, byHand, byHand)).toBe("redis://red-1:6379/0");
  expect(kept(value, byHand, plain)).toBe("redis://red-1:6379");
});

test("another connection string is a difference, and so is what is not there", () => {
  expect(kept(value, new Secret("redis://red-2:6379"))).toBe("redis://red-1:6379");
  expect(kept(value, undefined)).toBe("redis://red-1:6379");
});

test("only what a live object gives is spelled as live: not what the file says itself, nor what comes later", () => {
  const literal: Resolved = { state: "known", secret: plain };
  expect(kept(literal, byHand)).toBe("redis://red-1:6379");
  expect(kept({ state: "later" }, byHand)).toBe("later");
});
