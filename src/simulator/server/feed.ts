import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Feed } from "../base/route.ts";

/** Milliseconds of real time between two looks at a feed. What its pieces say follows the clock of the simulator. */
const everyMs = 100;

/** Sends the pieces of a feed until it ends or the connection is closed. */
async function pump(feed: Feed, isOpen: () => boolean, send: (text: string) => void): Promise<void> {
  while (isOpen()) {
    const { texts, isLast } = feed.next();
    for (const text of texts) send(text);
    if (isLast) return;
    await new Promise<void>((resolve) => void setTimeout(resolve, everyMs).unref());
  }
}

/** Sends server-sent events: a head, then the pieces of a feed as they come. */
export async function sendEvents(
  response: ServerResponse,
  feed: Feed,
  headers: { readonly [name: string]: string },
): Promise<void> {
  response.writeHead(200, { ...headers, "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.flushHeaders();
  await pump(
    feed,
    () => !response.destroyed,
    (text) => void response.write(`${text}\n\n`),
  );
  response.end();
}

/**
 * Sends a feed over a websocket (RFC 6455). All that this end needs of it is here: it sends short texts, takes nothing, and
 * answers a close; a library would be one more dependency of a program that has no other use for it.
 */
export async function sendWebsocket(
  socket: Duplex,
  key: string,
  feed: Feed,
  headers: { readonly [name: string]: string },
): Promise<void> {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const head = { ...headers, Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Accept": accept };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  socket.write(["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n"));
  let isOpen = true;
  const close = (): void => void (isOpen = false);
  socket.on("error", close).on("close", close);
  socket.on("data", (bytes: Buffer) => {
    // Of what a client sends only the wish to close matters.
    if (((bytes[0] ?? 0) & 0x0f) === closing) close();
  });
  await pump(
    feed,
    () => isOpen,
    (message) => void socket.write(frame(text, Buffer.from(message))),
  );
  if (!socket.destroyed) socket.end(frame(closing, Buffer.from([normal >> 8, normal & 0xff])));
}

const [text, closing] = [0x1, 0x8];
const normal = 1000;

/** One frame, final and not masked, as a server sends it. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size]), payload]);
}
