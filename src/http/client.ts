import type { BudgetName, Millis } from "../core/model/budget.ts";
import { parseJson } from "../core/base/json.ts";
import type { Query, Reader } from "../core/kind/reader.ts";
import type { Provider } from "../core/base/address.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { revealSecret, type Secret } from "../core/base/secret.ts";
import type { HttpAnswer } from "../world/transport.ts";
import type { World } from "../world/world.ts";
import { isDenied, isRateLimited, type ApiFacts } from "./api-facts.ts";
import { CallError, failureOf, isTooLarge, notJson, unanswered, type CallFacts } from "./failure.ts";
import { Gate } from "./gate.ts";
import type { Limiter } from "./limiter.ts";
import { incomplete, readPage, queryText } from "./read-page.ts";

/** Everything that a reader or a writer of one account needs. */
export type ClientOptions = {
  readonly world: World;
  readonly limiter: Limiter;
  readonly api: ApiFacts;
  /** The API's URL with its version and no slash at the end: `https://api.render.com/v1`. */
  readonly host: string;
  readonly token: Secret;
  readonly userAgent: string;
  /** The budget that a read of this path is counted in; `undefined` when the API does not count it. */
  readonly readBudget: (path: string) => BudgetName | undefined;
  /** Called after each request, for the debug log. */
  readonly log?: (line: CallLine) => void;
};

/** One request in the debug log. Bodies and headers may hold secrets and are never in it. `status` is null when no answer came. */
export type CallLine = {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly took: Millis;
};

type Send = {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Every budget that the API counts this call in. */
  readonly budgets: readonly BudgetName[];
  /** When several calls could be sent, the one with the smallest rank goes first. */
  readonly rank?: number;
  /** Budgets of later calls that must follow this one at once: this call waits until there is room for them too, and reserves it. */
  readonly ahead?: readonly BudgetName[];
  /** Whether an earlier call has reserved the room for this one through `ahead`. */
  readonly isHeld?: boolean;
  /**
   * Called and awaited when the limits let the call go, right before it is sent. The caller reads here what must be fresh, makes
   * the text, and writes the intent to the journal. It is called again for each new try.
   */
  readonly content: () => Promise<Content>;
};

/** The text of a request (absent when it has no body) and the secrets in that text, which are taken out of errors that repeat them. */
export type Content = { readonly text?: string; readonly secrets: readonly Secret[] };

/** The only type with a method that writes to an account. Only `apply` makes one, so a plan cannot write. */
export interface Writer {
  /**
   * Sends one write and answers with the parsed body (`undefined` when there is none). A rate-limited call was not executed, so it
   * waits and sends again. Any other failure is thrown as a `CallError`, whose `reached` says whether the API may have acted.
   */
  send(send: Send): Promise<unknown>;
  /** Gives back room that was reserved with `ahead`, when the step it was reserved for does not need it. */
  release(budgets: readonly BudgetName[]): void;
}

/** The writer of each account. */
export type Writers = { readonly [provider in Provider]: Writer } & {
  /** A writer that signs in with another token: a rotated token is proven by a call that is made with it. */
  readonly as: (provider: Provider, token: Secret) => Writer;
};

const pageSize = 100;
/** How many calls may be under way at once. */
const readsAtOnce = 16;
const writesAtOnce = 4;
/** Milliseconds until a request without an answer is given up. */
const timeout = 60_000;
/** Tries of a call that got no answer or 5xx, and of one that met the rate limit. */
const readTries = 5;
const refusedTries = 20;

/** A reader of one account. It retries failed reads, counts those asked for and those over, and cannot write: that is `makeWriter`. */
export function makeReader(
  options: ClientOptions,
): Reader & { readonly calls: () => number; readonly answered: () => number } {
  const gate = new Gate(readsAtOnce);
  let [calls, answered] = [0, 0];
  const get = async (path: string, query: Query = {}): Promise<unknown> => {
    calls += 1;
    const answer = await read(options, gate, path, queryText(query)).finally(() => (answered += 1));
    return answer.status === 404 ? undefined : (JSON.parse(answer.text) as unknown);
  };
  const readPages = async (
    path: string,
    {
      query,
      envelope,
      toEnd,
    }: { readonly query: Query; readonly envelope: string | null; readonly toEnd: boolean },
  ): Promise<readonly unknown[]> => {
    const items: unknown[] = [];
    const seen = new Set<string>();
    let cursor: string | undefined;
    for (;;) {
      const page = await get(path, {
        ...query,
        limit: String(pageSize),
        ...(cursor !== undefined && { cursor }),
      });
      const read = readPage(options.api, page, path, envelope);
      items.push(...read.items);
      for (const one of read.cursors) {
        if (seen.has(one)) throw incomplete(path, "the same cursor came twice");
        seen.add(one);
      }
      if (read.items.length < (toEnd ? 1 : pageSize)) return items;
      cursor = read.cursors.at(-1);
      if (cursor === undefined)
        throw incomplete(path, `a ${toEnd ? "" : "full "}page came without a cursor, so there may be more`);
    }
  };
  return {
    get,
    list: (path, query, envelope) => readPages(path, { query, envelope, toEnd: false }),
    listToEnd: (path, query, envelope) => readPages(path, { query, envelope, toEnd: true }),
    calls: () => calls,
    answered: () => answered,
  };
}

/** One read with its retries. Messages show the path and never `query`, which may hold names of the user's resources. */
async function read(options: ClientOptions, gate: Gate, path: string, query: string): Promise<HttpAnswer> {
  const { api, host, readBudget } = options;
  const facts: CallFacts = { api, method: "GET", path, host, sent: [] };
  const budget = readBudget(path);
  const call: Attempt = { facts, path: `${path}${query}`, budgets: budget === undefined ? [] : [budget] };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attemptCall(options, gate, call);
    const isLimited = !(answer instanceof CallError) && isRateLimited(api, answer);
    const isLast = attempt >= (isLimited ? refusedTries : readTries);
    if (!(answer instanceof CallError)) {
      if (answer.status === 404) return answer;
      if (answer.status >= 200 && answer.status < 300) {
        if (isJson(answer.text)) return answer;
        throw notJson(facts, answer);
      }
      if (isLast || (answer.status < 500 && !isLimited)) throw failureOf(facts, answer);
    } else if (isLast || isTooLarge(answer)) throw answer;
    if (options.world.stop.aborted) throw interrupted();
    // After a 429 the limiter makes a counted call wait. A call that no budget counts has to wait here.
    if (!isLimited || call.budgets.length === 0) await backOff(options.world, attempt);
  }
}

/** A writer of one account. Only `apply` makes one. */
export function makeWriter(options: ClientOptions): Writer {
  const gate = new Gate(writesAtOnce);
  return {
    send: (send) => write(options, gate, send),
    release: (budgets) => options.limiter.release(budgets),
  };
}

async function write(options: ClientOptions, gate: Gate, send: Send): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    let sent: readonly Secret[] = [];
    const content = async (): Promise<Content> => {
      const made = await send.content();
      sent = made.secrets;
      return made;
    };
    const { api, host } = options;
    const bare = { api, method: send.method, path: send.path, host };
    const answer = await attemptCall(options, gate, {
      facts: { ...bare, sent },
      path: send.path,
      budgets: send.budgets,
      content,
      ahead: send.ahead ?? [],
      isHeld: send.isHeld === true && attempt === 1,
      ...(send.rank !== undefined && { rank: send.rank }),
    });
    const facts: CallFacts = { ...bare, sent };
    if (answer instanceof CallError) {
      if (answer.reached === "maybe" || attempt >= readTries || options.world.stop.aborted) throw answer;
      await backOff(options.world, attempt);
      continue;
    }
    if (answer.status >= 200 && answer.status < 300) {
      if (answer.text.trim() === "") return undefined;
      if (!isJson(answer.text)) throw notJson(facts, answer);
      const body = JSON.parse(answer.text) as unknown;
      if (isDenied(api, body)) throw failureOf(facts, answer);
      return body;
    }
    if (!isRateLimited(api, answer) || attempt >= refusedTries) throw failureOf(facts, answer);
  }
}

type Attempt = {
  readonly facts: CallFacts;
  readonly path: string;
  readonly budgets: readonly BudgetName[];
  readonly rank?: number;
  readonly ahead?: readonly BudgetName[];
  readonly isHeld?: boolean;
  readonly content?: () => Promise<Content>;
};

/**
 * One request when the limiter lets it go, which also limits how many are under way at once. A broken connection is returned as a
 * `CallError` and not thrown, so that the caller decides whether to try again.
 */
async function attemptCall(
  options: ClientOptions,
  gate: Gate,
  call: Attempt,
): Promise<HttpAnswer | CallError> {
  const { ahead = [], isHeld = false } = call;
  const turn = { gate, ahead, isHeld, ...(call.rank !== undefined && { rank: call.rank }) };
  if (!(await options.limiter.take(call.budgets, turn)))
    throw options.world.stop.aborted ? interrupted() : waitTooLong(call.budgets);
  let answer: HttpAnswer | CallError | undefined;
  let sentAt = options.world.now();
  try {
    const content = await call.content?.();
    sentAt = options.world.now();
    answer = await sendOnce(options, call, content?.text);
    return answer;
  } finally {
    const told = answer instanceof CallError ? undefined : answer;
    const refused = told !== undefined && isRateLimited(options.api, told);
    options.limiter.give(call.budgets, { headers: told?.headers, refused, sentAt }, gate);
    if (told === undefined || told.status >= 300) options.limiter.release(ahead);
  }
}

async function sendOnce(
  options: ClientOptions,
  call: Attempt,
  text: string | undefined,
): Promise<HttpAnswer | CallError> {
  const { world } = options;
  const began = world.now();
  const headers = {
    authorization: `Bearer ${revealSecret(options.token)}`,
    accept: "application/json",
    "user-agent": options.userAgent,
    ...(text !== undefined && { "content-type": "application/json" }),
  };
  const log = (status: number | null): void =>
    options.log?.({ method: call.facts.method, path: call.facts.path, status, took: world.now() - began });
  try {
    const body = text === undefined ? {} : { body: text };
    const answer = await world.send({
      method: call.facts.method,
      url: `${options.host}${call.path}`,
      headers,
      ...body,
      timeout,
    });
    log(answer.status);
    return answer;
  } catch (error) {
    log(null);
    return unanswered(call.facts, error, timeout);
  }
}

async function backOff(world: World, attempt: number): Promise<void> {
  await world.sleep(Math.min(30_000, 500 * 2 ** attempt) * (0.5 + world.random() / 2));
}

/** The error of a run that was told to stop. */
export function interrupted(): ProblemError {
  return new ProblemError([
    problem("error", "interrupted", "The run was interrupted.", "Run the same command again to carry on."),
  ]);
}

/** Not a fault: the run stops here on purpose, and a later run finds a new window. */
function waitTooLong(budgets: readonly BudgetName[]): ProblemError {
  const message = `The next call has to wait ${budgets.map((one) => `for ${one} `).join("and ")}longer than --max-wait or --max-duration allows.`;
  const remedy = "Run again later, or allow more; trueup limits shows when each limit starts anew.";
  return new ProblemError([problem("error", "wait-too-long", message, remedy)]);
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
