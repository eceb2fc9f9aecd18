import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Api, Outcome } from "./api.ts";
import type { Clock } from "../base/clock.ts";
import type { Control } from "./control.ts";
import { readRequestBytes } from "../base/request-text.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One line of the log of requests. `t` is clock time in milliseconds. */
export type RequestLine = {
  readonly t: number;
  readonly api: "render" | "rendercad";
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  /** Status of the answer; 0: none was sent. */
  readonly status: number;
  readonly budget: string | null;
  readonly fault?: string;
};

/** What the server works with. */
export type ServerParts = {
  readonly apis: readonly Api[];
  readonly control: Control;
  readonly clock: Clock;
  /** The same object as `clock` when time is virtual. */
  readonly virtualTime: VirtualTime | undefined;
  readonly latencyMs: number;
  /** Headers of each answer that tell a client which simulator it talks to. */
  readonly stand: { readonly [header: string]: string };
  readonly onRequest: ((line: RequestLine) => void) | undefined;
};

const slowMs = 10_000;

/** Starts the server: each API is below its base, the control endpoint below `/control`. */
export async function listen(
  parts: ServerParts,
  at: { host: string; port: number },
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendText(response, 500, `the simulator failed: ${reason}`);
    });
  });
  // Idle connections stay open for hours of virtual time, so that none is closed while a client is about to use it.
  server.keepAliveTimeout = 10 * 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://simulator.invalid");
  for (const [header, value] of Object.entries(parts.stand)) response.setHeader(header, value);
  if (url.pathname.startsWith("/control")) {
    if (!isLoopbackPeer(request.socket.remoteAddress)) {
      return sendText(response, 403, "the control endpoint is for this machine only");
    }
    return parts.control.serve(url, request, response);
  }
  const api = parts.apis.find(({ definition }) => belongsTo(definition, url.pathname));
  if (!api) return sendText(response, 404, "nothing is served here");
  parts.virtualTime?.beginWork();
  try {
    await serveApi(parts, api, { url, request, response });
  } finally {
    parts.virtualTime?.endWork();
  }
}

type Exchange = { readonly url: URL; readonly request: IncomingMessage; readonly response: ServerResponse };

async function serveApi(parts: ServerParts, api: Api, { url, request, response }: Exchange): Promise<void> {
  const { base } = api.definition;
  const path = isBelow(base, url.pathname) ? url.pathname.slice(base.length) : url.pathname;
  const method = request.method ?? "GET";
  const bytes = await readRequestBytes(request);
  const text = bytes.toString("utf8");
  const arrived = parts.clock.now();
  const outcome = api.respond({
    method,
    path,
    query: url.searchParams,
    headers: request.headers,
    text,
    bytes,
  });
  const delay = parts.latencyMs + (outcome.fault === "slow" ? slowMs : 0);
  if (delay > 0) await parts.clock.sleep(delay);
  const status = await send(parts, response, outcome);
  await finished(response);
  parts.onRequest?.({
    t: arrived,
    api: api.definition.name,
    method,
    path,
    ...(url.search !== "" && { query: url.search.slice(1) }),
    status,
    budget: outcome.budget,
    ...(outcome.fault && { fault: outcome.fault }),
  });
}

/** Sends an answer, or breaks the connection where the fault says so. Answers with the status that was sent. */
async function send(parts: ServerParts, response: ServerResponse, outcome: Outcome): Promise<number> {
  const { answer, fault } = outcome;
  if (fault === "reset-before" || fault === "drop-after-commit") {
    response.socket?.resetAndDestroy();
    return 0;
  }
  if (fault === "timeout") {
    await waitForDeparture(parts, response);
    return 0;
  }
  const headers: { [name: string]: string } = {
    ...answer.headers,
    Date: new Date(parts.clock.now()).toUTCString(),
  };
  if (answer.content && fault !== "html") {
    response.writeHead(answer.status, { ...headers, "Content-Type": answer.content.type });
    response.end(answer.content.data);
    return answer.status;
  }
  if (answer.body === undefined) {
    response.writeHead(answer.status, headers).end();
    return answer.status;
  }
  if (fault === "html") {
    response.writeHead(answer.status, { ...headers, "Content-Type": "text/html" });
    response.end("<html><body><h1>502 Bad Gateway</h1></body></html>\n");
    return answer.status;
  }
  const body = `${JSON.stringify(answer.body)}\n`;
  response.writeHead(answer.status, { ...headers, "Content-Type": "application/json; charset=utf-8" });
  response.end(fault === "truncated-json" ? body.slice(0, Math.max(1, Math.floor(body.length / 2))) : body);
  return answer.status;
}

/** Resolves when the operating system has the answer. Before that, the client cannot have begun to work on it. */
function finished(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}

/** Keeps the connection open until the client gives up, by clock time, which may jump. */
async function waitForDeparture(parts: ServerParts, response: ServerResponse): Promise<void> {
  const gone = new Promise<void>((resolve) => void response.once("close", resolve));
  parts.virtualTime?.beginDelay();
  await gone;
  parts.virtualTime?.endDelay();
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function belongsTo({ base, pages = [] }: Api["definition"], path: string): boolean {
  return isBelow(base, path) || pages.includes(path);
}

function isBelow(base: string, path: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}

/**
 * Whether a connection comes from this machine. Its address is spelled otherwise than in a URL: without brackets, and
 * an IPv4 address may stand inside of an IPv6 one.
 */
function isLoopbackPeer(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
