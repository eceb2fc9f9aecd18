import { describe, expect, test } from "vitest";
import { ProblemError } from "../../src/core/base/problem.ts";
import { Secret } from "../../src/core/base/secret.ts";
import { makeReader, makeWriter, type CallLine, type ClientOptions } from "../../src/http/client.ts";
import { CallError } from "../../src/http/failure.ts";
import { Limiter } from "../../src/http/limiter.ts";
import type { HttpAnswer, HttpRequest } from "../../src/world/transport.ts";
import { makeWorld } from "../../src/world/world.ts";
import { render } from "./api-facts.ts";
import { makeTimeline, type Timeline } from "./timeline.ts";

type Api = (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer;

function json(status: number, body: unknown): HttpAnswer {
  return { status, headers: { "content-type": "application/json" }, text: JSON.stringify(body) };
}

function connect(api: Api, stop = new AbortController()) {
  const timeline = makeTimeline(Date.UTC(2026, 10, 22, 9));
  const requests: HttpRequest[] = [];
  const lines: CallLine[] = [];
  const world = {
    ...makeWorld({
      send: async (request) => {
        requests.push(request);
        return api(request);
      },
      stop: stop.signal,
    }),
    now: timeline.now,
    sleep: timeline.sleep,
    random: () => 0.5,
  };
  const options: ClientOptions = {
    world,
    limiter: new Limiter(world),
    host: "https://api.render.test/v1",
    api: render,
    token: new Secret("rnd_key"),
    userAgent: "trueup/0",
    readBudget: () => "render/read",
    log: (line) => lines.push(line),
  };
  return { options, timeline, requests, lines };
}

function lostConnection(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

async function failureOf(timeline: Timeline, work: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await timeline.run(
    work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  if (error instanceof ProblemError) return error;
  throw new Error("the call did not fail", { cause: error });
}

describe("the reader", () => {
  test("has no way to write", () => {
    const { options } = connect(() => json(200, []));
    expect(Object.keys(makeReader(options)).sort()).toEqual([
      "answered",
      "calls",
      "get",
      "list",
      "listToEnd",
    ]);
  });

  test("carries the key in a header, joins lists with commas, and escapes", async () => {
    const { options, requests, timeline } = connect(() => json(200, {}));
    await timeline.run(makeReader(options).get("/services", { name: ["a b", "c&d"], limit: "1" }));
    expect(requests).toMatchObject([
      {
        method: "GET",
        url: "https://api.render.test/v1/services?name=a%20b,c%26d&limit=1",
        headers: { authorization: "Bearer rnd_key", accept: "application/json", "user-agent": "trueup/0" },
      },
    ]);
  });

  test("takes envelopes off and follows cursors to a page that is not full", async () => {
    const page = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        thing: { n: from + index },
        cursor: `c${from + index}`,
      }));
    const { options, requests, timeline } = connect(({ url }) =>
      json(200, url.includes("cursor=c99") ? page(100, 3) : page(0, 100)),
    );
    const reader = makeReader(options);
    const items = await timeline.run(reader.list("/things", {}, "thing"));
    expect(items).toEqual(Array.from({ length: 103 }, (_, n) => ({ n })));
    expect(requests.map(({ url }) => url.split("?")[1])).toEqual(["limit=100", "limit=100&cursor=c99"]);
    expect(reader.calls()).toBe(2);
  });

  test("a full page without a cursor is no end", async () => {
    const full = Array.from({ length: 100 }, (_, n) => ({ n }));
    const { options, timeline } = connect(() => json(200, full));
    const error = await failureOf(timeline, makeReader(options).list("/things", {}, null));
    expect(error.problems).toMatchObject([
      {
        code: "incomplete-read",
        message:
          "GET /things could not be read to its end: a full page came without a cursor, so there may be more.",
      },
    ]);
  });

  test("a 404 is an absence, not a failure", async () => {
    const { options, timeline } = connect(() => json(404, { message: "not found" }));
    expect(await timeline.run(makeReader(options).get("/services/srv-1"))).toBeUndefined();
  });

  test("tries again after a lost connection, with pauses that grow, and gives up after five tries", async () => {
    const { options, requests, timeline } = connect(() => {
      throw lostConnection();
    });
    const began = timeline.now();
    const error = await failureOf(timeline, makeReader(options).get("/services"));
    expect(error.problems).toMatchObject([
      {
        code: "unreachable",
        message: "GET /services got no usable answer from https://api.render.test/v1: ECONNRESET.",
      },
    ]);
    expect(requests).toHaveLength(5);
    // Half to all of 1, 2, 4 and 8 seconds; `random` is one half.
    expect(timeline.now() - began).toBe(0.75 * 15_000);
  });

  test("stops trying when the run is stopped", async () => {
    const stop = new AbortController();
    const { options, requests, timeline } = connect(() => {
      stop.abort();
      return json(500, { message: "internal" });
    }, stop);
    const error = await failureOf(timeline, makeReader(options).get("/services"));
    expect(error.problems).toMatchObject([{ code: "interrupted" }]);
    expect(requests).toHaveLength(1);
  });

  test("reads sixteen at once and no more", async () => {
    let [open, most] = [0, 0];
    const { options, timeline } = connect(async () => {
      most = Math.max(most, (open += 1));
      await timeline.sleep(100);
      open -= 1;
      return json(200, {});
    });
    const reader = makeReader(options);
    await timeline.run(Promise.all(Array.from({ length: 60 }, (_, n) => reader.get(`/things/${n}`))));
    expect(most).toBe(16);
  });
});

describe("the writer", () => {
  const send = {
    method: "PUT" as const,
    path: "/services/srv-1/env-vars/A",
    budgets: ["render/write"],
    content: async () => ({ text: '{"value":"s3cret value"}', secrets: [new Secret("s3cret value")] }),
  };

  test("sends what it was given once, and answers with the parsed body", async () => {
    const { options, requests, timeline } = connect(() => json(200, { key: "A" }));
    expect(await timeline.run(makeWriter(options).send(send))).toEqual({ key: "A" });
    expect(requests).toMatchObject([
      {
        method: "PUT",
        url: "https://api.render.test/v1/services/srv-1/env-vars/A",
        body: '{"value":"s3cret value"}',
        headers: { "content-type": "application/json" },
      },
    ]);
  });

  test("an empty answer is no body", async () => {
    const { options, timeline } = connect(() => ({ status: 204, headers: {}, text: "" }));
    expect(await timeline.run(makeWriter(options).send(send))).toBeUndefined();
  });

  test("sends again what was refused for the limit, and nothing else", async () => {
    let calls = 0;
    const { options, timeline } = connect(() => {
      calls += 1;
      return calls < 3
        ? { ...json(429, {}), headers: { "content-type": "application/json", "retry-after": "2" } }
        : json(200, {});
    });
    const began = timeline.now();
    await timeline.run(makeWriter(options).send(send));
    expect(calls).toBe(3);
    expect(timeline.now() - began).toBe(2 * 3_000);
  });

  test.each([500, 503, 400, 404, 409])("does not send again after %i", async (status) => {
    const { options, requests, timeline } = connect(() => json(status, { message: "no" }));
    const error = await failureOf(timeline, makeWriter(options).send(send));
    expect(requests).toHaveLength(1);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ status, reached: status >= 500 ? "maybe" : "no" });
  });

  test("a lost answer may have been acted on", async () => {
    const { options, requests, timeline } = connect(() => {
      throw lostConnection();
    });
    const error = await failureOf(timeline, makeWriter(options).send(send));
    expect(requests).toHaveLength(1);
    expect(error).toMatchObject({ status: undefined, reached: "maybe" });
  });

  test("an answer that repeats what was sent is scrubbed of it", async () => {
    const { options, timeline } = connect(() => json(400, { message: "bad value s3cret value" }));
    const error = await failureOf(timeline, makeWriter(options).send(send));
    expect(error.message).toContain("bad value (secret)");
    expect(error.message).not.toContain("s3cret value");
  });

  test("logs method, path, status and time, and nothing that was sent", async () => {
    const { options, lines, timeline } = connect(async () => {
      await timeline.sleep(70);
      return json(200, {});
    });
    await timeline.run(makeWriter(options).send(send));
    expect(lines).toEqual([{ method: "PUT", path: "/services/srv-1/env-vars/A", status: 200, took: 70 }]);
  });

  test("writes four at once and no more; one that waits for its limit holds up no other", async () => {
    let [open, most] = [0, 0];
    const sent: string[] = [];
    const { options, timeline } = connect(async ({ url }) => {
      sent.push(url.slice(-1));
      most = Math.max(most, (open += 1));
      await timeline.sleep(100);
      open -= 1;
      return json(200, {});
    });
    const writer = makeWriter(options);
    await options.limiter.take(["render/service-change:x"]);
    options.limiter.give(["render/service-change:x"], {
      headers: { "ratelimit-limit": "10", "ratelimit-remaining": "0", "ratelimit-reset": "30" },
      refused: false,
      sentAt: timeline.now(),
    });
    const waiting = writer.send({ ...send, path: "/0", budgets: ["render/service-change:x"] });
    const others = Array.from({ length: 9 }, (_, n) => writer.send({ ...send, path: `/${n + 1}` }));
    await timeline.run(Promise.all([waiting, ...others]));
    expect(most).toBe(4);
    expect(sent.at(-1)).toBe("0");
    expect(sent).toHaveLength(10);
  });
});
