import { EnvHttpProxyAgent, request } from "undici";
import type { Millis } from "../core/model/budget.ts";
import { makeDownload, type Download } from "./download.ts";

/** One request. `timeout`: how long an answer is waited for. */
export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Bytes to send instead of a text: an uploaded file. */
  readonly file?: Uint8Array;
  readonly timeout: Millis;
};

/** One answer. Names of headers are in lower case; the body is read as text, whatever its content type says. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
};

/**
 * Sends one request and gives back the answer, whatever its status. It throws only where no answer came. It follows
 * no redirect and does not try again.
 */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** The longest answer that is read, in bytes. Every recorded page of a list is under 1 MB. */
const largestAnswer = 32 * 1024 * 1024;

/** Thrown when an answer is longer than `largestAnswer`. Another try would get the same answer. */
export class AnswerTooLarge extends Error {
  constructor() {
    super(`the answer is larger than ${largestAnswer / 1024 / 1024} MB`);
    this.name = "AnswerTooLarge";
  }
}

/**
 * Reads a body as text, and closes the connection at the first piece that makes it too large. Bodies are never
 * compressed, since no request asks for an encoding: what is counted is what is kept.
 */
async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.byteLength;
    if (size > largestAnswer) throw new AnswerTooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/**
 * The transport and the download of a process. The agent follows HTTPS_PROXY, HTTP_PROXY and NO_PROXY; Node itself
 * follows NODE_EXTRA_CA_CERTS.
 */
export function makeTransport(): {
  readonly send: Transport;
  readonly download: Download;
  readonly close: () => Promise<void>;
} {
  const agent = new EnvHttpProxyAgent({ connections: 32, keepAliveTimeout: 10_000 });
  const send: Transport = async ({ method, url, headers, body, file, timeout }) => {
    const answer = await request(url, {
      method: method as "GET",
      headers,
      ...(body !== undefined && { body }),
      ...(file !== undefined && { body: file }),
      dispatcher: agent,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      signal: AbortSignal.timeout(timeout),
    });
    const text = await readBounded(answer.body as AsyncIterable<Uint8Array>);
    const flat = Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]);
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(flat) as { [name: string]: string },
      text,
    };
  };
  return { send, download: makeDownload(agent), close: () => agent.close() };
}
