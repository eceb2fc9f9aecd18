import { createServer, ServerResponse, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Api, Outcome } from "./api.ts";
import type { Clock } from "../base/clock.ts";
import type { Control } from "./control.ts";
import { sendEvents, sendWebsocket } from "./feed.ts";
import type { Feed } from "../base/route.ts";
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
): Promise<{ port: number; close: () => Promise<void> }> {
  const attend = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    serve(parts, request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendText(response, 500, `the simulator failed: ${reason}`);
    });
  const server = createServer((request, response) => void attend(request, response));
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    // Answered like every other call: what is refused never becomes a websocket.
    const response = new ServerResponse(request);
    response.assignSocket(request.socket);
    response.shouldKeepAlive = false;
    void attend(request, response).then(() => request.socket.end());
  });
  // Idle connections stay open for hours of virtual time, so that none is closed while a client is about to use it.
  server.keepAliveTimeout = 10 * 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
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
  const { feed } = outcome.answer;
  const status = feed
    ? await sendFeed(parts, { request, response, url }, { ...outcome, feed })
    : await send(parts, response, outcome);
  if (!feed) await finished(response);
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

/** As long as somebody listens, in time that others may jump over. Answers the status that went out. */
async function sendFeed(
  parts: ServerParts,
  { request, response }: Exchange,
  { answer, feed, fault }: Outcome & { readonly feed: Feed },
): Promise<number> {
  const headers = { ...parts.stand, ...answer.headers, Date: new Date(parts.clock.now()).toUTCString() };
  const key = request.headers["sec-websocket-key"];
  if (feed.protocol === "websocket" && key === undefined) {
    const body = { message: "this is a websocket: connect with Upgrade: websocket" };
    await send(parts, response, { budget: null, fault, answer: { status: 400, headers, body } });
    return 400;
  }
  parts.virtualTime?.beginDelay();
  try {
    if (feed.protocol === "events") await sendEvents(response, feed, headers);
    else {
      response.detachSocket(request.socket);
      await sendWebsocket(request.socket, key ?? "", feed, headers);
    }
  } finally {
    parts.virtualTime?.endDelay();
  }
  return answer.status;
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
