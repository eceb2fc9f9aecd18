import type { IncomingMessage } from "node:http";

/** Reads the whole body of a request as UTF-8. */
export async function readRequestText(request: IncomingMessage): Promise<string> {
  return (await readRequestBytes(request)).toString("utf8");
}

/** Reads the whole body of a request as bytes. */
export async function readRequestBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
