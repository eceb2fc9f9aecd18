import type { Json } from "../core/json.ts";
import type { User } from "./account.ts";
import { budgetKey, rateLimitHeaders, type BudgetName, type Budgets, type Standing } from "./budgets.ts";
import type { FaultName, Faults } from "./faults.ts";
import { isListFault } from "./faults.ts";
import { ApiFailure, makeRouter, type Actor, type Answer, type Call, type Route } from "./route.ts";
import type { World } from "./world.ts";

/** One API: where it is, who may call it, what it can do, how it says no. */
export type ApiDefinition = {
  readonly name: "render" | "rendercad";
  /** Path before every route's: `/v1`. */
  readonly base: string;
  readonly routes: readonly Route[];
  /** Headers of every answer. */
  headers(sequence: number): { [name: string]: string };
  authenticate(authorization: string | undefined, world: World): { user: User; actor: Actor } | undefined;
  /** Body of an error answer. */
  failure(failure: { status: number; message: string; code?: string | undefined }, world: World): Json;
};

/** A request as it came, before anything is known about it. `path` is below the base. */
export type RawCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Call["headers"];
  readonly text: string;
};

/** What is sent back, and how it goes wrong if it shall. */
export type Outcome = {
  readonly answer: Answer;
  readonly budget: BudgetName | undefined;
  readonly fault: FaultName | undefined;
};

export type Api = {
  readonly definition: ApiDefinition;
  /** Answers a call of a client: authentication, budget and faults included. */
  respond(raw: RawCall): Outcome;
  /** Performs a call as somebody, without budget or fault: how tests change things behind a client's back. */
  perform(raw: RawCall, caller: { user: User; actor: Actor }): Answer;
};

/** Faults that happen instead of the call, so that it has no effect. */
const insteadOf: { readonly [fault in FaultName]?: { status: number; message: string } } = {
  "429": { status: 429, message: "rate limit exceeded" },
  "500": { status: 500, message: "internal server error" },
  "503": { status: 503, message: "service unavailable" },
  html: { status: 502, message: "bad gateway" },
};

export function makeApi(
  definition: ApiDefinition,
  parts: { world: World; budgets: Budgets; faults: Faults },
): Api {
  const { world, budgets, faults } = parts;
  const route = makeRouter(definition.routes);
  let sequence = 0;

  function failWith(failure: { status: number; message: string; code?: string | undefined }): Answer {
    return { status: failure.status, body: definition.failure(failure, world) };
  }

  function handle(raw: RawCall, caller: { user: User; actor: Actor }, fault?: FaultName): Answer {
    const match = route(raw.method, raw.path);
    if (match === undefined) return failWith({ status: 404, message: "not found" });
    if (match === "no method") return failWith({ status: 405, message: "method not allowed" });
    try {
      const call = { ...raw, ...caller, ...match, method: match.route.method, body: parseBody(raw) };
      return match.route.handle(isListFault(fault) ? { ...call, fault } : call, world);
    } catch (error) {
      if (error instanceof ApiFailure) return failWith(error);
      throw error;
    }
  }

  function respond(raw: RawCall): Outcome {
    const caller = definition.authenticate(headerText(raw.headers["authorization"]), world);
    if (!caller) return plain(failWith({ status: 401, message: "unauthorized" }));
    const match = route(raw.method, raw.path);
    const budget = typeof match === "object" ? match.route.budget : undefined;
    const standing =
      budget && budgets.take(budget, `${caller.user.id} ${budgetKey(budget, raw.path, world.switches)}`);
    if (standing && !standing.allowed) {
      return {
        answer: limited(failWith({ status: 429, message: "rate limit exceeded" }), standing),
        budget,
        fault: undefined,
      };
    }
    const fault = faults.draw(raw.method, raw.path);
    const instead = fault === "reset-before" ? { status: 500, message: "" } : fault && insteadOf[fault];
    const answered = instead ? failWith(instead) : handle(raw, caller, fault);
    return { answer: standing ? limited(answered, standing) : answered, budget, fault };
  }

  function limited(answered: Answer, standing: Standing): Answer {
    return { ...answered, headers: { ...rateLimitHeaders(standing, world.switches), ...answered.headers } };
  }

  return {
    definition,
    respond(raw) {
      const outcome = respond(raw);
      sequence += 1;
      const headers = { ...definition.headers(sequence), ...outcome.answer.headers };
      return { ...outcome, answer: { ...outcome.answer, headers } };
    },
    perform: (raw, caller) => handle(raw, caller),
  };
}

function plain(answered: Answer): Outcome {
  return { answer: answered, budget: undefined, fault: undefined };
}

/** JSON, unless the request says that it has several parts (Blueprint validation). */
function parseBody(raw: RawCall): unknown {
  if (raw.text.trim() === "") return undefined;
  if (headerText(raw.headers["content-type"])?.startsWith("multipart/")) return undefined;
  try {
    return JSON.parse(raw.text) as unknown;
  } catch {
    throw new ApiFailure(400, "invalid JSON body");
  }
}

function headerText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
