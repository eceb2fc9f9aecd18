import type { HttpAnswer, HttpRequest, Transport } from "../../src/world/transport.ts";

/** One kind of write: `PATCH /services/*`, a star being one segment of the path. */
export type Call = `${"POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;

/**
 * A transport whose writes of one kind never arrive from `begin` on, and are answered as if they had: what a writer of a
 * facet that sends nothing looks like to everything above it. `count` tells how often that happened.
 */
export type Swallow = {
  readonly send: (send: Transport) => Transport;
  readonly begin: () => void;
  readonly count: () => number;
};

export function swallow(call: Call): Swallow {
  const pattern = patternOf(call);
  let swallows = false;
  let count = 0;
  return {
    begin: () => void (swallows = true),
    count: () => count,
    send: (send) => async (request) => {
      const fits = pattern.test(`${request.method} ${new URL(request.url).pathname}`);
      if (!swallows || !fits) return send(request);
      count += 1;
      return pretend(send, request);
    },
  };
}

function patternOf(call: Call): RegExp {
  const [method = "", path = ""] = call.split(" ");
  const segments = path.split("/").map((segment) => (segment === "*" ? "[^/]+" : segment));
  return new RegExp(`^${method} /v1${segments.join("/")}$`);
}

/** A PATCH answers the object as it still is, a PUT what it was sent, anything else as Render answers it. */
async function pretend(send: Transport, request: HttpRequest): Promise<HttpAnswer> {
  const headers = { "content-type": "application/json; charset=utf-8" };
  switch (request.method) {
    case "PATCH": {
      const { body: _body, ...rest } = request;
      return send({ ...rest, method: "GET" });
    }
    case "PUT":
      return { status: 200, headers, text: request.body ?? "{}" };
    case "DELETE":
      return { status: 204, headers: {}, text: "" };
    default:
      return { status: 202, headers: {}, text: "" };
  }
}
