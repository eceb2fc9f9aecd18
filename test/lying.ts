import type { HttpAnswer, HttpRequest, Transport } from "../src/world/transport.ts";
import type { SceneOptions } from "./scene.ts";

/** What is answered in the API's place; `undefined`: what the API says. `call`: method, path without the version, and query. */
export type Lie = (
  call: string,
  request: HttpRequest,
  send: Transport,
) => Promise<HttpAnswer> | HttpAnswer | undefined;

/** An API that may be made to lie at any time: `lies.tell` decides of each call. */
export function makeLies(): { tell: Lie; readonly send: NonNullable<SceneOptions["send"]> } {
  const lies: { tell: Lie; readonly send: NonNullable<SceneOptions["send"]> } = {
    tell: () => undefined,
    send: (send) => async (request) => {
      const { pathname, search } = new URL(request.url);
      const call = `${request.method} ${pathname.replace(/^\/(?:v1|backend)/u, "")}${search}`;
      return (await lies.tell(call, request, send)) ?? send(request);
    },
  };
  return lies;
}

export function answerWith(status: number, body: unknown): HttpAnswer {
  return { status, headers: { "content-type": "application/json" }, text: JSON.stringify(body) };
}

/** The API's own answer with another body. */
export async function changed(
  request: HttpRequest,
  send: Transport,
  change: (body: never) => unknown,
): Promise<HttpAnswer> {
  const answer = await send(request);
  return { ...answer, text: JSON.stringify(change(JSON.parse(answer.text) as never)) };
}
