import type { Json } from "../../core/base/json.ts";
import type { User } from "./account.ts";
import type { BudgetName } from "./budgets.ts";
import type { ListFault } from "./faults.ts";
import type { World } from "./world.ts";

/** The user of a call without credentials. It owns nothing and reaches nothing. */
export const nobody: User = { id: "", name: "", email: "", key: "", workspaceIds: [] };

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request, read and with its user. */
export type Call = {
  readonly method: Method;
  /** The path below the base of the API, without the query: `/services/srv-1/env-vars`. */
  readonly path: string;
  readonly parameters: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  /** The body as JSON; `undefined` without a body. `text` is the body as it came, for multipart; `bytes`, for files. */
  readonly body: unknown;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly user: User;
  /** Who stands in the audit log. */
  readonly actor: Actor;
  /** The fault that a list has this time. */
  readonly fault?: ListFault;
};

/** Somebody or something that did a call, as the audit log has it. */
export type Actor = {
  readonly type: "user" | "rest_api" | "system";
  readonly email: string;
  readonly id: string;
};

/**
 * What is sent piece by piece. `next` is asked again and again for what is new since the last time; whoever listens is told
 * the last piece by the end of the connection.
 */
export type Feed = {
  /** A websocket has a text for each piece, `events` (server-sent events) are lines. */
  readonly protocol: "websocket" | "events";
  readonly next: () => { readonly texts: readonly string[]; readonly isLast: boolean };
};

/** An answer. `body: undefined` sends no body, `null` sends the text `null`: Render does both (recorded). */
export type Answer = {
  readonly status: number;
  readonly body?: Json | undefined;
  /** A body that is not JSON, instead of `body`. */
  readonly content?: { readonly type: string; readonly data: string | Uint8Array };
  readonly headers?: { readonly [name: string]: string };
  /** An answer that goes on while the connection is open. */
  readonly feed?: Feed;
  /** Refused because much is going on: a limited endpoint says beside it when to come again. */
  readonly busy?: true;
};

/** A route of an API. `{id}` in the path stands for one segment, which is decoded into `parameters`. */
export type Route = {
  readonly method: Method;
  readonly path: string;
  /** The budget that it is counted in; `null`: the API does not count it. */
  readonly budget: BudgetName | null;
  /**
   * It may be called without credentials; then `nobody` is the user of the call. Wrong credentials are refused all
   * the same.
   */
  readonly anonymous?: true;
  /** The body is a file, whatever its content type says, and is not read as JSON. */
  readonly takesFile?: true;
  /** The media type of the answer, where it is not JSON; `null`: whatever is asked for. */
  readonly produces?: string | null;
  handle(call: Call, world: World): Answer;
};

/** Thrown by a handler to answer with an error. Anything else that is thrown is a fault of the simulator and answers 500. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly busy: boolean;

  constructor(status: number, message: string, { code, busy }: { code?: string; busy?: true } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.busy = busy ?? false;
  }
}

/** Ends a call with an error. */
export function fail(status: number, message: string): never {
  throw new ApiFailure(status, message);
}

/** 429 for what is going on, not for how often somebody calls. */
export function failBusy(message: string): never {
  throw new ApiFailure(429, message, { busy: true });
}

/**
 * Ends a call with 404 and the recorded text. It is used also for an object that exists and that the caller does not
 * reach (documented).
 */
export function failNotFound(id: string): never {
  throw new ApiFailure(404, `not found: ${id}`);
}

/** An answer with a status and a body. */
export function answer(status: number, body?: Json): Answer {
  return { status, body };
}

/** The answer 204, without a body. */
export const noContent: Answer = { status: 204 };
/** The answer 202, without a body. */
export const accepted: Answer = { status: 202 };

/** The value of a parameter in the path of a route. */
export function parameter(call: Call, name: string): string {
  const value = call.parameters[name];
  if (value === undefined) throw new Error(`${call.method} ${call.path} has no parameter ${name}`);
  return value;
}

/** The route of a request, with the values of its parameters. */
export type Match = { readonly route: Route; readonly parameters: { readonly [name: string]: string } };

/**
 * Makes the function that finds the route of a request. A literal segment counts before a parameter, in whatever
 * order the routes stand.
 */
export function makeRouter(
  routes: readonly Route[],
): (method: string, path: string) => Match | "no method" | undefined {
  const byLength = new Map<number, { route: Route; pattern: readonly string[] }[]>();
  for (const route of routes) {
    const pattern = segmentsOf(route.path);
    byLength.set(pattern.length, [...(byLength.get(pattern.length) ?? []), { route, pattern }]);
  }
  for (const group of byLength.values()) {
    group.sort((a, b) => countParameters(a.pattern) - countParameters(b.pattern));
  }

  return (method, path) => {
    const segments = segmentsOf(path).map(decodeSegment);
    const fitting = (byLength.get(segments.length) ?? []).filter(({ pattern }) => fits(pattern, segments));
    const found = fitting.find(({ route }) => route.method === method);
    if (!found) return fitting.length > 0 ? "no method" : undefined;
    return { route: found.route, parameters: readParameters(found.pattern, segments) };
  };
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function countParameters(pattern: readonly string[]): number {
  return pattern.filter((segment) => segment.startsWith("{")).length;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, index) => part.startsWith("{") || part === segments[index]);
}

function readParameters(pattern: readonly string[], segments: readonly string[]): { [name: string]: string } {
  const named = pattern.flatMap((part, index) =>
    part.startsWith("{") ? [[part.slice(1, -1), segments[index] ?? ""]] : [],
  );
  return Object.fromEntries(named) as { [name: string]: string };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
