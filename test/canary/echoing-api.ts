import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between the program and the simulator. While `echo` is set, every write is refused with all that it said. */
export type EchoingApi = {
  /** Takes the place of the simulator's own URL. */
  readonly url: string;
  readonly refuse: (echo: boolean) => void;
  readonly close: () => Promise<void>;
};

export type EchoingOptions = {
  readonly target: string;
  /** What an API might say of things that this call never sent. */
  readonly gossip: string;
  /** What a program that failed wrote last. */
  readonly lastWords: () => readonly string[];
  /** Told of every request before it is answered: the moment to look at what is on disk. */
  readonly onRequest: () => void;
};

export async function openEchoingApi(options: EchoingOptions): Promise<EchoingApi> {
  const target = new URL(options.target);
  let echoes = false;
  const server = createServer((request, response) => {
    options.onRequest();
    answer(target, echoes ? options.gossip : undefined, options.lastWords, request, response).catch(
      (error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      },
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    refuse: (echo) => void (echoes = echo),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

async function answer(
  target: URL,
  gossip: string | undefined,
  lastWords: EchoingOptions["lastWords"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await read(request);
  if (gossip !== undefined && request.method !== "GET") {
    const said = textsIn(text === "" ? {} : JSON.parse(text)).flatMap(spellings);
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: `not accepted: ${gossip} ${said.join(" ")}` }));
    return;
  }
  if (request.url?.includes("/logs?")) {
    const logs = lastWords().map((message) => ({ message, labels: [] }));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ hasMore: false, logs: logs.toReversed() }));
    return;
  }
  const passed = await fetch(new URL(request.url ?? "/", target), {
    method: request.method ?? "GET",
    headers: {
      authorization: String(request.headers.authorization),
      "content-type": "application/json",
    },
    ...(text !== "" && { body: text }),
  });
  const headers = [...passed.headers].filter(([name]) => /^(?:content-type|date|ratelimit-)/.test(name));
  response.writeHead(passed.status, Object.fromEntries(headers));
  response.end(await passed.text());
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A text as programs quote it. */
export function spellings(text: string): readonly string[] {
  return [text, encodeURIComponent(text), JSON.stringify(text), Buffer.from(text).toString("base64")];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((member) => textsIn(member));
}
