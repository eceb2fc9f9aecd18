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

/** An error to answer with. `path` is the path of the call, as routes see it. */
type Failure = {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  readonly path: string;
};

/** One API: its path, who may call it, its routes, and the form of its errors. */
export type ApiDefinition = {
  readonly name: "render" | "rendercad";
  /** The path before that of every route: `/v1`. */
  readonly base: string;
  /** Pages of the API's site that stand beside the base, and are routes all the same: `/auth_device.html`. */
  readonly pages?: readonly string[];
  readonly routes: readonly Route[];
  /** The path that routes see, for an API whose query says what is asked of it. */
  readonly locate?: (path: string, query: URLSearchParams) => string;
  /** What is wrong with a request as such, before its route is looked for. */
  readonly refuse?: (
    raw: RawCall,
    route: Route,
  ) => { readonly status: number; readonly message: string } | undefined;
  /** The headers of every answer. */
  readonly headers: (sequence: number) => { [name: string]: string };
  readonly limitHeaders: (
    standing: Standing,
    budget: BudgetName,
    switches: Switches,
  ) => { [name: string]: string };
  /** Who calls. `undefined`: the credentials belong to no user. */
  readonly authenticate: (headers: Call["headers"], world: World) => Caller | "anonymous" | undefined;
  readonly failure: (failure: Failure, world: World) => Json;
};

/** A request as it came, before anything of it is known. `path` is below the base. */
export type RawCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Call["headers"];
  readonly text: string;
  readonly bytes: Uint8Array;
};

/** The answer, and the fault that it has. */
export type Outcome = {
  readonly answer: Answer;
  readonly budget: BudgetName | null;
  readonly fault: FaultName | undefined;
};

/** An API that can be called. */
export type Api = {
  readonly definition: ApiDefinition;
  /** Answers a call of a client: credentials are checked, budgets count it, faults may hit it. */
  respond(raw: RawCall): Outcome;
  /** Does a call as some user, without budgets and faults: so a test changes something that a client does not know of. */
  perform(raw: RawCall, caller: Caller): Answer;
};

/** Faults in place of the call, which is not done. With `reset-before` no answer is sent. */
const insteadOf: { readonly [fault in FaultName]?: { readonly status: number; readonly message: string } } = {
  "402": { status: 402, message: "payment information is required" },
  "429": { status: 429, message: "rate limit exceeded" },
  "500": { status: 500, message: "internal server error" },
  "503": { status: 503, message: "service unavailable" },
  html: { status: 502, message: "bad gateway" },
  "reset-before": { status: 500, message: "" },
};

/** Faults of the answer alone: the call was done. */
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

/** The API of a definition. */
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

/**
 * Answers a call: credentials, then budgets, then faults, then the call. A call that is refused on the way has no
 * effect.
 */
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

/** Does a call. Where it asks for a list that lags, it is answered from what that list shows of the account. */
function handleLagging(raw: RawCall, caller: Caller, context: Context, fault: FaultName | undefined): Answer {
  const { faults, history, world } = context;
  const answered = handleCall(raw, caller, context, fault);
  const lag = raw.method === "GET" ? faults.lagOf(raw.path) : undefined;
  if (!lag) return answered;
  const isAll = world.switches.laggingReads === "all";
  if (!isAll && !isList(answered)) return answered;
  const asked = new Set(isAll ? [] : raw.path.split("/").map(decodeURIComponent));
  // The user of the call is found at any age.
  const account = history.view(world.clock.now(), lag, asked);
  return handleCall(raw, caller, { ...context, world: { ...world, account } }, fault);
}

/** Whether an answer is a list: an array for Render, an object with one for RENDERCAD (both described). */
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

/** The body as JSON; `undefined` where the request has several parts (validation of a Blueprint). */
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
