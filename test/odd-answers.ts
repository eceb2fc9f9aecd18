import type { Json } from "../src/core/base/json.ts";
import type { Transport } from "../src/world/transport.ts";

/** An object of an answer, at any depth. */
export type Shown = { [member: string]: Json | undefined };

/** Changes what GETs answer before anybody sees it; `undefined` as a member is one that the API leaves out. */
export type Lie = (object: Shown, path: string) => void;

/** An API that shows something else than it has, from the moment that `lie` is given one. */
export function makeLiar(): { readonly send: (send: Transport) => Transport; lie: Lie | undefined } {
  const liar = {
    lie: undefined as Lie | undefined,
    send:
      (send: Transport): Transport =>
      async (request) => {
        const answer = await send(request);
        const { lie } = liar;
        const { pathname, searchParams } = new URL(request.url);
        if (!lie || request.method !== "GET" || answer.status !== 200) return answer;
        const action = searchParams.get("action");
        const body = JSON.parse(answer.text) as Json;
        visit(body, lie, action === null ? pathname : `${pathname}?action=${action}`);
        return { ...answer, text: JSON.stringify(body) };
      },
  };
  return liar;
}

function visit(value: Json | undefined, lie: Lie, path: string): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) lie(value as Shown, path);
  for (const member of Object.values(value as Shown)) visit(member, lie, path);
}
