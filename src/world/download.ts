import { request, type Dispatcher } from "undici";
import { isLoopback } from "../core/base/loopback.ts";
import { revealSecret, type Secret } from "../core/base/secret.ts";

/** Where a download goes: it takes one piece after another, and resolves when it can take the next. */
type Sink = (bytes: Uint8Array) => Promise<void>;

/**
 * How a download ended: the number of bytes, or in words why it failed. The words never hold the address, which is a
 * credential.
 */
export type Downloaded = { readonly bytes: number } | { readonly failed: string };

/**
 * Downloads what is behind a URL and hands it to `sink` piece by piece, so that its size does not matter. No
 * credentials are sent, because the URL itself is one. The URL has to be https, or on this machine; a redirect is
 * followed to https only. It rejects with errors of the sink and with no other: a failed download is a value.
 */
export type Download = (from: {
  readonly url: Secret;
  readonly sink: Sink;
  readonly stop: AbortSignal;
}) => Promise<Downloaded>;

type Answer = Dispatcher.ResponseData;

const mostRedirects = 5;
/** Milliseconds without a byte after which a download is given up. The whole of it may take hours. */
const timeout = 60_000;

/** A download over the given connections. */
export function makeDownload(dispatcher: Dispatcher): Download {
  return async ({ url, sink, stop }) => {
    const address = readUrl(revealSecret(url));
    if (!address || !isPrivate(address))
      return { failed: "its address is neither https nor on this machine" };
    const answer = await follow(address, (target) => ask(target, dispatcher, stop)).catch(describeFailure);
    return "failed" in answer ? answer : receive(answer, sink);
  };
}

function ask(url: URL, dispatcher: Dispatcher, signal: AbortSignal): Promise<Answer> {
  return request(url, { dispatcher, signal, headersTimeout: timeout, bodyTimeout: timeout });
}

async function follow(
  first: URL,
  get: (url: URL) => Promise<Answer>,
): Promise<Answer | { readonly failed: string }> {
  let url = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await get(url);
    const { statusCode, headers, body } = answer;
    if (statusCode === 200) return answer;
    await body.dump();
    const { location } = headers;
    if (statusCode < 300 || statusCode >= 400 || typeof location !== "string")
      return { failed: `the answer was ${statusCode}` };
    const next = readUrl(location, url);
    if (next?.protocol !== "https:") return { failed: "it was sent on to an address that is not https" };
    url = next;
  }
  return { failed: `it was sent on more than ${mostRedirects} times` };
}

/** Receives a body and compares its size with `Content-Length`, since a connection can break off without an error. */
async function receive({ headers, body }: Answer, sink: Sink): Promise<Downloaded> {
  const announced = headers["content-length"];
  let bytes = 0;
  const pieces = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch(describeFailure);
      if ("failed" in piece) return { failed: `after ${bytes} bytes, ${piece.failed}` };
      if (piece.done) break;
      await sink(piece.value);
      bytes += piece.value.byteLength;
    }
  } finally {
    body.destroy();
  }
  if (announced !== undefined && Number(announced) !== bytes)
    return { failed: `${bytes} of ${String(announced)} bytes came` };
  return { bytes };
}

/** The reason of a failure as its error code only: the message of a network error names the host and may repeat the path. */
function describeFailure(error: unknown): { readonly failed: string } {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return { failed: `the connection failed (${code ?? (error instanceof Error ? error.name : "unknown")})` };
}

function readUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
}

function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
