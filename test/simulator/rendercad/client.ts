import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "../../../src/core/base/json.ts";
import type { Simulator, SimulatorOptions } from "../../../src/simulator/start.ts";
import { makeStillClock, startClient } from "../client.ts";

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [field: string]: Json };
};

export type Rendercad = {
  readonly simulator: Simulator;
  readonly clock: ReturnType<typeof makeStillClock>;
  /** A full-access token. */
  readonly token: string;
  /** `auth.php?action=check` and the like; `null` sends no token. */
  readonly get: (path: string, token?: string | null) => Promise<Answer>;
  readonly post: (path: string, body?: unknown, token?: string | null) => Promise<Answer>;
  readonly control: (action: string, told?: object) => Promise<unknown>;
};

/** Noon of a day in the middle of a month. */
export const noon = Date.UTC(2026, 1, 11, 12, 0, 0);

export async function startRendercad(options: SimulatorOptions = {}): Promise<Rendercad> {
  const clock = makeStillClock(noon);
  const client = await startClient({ clock, ...options });
  const { simulator } = client;
  const own = simulator.env["RENDERCAD_API_TOKEN"] ?? "";
  const call = async (path: string, token: string | null, init: RequestInit): Promise<Answer> => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = {
      ...authorization,
      ...(init.method === "POST" && { "content-type": "application/json" }),
    };
    const response = await fetch(`${simulator.rendercad}/${path}`, { ...init, headers });
    const body = JSON.parse(await response.text()) as Answer["body"];
    return { status: response.status, headers: response.headers, body };
  };
  return {
    simulator,
    clock,
    token: own,
    get: (path, token = own) => call(path, token, { method: "GET" }),
    post: (path, body = {}, token = own) => call(path, token, { method: "POST", body: JSON.stringify(body) }),
    control: async (action, told = {}) => {
      const { status, body } = await client.control("POST", `rendercad/${action}`, told);
      if (status !== 200) throw new Error(`${action}: ${JSON.stringify(body)}`);
      return body;
    },
  };
}

export function textOf(answer: Answer, field: string): string {
  const value = answer.body[field];
  if (typeof value === "string") return value;
  throw new Error(`no text ${field} in ${JSON.stringify(answer.body)}`);
}

export async function makeToken(rendercad: Rendercad, scope: string): Promise<string> {
  const made = await rendercad.post("auth.php?action=create_api_token", { token_name: scope, scope });
  return textOf(made, "token");
}

/** The least that begins like each format. */
export const pictures = {
  jpeg: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]),
  png: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  webp: new TextEncoder().encode("RIFF0000WEBPVP8 "),
};

/** Uploads one slot of a job the documented way; answers the asset's address. */
export async function uploadSlot(
  rendercad: Rendercad,
  jobId: string,
  slot: { readonly slot: string; readonly index?: number },
  bytes: Uint8Array<ArrayBuffer> = pictures.jpeg,
): Promise<string> {
  const presigned = await rendercad.post("render.php?action=presign_upload", {
    job_id: jobId,
    ...slot,
    content_type: "image/jpeg",
  });
  const put = await fetch(textOf(presigned, "presigned_url"), {
    method: "PUT",
    headers: { "content-type": "image/jpeg" },
    body: bytes,
  });
  if (put.status !== 200) throw new Error(`the upload answered ${put.status}: ${await put.text()}`);
  return textOf(presigned, "asset_url");
}

/** An image job that is pending. */
export async function submitImage(rendercad: Rendercad, settings: object = {}): Promise<string> {
  const jobId = textOf(await rendercad.post("render.php?action=create_job", settings), "job_id");
  await uploadSlot(rendercad, jobId, { slot: "input_main" });
  await rendercad.post("render.php?action=finalize_job", { job_id: jobId });
  return jobId;
}

/** The address of an image that was rendered: what other jobs can start from. */
export async function renderImage(rendercad: Rendercad): Promise<string> {
  const jobId = await submitImage(rendercad);
  rendercad.clock.advance(60_000);
  return textOf(await rendercad.get(`render.php?action=status&job_id=${jobId}`), "asset_url");
}

/** A video job that is pending. */
export async function submitVideo(rendercad: Rendercad, settings: object = {}): Promise<string> {
  const created = await rendercad.post("video.php?action=create_job", {
    image_url: await renderImage(rendercad),
    ...settings,
  });
  const jobId = textOf(created, "job_id");
  await rendercad.post("video.php?action=finalize_job", { job_id: jobId });
  return jobId;
}

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** Stands for `https://acme.test`: keeps what arrives and answers with what the test says. */
export async function startReceiver(rendercad: Rendercad, status: () => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.once("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, text });
      response.writeHead(status()).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await rendercad.control("receiver", { origin: "https://acme.test", to: `http://127.0.0.1:${port}` });
  return {
    received,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
