import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Delivery } from "../../core/protocol/webhook-signature.ts";

type Headers = Delivery["headers"];

const requestLine = /^[A-Z]{3,10} \S+ HTTP\/\d(?:\.\d)?$/u;
const headerLine = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/u;

/**
 * A request as it came over the wire, or as a proxy or an inspector wrote it down: an optional request line, headers, an
 * empty line, and the body byte for byte. Lines may end with CRLF or LF.
 */
export function parseRawRequest(bytes: Uint8Array): Delivery {
  const text = Buffer.from(bytes).toString("latin1");
  const end = /\r?\n\r?\n/u.exec(text);
  if (!end) {
    throw refuse(
      "No empty line ends the headers on stdin.",
      "Pass the whole request: headers, an empty line, the body. For a body alone, give its headers with --header.",
    );
  }
  const [first = "", ...rest] = text.slice(0, end.index).split(/\r?\n/u);
  const headers = parseHeaders(requestLine.test(first) ? rest : [first, ...rest]);
  return { headers, body: bodyOf(bytes.subarray(end.index + end[0].length), headers) };
}

/** Names in lower case; what stands twice is joined as RFC 9110 says, 5.3. */
export function parseHeaders(lines: readonly string[]): Headers {
  const headers = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, name, value = ""] = headerLine.exec(line) ?? [];
    if (name === undefined) {
      throw refuse(
        `Header ${index + 1} is not of the form Name: value.`,
        "Pass each as it arrived, as X-Webhook-Signature: sha256=...",
      );
    }
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    headers.set(key, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** The body, cut at its `Content-Length`: what follows was added by the tool that saved the request, a final newline mostly. */
function bodyOf(bytes: Uint8Array, headers: Headers): Uint8Array {
  if (headers["transfer-encoding"] !== undefined) {
    throw refuse(
      "The body is in chunks (Transfer-Encoding), and the signature was made before it was cut up.",
      "Pass the decoded body on stdin and the headers with --header.",
    );
  }
  const told = headers["content-length"];
  if (told === undefined) return bytes;
  const length = /^\d{1,9}$/u.test(told) ? Number(told) : Infinity;
  if (bytes.length >= length) return bytes.subarray(0, length);
  throw refuse(
    `The body has ${bytes.length} bytes, and its Content-Length is another: it is not whole.`,
    "Pass the request as it arrived: CRLF inside a body must stay what it was.",
  );
}

function refuse(message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", "request-form", message, remedy)]);
}
