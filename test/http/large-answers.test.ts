import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { ProblemError } from "../../src/core/base/problem.ts";
import { Secret } from "../../src/core/base/secret.ts";
import { makeReader } from "../../src/http/client.ts";
import { Limiter } from "../../src/http/limiter.ts";
import { makeTransport } from "../../src/world/transport.ts";
import { makeWorld } from "../../src/world/world.ts";
import { render } from "./api-facts.ts";

const megabyte = 1024 * 1024;
let server: Server | undefined;
let transport: ReturnType<typeof makeTransport> | undefined;
afterEach(async () => {
  await transport?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

/** What reading from a server of that answer ends with, and how often it was asked. */
async function read(answer: (send: (piece: Uint8Array | string) => void) => void, headers = {}) {
  let asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { "content-type": "application/json", ...headers });
    answer((piece) => void response.write(piece));
    response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  transport = makeTransport();
  const world = makeWorld({ send: transport.send, stop: new AbortController().signal });
  const reader = makeReader({
    world: { ...world, sleep: () => Promise.resolve() },
    limiter: new Limiter(world),
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    api: render,
    token: new Secret("rnd_key"),
    userAgent: "trueup/0",
    readBudget: () => undefined,
  });
  try {
    return { value: await reader.list("/services", {}, "service"), codes: [], asked };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { codes: error.problems.map(({ code }) => code), asked };
  }
}

describe("an answer", () => {
  test("of more than 32 MB is not read to its end and not asked for again", async () => {
    const piece = " ".repeat(megabyte);
    const { codes, asked } = await read((send) => {
      for (let count = 0; count < 34; count += 1) send(piece);
      send("[]");
    });
    expect(codes).toEqual(["answer-too-large"]);
    expect(asked).toBe(1);
  });

  test("of nearly as much is read", async () => {
    const { value } = await read((send) => send(`${" ".repeat(30 * megabyte)}[]`));
    expect(value).toEqual([]);
  });

  test("that is packed without being asked for is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * megabyte, " "));
    const { codes } = await read((send) => send(bomb), { "content-encoding": "gzip" });
    expect(codes).toEqual(["not-json"]);
  });

  test("that is nested deeper than anything meant is refused, not a fault of ours", async () => {
    const { codes } = await read((send) => send(`${"[".repeat(500_000)}${"]".repeat(500_000)}`));
    expect(codes).toEqual(["not-json"]);
  });

  test.each(["[null]", '[{"service": null}]', '["text"]', '[{"service": "text"}]', "[[]]", "[1]"])(
    "%s is no list of objects, and is not read as a shorter one",
    async (text) => {
      expect((await read((send) => send(text))).codes).toEqual(["incomplete-read"]);
    },
  );
});
