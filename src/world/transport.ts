import { EnvHttpProxyAgent, request } from "undici";
import type { Millis } from "../core/model/budget.ts";
import { makeDownload, type Download } from "./download.ts";

export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Instead of a body: what no text can hold. */
  readonly file?: Uint8Array;
  readonly timeout: Millis;
};

/** Header names in lower case; the body as text, whatever it claims to be. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
};

/** Sends one request and answers with whatever came; throws only when nothing did. Follows no redirect, retries nothing. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** Every recorded page of a list is under 1 MB; whatever is larger than this is no answer of these APIs. */
const largestAnswer = 32 * 1024 * 1024;

/** The answer was longer than any that is meant. Asking again would bring it again. */
export class AnswerTooLarge extends Error {
  constructor() {
    super(`the answer is larger than ${largestAnswer / 1024 / 1024} MB`);
    this.name = "AnswerTooLarge";
  }
}

/** Stops reading, and lets go of the connection, at the first piece that is too much. Nothing is ever unpacked: no encoding is asked for. */
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

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured by the agent, NODE_EXTRA_CA_CERTS by Node itself. */
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
