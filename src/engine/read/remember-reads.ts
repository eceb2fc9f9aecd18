import type { Query, Reader, Readers } from "../../core/kind/reader.ts";
import { canonical } from "../../core/base/json.ts";

/** Readers of both accounts, each with a memory of its answers. */
export function rememberEach({ render, rendercad }: Readers): Readers {
  return { render: rememberReads(render), rendercad: rememberReads(rendercad) };
}

/**
 * The same reader, which sends each call only once and then answers from memory: within one plan, several values may need the
 * same list or the same connection-info.
 */
export function rememberReads(reader: Reader): Reader {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = answers.get(key) as Promise<T> | undefined;
    if (known) return known;
    const answer = read();
    answers.set(key, answer);
    return answer;
  };
  return {
    get: (path: string, query: Query = {}) =>
      once(canonical(["get", path, query]), () => reader.get(path, query)),
    list: (path: string, query: Query, envelope: string | null) =>
      once(canonical(["list", path, query, envelope]), () => reader.list(path, query, envelope)),
    listToEnd: (path: string, query: Query, envelope: string | null) =>
      once(canonical(["end", path, query, envelope]), () => reader.listToEnd(path, query, envelope)),
  };
}
