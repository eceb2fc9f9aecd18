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
import { queryText } from "./query-text.ts";
import { incomplete, readPage } from "./read-page.ts";

export type ClientOptions = {
  readonly world: World;
  readonly limiter: Limiter;
  readonly api: ApiFacts;
  /** With the version path and no slash at the end: `https://api.render.com/v1`. */
  readonly host: string;
  readonly token: Secret;
  readonly userAgent: string;
  /** What a read is counted in; `undefined`: the API does not count it. */
  readonly readBudget: (path: string) => BudgetName | undefined;
  readonly log?: (line: CallLine) => void;
};

/** One line of the debug log: never a body, never a header. */
export type CallLine = {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly took: Millis;
};

type Send = {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly budgets: readonly BudgetName[];
  /** Where several could go, the one with the smallest goes first. */
  readonly rank?: number;
  /** Calls that have to follow at once: it waits for them as well, and they are kept once it is done. */
  readonly ahead?: readonly BudgetName[];
  /** Its own calls were kept so. */
  readonly isHeld?: boolean;
  /**
   * Awaited when the limits let the call go, right before it is sent: the place to read what must be fresh, to make the
   * text, and to write the intent down.
   */
  readonly content: () => Promise<Content>;
};

/** The text of a request, absent when it has no body, and the secrets in it, for scrubbing answers that repeat them. */
export type Content = { readonly text?: string; readonly secrets: readonly Secret[] };

/** The only type with a method that writes. Made by `apply` alone; a plan never holds one. */
export interface Writer {
  /**
   * Sends one write and answers with the parsed body (`undefined` when there is none). A rate-limited call was not executed, so it
   * waits and sends again. Any other failure is thrown as a `CallError`, whose `reached` says whether the API may have acted.
   */
  send(send: Send): Promise<unknown>;
  /** Calls that were kept `ahead` are not needed, or not by that step. */
  release(budgets: readonly BudgetName[]): void;
}

/** One for each account. */
export type Writers = { readonly [provider in Provider]: Writer } & {
  /** Signed in with a value that is to be proven. */
  readonly as: (provider: Provider, token: Secret) => Writer;
};

const pageSize = 100;
/** Defaults of the product page, section 16. */
const readsAtOnce = 16;
const writesAtOnce = 4;
const timeout = 60_000;
const readTries = 5;
const refusedTries = 20;

/** Reads, retries and counts. It has no way to write: `makeWriter` is another function that reads do not import. */
export function makeReader(options: ClientOptions): Reader & { readonly calls: () => number } {
  const gate = new Gate(readsAtOnce);
  let calls = 0;
  const get = async (path: string, query: Query = {}): Promise<unknown> => {
    calls += 1;
    const answer = await read(options, gate, path, queryText(query));
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
  };
}

/** `query` may hold names of people's things, so it is in no message; a path that has an action in it is. */
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
    // What no budget counts has no window to wait for.
    if (!isLimited || call.budgets.length === 0) await backOff(options.world, attempt);
  }
}

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
 * One request under the limiter, which also sees to how many are under way at once. A failure of the connection comes back as a
 * value, so that callers decide on tries.
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

export function interrupted(): ProblemError {
  return new ProblemError([
    problem("error", "interrupted", "The run was interrupted.", "Run the same command again to carry on."),
  ]);
}

/** Nothing is wrong: the run stops here on purpose, and a later one finds a new window. */
function waitTooLong(budgets: readonly BudgetName[]): ProblemError {
  const message = `The next call has to wait for ${budgets.join(" and ")} longer than --max-wait or --max-duration allows.`;
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
