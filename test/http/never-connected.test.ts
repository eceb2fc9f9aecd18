import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isNeverConnected } from "../../src/http/never-connected.ts";
import { makeLies } from "../lying.ts";
import { ourRows } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene | undefined;
let lies: ReturnType<typeof makeLies>;
beforeEach(() => {
  lies = makeLies();
  scene = undefined;
});
afterEach(() => scene?.close());

function failure(code: string, syscall?: string): Error {
  return Object.assign(new Error(code), { code, ...(syscall !== undefined && { syscall }) });
}

describe("of a failed call, that nothing was sent", () => {
  test.each([
    failure("ECONNREFUSED", "connect"),
    failure("EHOSTUNREACH", "connect"),
    failure("ETIMEDOUT", "connect"),
    failure("ENOTFOUND", "getaddrinfo"),
    failure("EAI_AGAIN", "getaddrinfo"),
    failure("UND_ERR_CONNECT_TIMEOUT"),
    failure("CERT_HAS_EXPIRED"),
    failure("ERR_TLS_CERT_ALTNAME_INVALID"),
    failure("UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    new AggregateError([failure("ECONNREFUSED", "connect"), failure("ENETUNREACH", "connect")]),
  ])("is certain after %s", (error) => expect(isNeverConnected(error)).toBe(true));

  test.each([
    failure("ECONNRESET", "read"),
    failure("ETIMEDOUT", "read"),
    failure("EPIPE", "write"),
    failure("UND_ERR_SOCKET"),
    failure("UND_ERR_HEADERS_TIMEOUT"),
    failure("ECONNRESET"),
    new AggregateError([failure("ECONNREFUSED", "connect"), failure("ECONNRESET", "read")]),
    new AggregateError([]),
    new Error("anything"),
    "ECONNREFUSED",
  ])("is not after %s", (error) => expect(isNeverConnected(error)).toBe(false));
});

describe("a creation whose connection is refused", () => {
  const database = 'databases: [{name: main, plan: basic-256mb, postgresMajorVersion: "18"}]\n';
  /** The first so many writes find nobody. */
  async function applyRefused(times: number): Promise<ReturnType<Scene["apply"]>> {
    let left = times;
    lies.tell = (call) => {
      if (!call.startsWith("POST ") || (left -= 1) < 0) return undefined;
      throw failure("ECONNREFUSED", "connect");
    };
    scene = await openScene({ limits: "off", send: lies.send });
    await scene.write(database);
    return scene.apply();
  }

  test("is sent again in the same run, and made once", async () => {
    expect((await applyRefused(2)).verdict).toBe("done");
    expect(ourRows(scene!, "postgres")).toHaveLength(1);
  });

  test("is failed and not uncertain where nobody ever answers, so that the next run makes it at once", async () => {
    const report = await applyRefused(Infinity);
    expect(report.results).toMatchObject([{ status: "failed", problem: { code: "unreachable" } }]);
    expect((await scene!.inventory()).pending).toBeUndefined();
    lies.tell = () => undefined;
    expect((await scene!.apply()).verdict).toBe("done");
    expect(ourRows(scene!, "postgres")).toHaveLength(1);
  });
});
