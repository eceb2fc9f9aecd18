import { EnvHttpProxyAgent, request } from "undici";
import type { Millis } from "../core/budget.ts";
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
    const text = await answer.body.text();
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
