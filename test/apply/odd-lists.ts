import type { HttpAnswer, HttpRequest, Transport } from "../../src/world/transport.ts";

/** One GET of a list that stands inside a service or of a group: `env-vars`, `headers`, `env-groups/evg-...`. */
export type ListCall = {
  readonly list: string;
  /** The how-manieth call of that list since the oddities were last set, from 1. */
  readonly nth: number;
  readonly request: HttpRequest;
  readonly send: Transport;
};
export type Oddity = (call: ListCall) => Promise<HttpAnswer> | undefined;

/** Lets an API answer its lists oddly: `lists.odd` decides of each call; without it the answers are the simulator's. */
export function makeOddLists() {
  const lists: { odd: Oddity; readonly counts: Map<string, number> } = {
    odd: () => undefined,
    counts: new Map(),
  };
  const wrap =
    (send: Transport): Transport =>
    (request) => {
      const list = listOf(request);
      if (list === undefined) return send(request);
      const nth = (lists.counts.get(list) ?? 0) + 1;
      lists.counts.set(list, nth);
      return lists.odd({ list, nth, request, send }) ?? send(request);
    };
  const setOdd = (odd: Oddity): void => {
    lists.counts.clear();
    lists.odd = odd;
  };
  return { wrap, setOdd };
}

function listOf({ method, url }: HttpRequest): string | undefined {
  const { pathname } = new URL(url);
  const inside = /\/services\/[^/]+\/(env-vars|secret-files|headers|routes)$/u.exec(pathname);
  const group = /\/(env-groups(?:\/[^/]+)?)$/u.exec(pathname);
  return method === "GET" ? (inside?.[1] ?? group?.[1]) : undefined;
}

/** A page of at most so many items, with their cursors, whatever was asked for. */
export function shortPage({ request, send }: ListCall, size: number): Promise<HttpAnswer> {
  return send({ ...request, url: request.url.replace(/limit=\d+/u, `limit=${size}`) });
}

/** A list of nothing. */
export async function emptyPage({ request, send }: ListCall): Promise<HttpAnswer> {
  return { ...(await send(request)), text: "[]" };
}

/** The first page again, whatever cursor was asked for. */
export function firstPage({ request, send }: ListCall, size: number): Promise<HttpAnswer> {
  const url = request.url.replace(/&cursor=[^&]*/u, "").replace(/limit=\d+/u, `limit=${size}`);
  return send({ ...request, url });
}

/** The answer without the items that a text stands in. */
export async function without({ request, send }: ListCall, text: string): Promise<HttpAnswer> {
  const answer = await send(request);
  const items = JSON.parse(answer.text) as readonly unknown[];
  return { ...answer, text: JSON.stringify(items.filter((item) => !JSON.stringify(item).includes(text))) };
}
