import type { Json } from "../../core/base/json.ts";
import type { User } from "./account.ts";
import type { BudgetName } from "./budgets.ts";
import type { ListFault } from "./faults.ts";
import type { World } from "./world.ts";

/** Who calls when no credentials are given. Owns nothing and reaches nothing. */
export const nobody: User = { id: "", name: "", email: "", key: "", workspaceIds: [] };

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request, read and authenticated. */
export type Call = {
  readonly method: Method;
  /** Below the API's base, without the query: `/services/srv-1/env-vars`. */
  readonly path: string;
  readonly parameters: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  /** Parsed JSON; `undefined` without a body. `text` has it as it came, for multipart; `bytes`, for files. */
  readonly body: unknown;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly user: User;
  /** Who the audit log names. */
  readonly actor: Actor;
  /** What a list shall do wrong this time. */
  readonly fault?: ListFault;
};

export type Actor = {
  readonly type: "user" | "rest_api" | "system";
  readonly email: string;
  readonly id: string;
};

/** `body: undefined` sends no body, `null` sends the text `null`: Render does both (recorded). */
export type Answer = {
  readonly status: number;
  readonly body?: Json | undefined;
  /** A body that is not JSON, instead of `body`. */
  readonly content?: { readonly type: string; readonly data: string | Uint8Array };
  readonly headers?: { readonly [name: string]: string };
  /** Refused because much is going on: a limited endpoint says beside it when to come again. */
  readonly busy?: true;
};

/** A route is data. `{id}` in the path is one segment, decoded into `parameters`. */
export type Route = {
  readonly method: Method;
  readonly path: string;
  /** `null`: the API counts no such calls. */
  readonly budget: BudgetName | null;
  /** May be called without credentials; then the call's user is `nobody`. Wrong ones are refused all the same. */
  readonly anonymous?: true;
  /** The body is a file, whatever its content type says: it is not read as JSON. */
  readonly takesFile?: true;
  /** The media type of the answer, where it is not JSON; `null`: whatever is asked for. */
  readonly produces?: string | null;
  handle(call: Call, world: World): Answer;
};

/** What a handler throws to answer with an error; anything else thrown is a bug of the simulator and answers 500. */
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

export function fail(status: number, message: string): never {
  throw new ApiFailure(status, message);
}

/** 429 for what is going on, not for how often somebody calls. */
export function failBusy(message: string): never {
  throw new ApiFailure(429, message, { busy: true });
}

/** The recorded text of a 404. Also for what exists and is not the caller's (documented). */
export function failNotFound(id: string): never {
  throw new ApiFailure(404, `not found: ${id}`);
}

export function answer(status: number, body?: Json): Answer {
  return { status, body };
}

export const noContent: Answer = { status: 204 };
export const accepted: Answer = { status: 202 };

/** A parameter that the route's path names. */
export function parameter(call: Call, name: string): string {
  const value = call.parameters[name];
  if (value === undefined) throw new Error(`${call.method} ${call.path} has no parameter ${name}`);
  return value;
}

export type Match = { readonly route: Route; readonly parameters: { readonly [name: string]: string } };

/** Finds a route by segments: a literal beats a parameter, whatever the order in the array. */
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
