import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, MockAgent } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../../src/core/base/secret.ts";
import { makeDownload, type Downloaded } from "../../src/world/download.ts";

const agent = new Agent();
const never = new AbortController().signal;
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

async function fetchAll(
  url: string,
  { dispatcher = agent, stop = never }: { dispatcher?: Agent | MockAgent; stop?: AbortSignal } = {},
): Promise<{ readonly end: Downloaded; readonly text: string }> {
  const pieces: Uint8Array[] = [];
  const sink = async (bytes: Uint8Array): Promise<void> => void pieces.push(bytes);
  const end = await makeDownload(dispatcher)({ url: new Secret(url), sink, stop });
  return { end, text: Buffer.concat(pieces).toString() };
}

test("bytes come as they are, and no credentials go out", async () => {
  let seen: readonly string[] = [];
  const origin = await serve((request, response) => {
    seen = Object.keys(request.headers);
    response.writeHead(200, { "content-length": "5" }).end("whole");
  });
  expect(await fetchAll(`${origin}/a?signature=b`)).toEqual({ end: { bytes: 5 }, text: "whole" });
  expect(seen).not.toContain("authorization");
  expect(seen).not.toContain("cookie");
});

test("the next piece comes when the one before was taken, so that memory does not grow with the size", async () => {
  const size = 64 * 1024 * 1024;
  const piece = Buffer.alloc(64 * 1024);
  let sent = 0;
  const origin = await serve((_request, response) => {
    response.writeHead(200, { "content-length": String(size) });
    const more = (): void => {
      while (sent < size) {
        sent += piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  let taken = 0;
  let ahead = 0;
  const sink = async (bytes: Uint8Array): Promise<void> => {
    await new Promise((resolve) => void setImmediate(resolve));
    taken += bytes.byteLength;
    ahead = Math.max(ahead, sent - taken);
  };
  const end = await makeDownload(agent)({ url: new Secret(origin), sink, stop: never });
  expect(end).toEqual({ bytes: size });
  // What the sockets of both sides hold, whatever the machine.
  expect(ahead).toBeLessThan(size / 2);
});

describe("it is not taken for whole", () => {
  test("when the connection ends before the announced length", async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "20" });
      response.write("twelve bytes", () => response.destroy());
    });
    const { end, text } = await fetchAll(origin);
    expect(text).toBe("twelve bytes");
    expect(end).toEqual({
      failed: expect.stringMatching(/^after 12 bytes, the connection failed/u) as string,
    });
  });

  test("when the answer is no 200, and the words tell neither its text nor the address", async () => {
    const origin = await serve((_request, response) => response.writeHead(403).end("signature expired"));
    expect((await fetchAll(`${origin}/secret-path`)).end).toEqual({ failed: "the answer was 403" });
    const refused = await fetchAll("http://127.0.0.1:1/secret-path");
    expect(refused.end).toEqual({ failed: "the connection failed (ECONNREFUSED)" });
  });

  test("when the run is stopped in the middle", async () => {
    const stop = new AbortController();
    const origin = await serve((_request, response) => {
      response.writeHead(200);
      response.write("some", () => stop.abort());
    });
    expect((await fetchAll(origin, { stop: stop.signal })).end).toHaveProperty("failed");
  });

  test("a sink that fails is not hidden", async () => {
    const origin = await serve((_request, response) => response.end("bytes"));
    const sink = (): Promise<void> => Promise.reject(new Error("the disk is full"));
    const work = makeDownload(agent)({ url: new Secret(origin), sink, stop: never });
    await expect(work).rejects.toThrow("the disk is full");
  });
});

describe("addresses", () => {
  test.each(["http://exports.acme.test/a", "ftp://127.0.0.1/a", "file:///etc/passwd", "no address"])(
    "%s is not asked",
    async (url) => {
      expect((await fetchAll(url)).end).toEqual({
        failed: "its address is neither https nor on this machine",
      });
    },
  );

  test("a redirect is followed to https, and nowhere else", async () => {
    const mock = new MockAgent();
    mock.disableNetConnect();
    const first = mock.get("https://exports.acme.test");
    const reply = (path: string, location: string): void => {
      first.intercept({ path }).reply(302, "", { headers: { location } });
    };
    reply("/moved", "https://store.acme.test/there");
    mock.get("https://store.acme.test").intercept({ path: "/there" }).reply(200, "archive");
    reply("/open", "http://store.acme.test/there");
    for (let turn = 0; turn <= 5; turn += 1) reply("/round", "/round");
    const at = (path: string) => fetchAll(`https://exports.acme.test${path}`, { dispatcher: mock });
    expect(await at("/moved")).toEqual({ end: { bytes: 7 }, text: "archive" });
    expect((await at("/open")).end).toEqual({ failed: "it was sent on to an address that is not https" });
    expect((await at("/round")).end).toEqual({ failed: "it was sent on more than 5 times" });
    await mock.close();
  });
});
