import { describe, expect, test } from "vitest";
import { connectionTo, plainConnection } from "../../../src/core/base/connection-url.ts";
import { sameSecret, Secret } from "../../../src/core/base/secret.ts";

const plain = (text: string): Secret => plainConnection(new Secret(text));

describe("two spellings of one connection string are the same text", () => {
  test.each([
    ["postgres://app:pw@dpg-1-a/shop", "postgresql://app:pw@dpg-1-a:5432/shop"],
    ["postgresql://app:pw@DPG-1-a/shop/", "postgresql://app:pw@dpg-1-a/shop"],
    ["postgresql://app:p%2Dw@dpg-1-a/shop", "postgresql://app:p-w@dpg-1-a/shop"],
    ["redis://red-1", "redis://red-1:6379/0"],
    ["redis://red-1:6379/", "redis://red-1:6379"],
    ["redis://:pw@red-1", "redis://default:pw@red-1:6379"],
  ])("%s and %s", (a, b) => expect(sameSecret(plain(a), plain(b))).toBe(true));
});

describe("what leads elsewhere, or in another way, is another text", () => {
  test.each([
    ["postgresql://app:pw@dpg-1-a/shop", "postgresql://app:other@dpg-1-a/shop"],
    ["postgresql://app:pw@dpg-1-a/shop", "postgresql://else:pw@dpg-1-a/shop"],
    ["postgresql://app:pw@dpg-1-a/shop", "postgresql://app:pw@dpg-1-a.oregon-postgres.render.com/shop"],
    ["postgresql://app:pw@dpg-1-a/shop", "postgresql://app:pw@dpg-1-a/other"],
    ["postgresql://app:pw@dpg-1-a/shop", "postgresql://app:pw@dpg-1-a:6432/shop"],
    ["postgresql://app:pw@dpg-1-a/shop", "postgresql://app:pw@dpg-1-a/shop?sslmode=require"],
    ["redis://red-1:6379", "rediss://red-1:6379"],
    ["redis://red-1:6379/0", "redis://red-1:6379/1"],
    ["redis://red-1:6379", "redis://default:pw@red-1:6379"],
  ])("%s and %s", (a, b) => expect(sameSecret(plain(a), plain(b))).toBe(false));
});

test.each(["", "hunter2", "https://api.acme.test/", "postgres://[", "REDIS://red-1", "amqp://a/b/"])(
  "%j is no connection string of these, and stays as it is",
  (text) => expect(sameSecret(plain(text), new Secret(text))).toBe(true),
);

test.each([
  ["postgresql://app:pw@dpg-1-a/shop", "dpg-1-a"],
  ["postgres://app:pw@dpg-1-a.oregon-postgres.render.com/shop?x=y", "dpg-1-a"],
  ["rediss://red-1:pw@oregon-keyvalue.render.com:6379", "red-1"],
  ["redis://red-12:6379", undefined],
  ["https://red-1:6379", undefined],
])("%s leads to %s", (text, host) => {
  expect(connectionTo(new Secret(text), ["dpg-1-a", "red-1"])).toBe(host);
});
