import { isObject, type Json } from "../../core/base/json.ts";
import type { User } from "../base/account.ts";
import { budgetKey, type BudgetName, type Budgets, type Standing } from "../base/budgets.ts";
import { isListFault, type FaultName, type Faults } from "../base/faults.ts";
import type { AccountHistory } from "../base/lag.ts";
import {
  ApiFailure,
  makeRouter,
  nobody,
  type Actor,
  type Answer,
  type Call,
  type Route,
} from "../base/route.ts";
import type { Switches } from "../base/switches.ts";
import type { World } from "../base/world.ts";

type Caller = { readonly user: User; readonly actor: Actor };

/** An error on its way out. `path` is where it happened, as routes see it. */
type Failure = {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  readonly path: string;
};

/** One API: where it is, who may call it, what it can do, how it says no. */
export type ApiDefinition = {
  readonly name: "render" | "rendercad";
  /** Path before every route's: `/v1`. */
  readonly base: string;
  /** Pages of the API's site that stand beside the base, and are routes all the same: `/auth_device.html`. */
  readonly pages?: readonly string[];
  readonly routes: readonly Route[];
  /** The path that routes see, where an API says in the query what it is asked to do. */
  readonly locate?: (path: string, query: URLSearchParams) => string;
  /** What is wrong with the request before it is looked at. */
  readonly refuse?: (
    raw: RawCall,
    route: Route,
  ) => { readonly status: number; readonly message: string } | undefined;
  /** Headers of every answer. */
  readonly headers: (sequence: number) => { [name: string]: string };
  readonly limitHeaders: (
    standing: Standing,
    budget: BudgetName,
    switches: Switches,
  ) => { [name: string]: string };
  /** `undefined`: credentials that are nobody's. */
  readonly authenticate: (headers: Call["headers"], world: World) => Caller | "anonymous" | undefined;
  readonly failure: (failure: Failure, world: World) => Json;
};

/** A request as it came, before anything is known about it. `path` is below the base. */
export type RawCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Call["headers"];
  readonly text: string;
  readonly bytes: Uint8Array;
};

/** What is sent back, and how it goes wrong if it shall. */
export type Outcome = {
  readonly answer: Answer;
  readonly budget: BudgetName | null;
  readonly fault: FaultName | undefined;
};

export type Api = {
  readonly definition: ApiDefinition;
  /** Answers a call of a client: authentication, budget and faults included. */
  respond(raw: RawCall): Outcome;
  /** Performs a call as somebody, without budget or fault: how tests change things behind a client's back. */
  perform(raw: RawCall, caller: Caller): Answer;
};

/** Faults that happen instead of the call, so that it has no effect. Of `reset-before` no answer is sent. */
const insteadOf: { readonly [fault in FaultName]?: { readonly status: number; readonly message: string } } = {
  "402": { status: 402, message: "payment information is required" },
  "429": { status: 429, message: "rate limit exceeded" },
  "500": { status: 500, message: "internal server error" },
  "503": { status: 503, message: "service unavailable" },
  html: { status: 502, message: "bad gateway" },
  "reset-before": { status: 500, message: "" },
};

/** Faults that happen to the answer alone: everything was done. */
const afterCommit: typeof insteadOf = {
  "500-after-commit": { status: 500, message: "internal server error" },
  "502-after-commit": { status: 502, message: "bad gateway" },
  "503-after-commit": { status: 503, message: "service unavailable" },
  "504-after-commit": { status: 504, message: "gateway timeout" },
};

type ApiParts = {
  readonly world: World;
  readonly budgets: Budgets;
  readonly faults: Faults;
  readonly history: AccountHistory;
};
type Context = ApiParts & {
  readonly definition: ApiDefinition;
  readonly match: ReturnType<typeof makeRouter>;
};

export function makeApi(definition: ApiDefinition, parts: ApiParts): Api {
  const context: Context = { ...parts, definition, match: makeRouter(definition.routes) };
  const locate = (raw: RawCall): RawCall => ({
    ...raw,
    path: definition.locate?.(raw.path, raw.query) ?? raw.path,
  });
  let sequence = 0;
  return {
    definition,
    respond(raw) {
      const outcome = respondTo(locate(raw), context);
      sequence += 1;
      const headers = { ...definition.headers(sequence), ...outcome.answer.headers };
      return { ...outcome, answer: { ...outcome.answer, headers } };
    },
    perform: (raw, caller) => {
      keepPast(raw, context);
      return handleCall(locate(raw), caller, context);
    },
  };
}

/** Authentication, then the budget, then faults, then the call: a call that is refused on the way has no effect. */
function respondTo(raw: RawCall, context: Context): Outcome {
  const { budgets, definition, faults, match, world } = context;
  const found = match(raw.method, raw.path);
  const route = typeof found === "object" ? found.route : undefined;
  const authenticated = definition.authenticate(raw.headers, world);
  const caller = authenticated === "anonymous" && route?.anonymous ? anonymousCaller : authenticated;
  if (caller === undefined || caller === "anonymous") {
    const refused = failWith(raw, { status: 401, message: "unauthorized" }, context);
    return { answer: refused, budget: null, fault: undefined };
  }
  const budget = route?.budget ?? null;
  const key = `${caller.user.id} ${budget && budgetKey(budget, raw.path, world.switches)}`;
  const standing = budget ? budgets.take(budget, key) : undefined;
  const fault = standing?.allowed === false ? undefined : faults.draw(raw.method, raw.path);
  const instead = standing?.allowed === false ? insteadOf["429"] : fault && insteadOf[fault];
  keepPast(raw, context);
  const done = instead ? failWith(raw, instead, context) : handleLagging(raw, caller, context, fault);
  const broken = fault && afterCommit[fault];
  const answered = broken ? failWith(raw, broken, context) : done;
  const refused = fault === "429" || answered.busy === true;
  const shown = standing && { ...standing, allowed: standing.allowed && !refused };
  const headers = budget && shown ? definition.limitHeaders(shown, budget, world.switches) : {};
  return { answer: { ...answered, headers: { ...headers, ...answered.headers } }, budget, fault };
}

function keepPast(raw: RawCall, { faults, history, world }: Context): void {
  const longest = faults.longestLag();
  if (longest > 0 && raw.method !== "GET") history.keep(world.clock.now(), longest);
}

/** A list that lags is answered once more, from what it shows of the account. */
function handleLagging(raw: RawCall, caller: Caller, context: Context, fault: FaultName | undefined): Answer {
  const { faults, history, world } = context;
  const answered = handleCall(raw, caller, context, fault);
  const lag = raw.method === "GET" ? faults.lagOf(raw.path) : undefined;
  if (!lag) return answered;
  const isAll = world.switches.laggingReads === "all";
  if (!isAll && !isList(answered)) return answered;
  const asked = new Set(isAll ? [] : raw.path.split("/").map(decodeURIComponent));
  // The caller is who she is, whenever she was made.
  const account = history.view(world.clock.now(), lag, asked);
  return handleCall(raw, caller, { ...context, world: { ...world, account } }, fault);
}

/** Render answers with an array, RENDERCAD with an object that holds one (both described). */
function isList({ body }: Answer): boolean {
  return (
    Array.isArray(body) ||
    (isObject(body) && (Array.isArray(body["tokens"]) || Array.isArray(body["webhooks"])))
  );
}

function handleCall(raw: RawCall, caller: Caller, context: Context, fault?: FaultName): Answer {
  const found = context.match(raw.method, raw.path);
  if (found === undefined) return failWith(raw, { status: 404, message: "not found" }, context);
  if (found === "no method") return failWith(raw, { status: 405, message: "method not allowed" }, context);
  const refused = context.definition.refuse?.(raw, found.route);
  if (refused) return failWith(raw, refused, context);
  try {
    const call: Call = {
      ...raw,
      ...caller,
      method: found.route.method,
      parameters: found.parameters,
      body: found.route.takesFile ? undefined : parseBody(raw),
      ...(isListFault(fault) && { fault }),
    };
    return found.route.handle(call, context.world);
  } catch (error) {
    if (error instanceof ApiFailure)
      return { ...failWith(raw, error, context), ...(error.busy && { busy: true }) };
    throw error;
  }
}

function failWith(raw: RawCall, failure: Omit<Failure, "path">, { definition, world }: Context): Answer {
  const { status, message, code } = failure;
  return { status, body: definition.failure({ status, message, code, path: raw.path }, world) };
}

const anonymousCaller: Caller = { user: nobody, actor: { type: "user", email: "", id: "" } };

/** JSON, unless the request says that it has several parts (Blueprint validation). */
function parseBody(raw: RawCall): unknown {
  if (raw.text.trim() === "") return undefined;
  if (headerText(raw.headers, "content-type")?.startsWith("multipart/")) return undefined;
  try {
    return JSON.parse(raw.text) as unknown;
  } catch {
    throw new ApiFailure(400, "invalid JSON body");
  }
}

/** The first value of a header. */
export function headerText(headers: Call["headers"], name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}
