import type { BudgetName, Millis } from "../core/budget.ts";
import type { Query, Reader } from "../core/kind.ts";
import { problem, ProblemError } from "../core/problem.ts";
import { revealSecret, type Secret } from "../core/secret.ts";
import type { HttpAnswer } from "../world/transport.ts";
import type { World } from "../world/world.ts";
import { brokenAnswer, CallError, failureOf, notJson, type CallFacts } from "./failure.ts";
import { Gate } from "./gate.ts";
import type { Limiter } from "./limiter.ts";

export type ClientOptions = {
  readonly world: World;
  readonly limiter: Limiter;
  /** With the version path and no slash at the end: `https://api.render.com/v1`. */
  readonly host: string;
  readonly token: Secret;
  readonly userAgent: string;
  readonly readBudget: (path: string) => BudgetName;
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
   * Sends one write and answers with the parsed body (`undefined` when there is none). A 429 was not executed, so it
   * waits and sends again. Any other failure is thrown as a `CallError`, whose `reached` says whether the API may have acted.
   */
  send(send: Send): Promise<unknown>;
}

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
    const target = `${path}${queryText(query)}`;
    const answer = await read(options, gate, target);
    return answer.status === 404 ? undefined : (JSON.parse(answer.text) as unknown);
  };
  const list = async (path: string, query: Query, envelope: string | null): Promise<readonly unknown[]> => {
    const items: unknown[] = [];
    const seen = new Set<string>();
    let cursor: string | undefined;
    for (;;) {
      const page = await get(path, {
        ...query,
        limit: String(pageSize),
        ...(cursor !== undefined && { cursor }),
      });
      const read = readPage(page, path, envelope);
      items.push(...read.items);
      for (const one of read.cursors) {
        if (seen.has(one)) throw incomplete(path, "the same cursor came twice");
        seen.add(one);
      }
      if (read.items.length < pageSize) return items;
      cursor = read.cursors.at(-1);
      if (cursor === undefined)
        throw incomplete(path, "a full page came without a cursor, so there may be more");
    }
  };
  return { get, list, calls: () => calls };
}

/**
 * Every page is understood whole or refused; a list whose pages cannot be told apart is an error, never a shorter list.
 * Each item has a cursor of its own (in every recorded page), so one that repeats is a page that repeats.
 */
function readPage(
  page: unknown,
  path: string,
  envelope: string | null,
): { readonly items: readonly unknown[]; readonly cursors: readonly string[] } {
  if (!Array.isArray(page)) {
    throw new ProblemError([
      problem(
        "error",
        "unexpected-answer",
        `GET ${path} answered something that is not a list.`,
        "Check RENDER_HOST; if it is right, report this.",
      ),
    ]);
  }
  const wrapped = page as readonly { readonly cursor?: unknown; readonly [name: string]: unknown }[];
  const items = wrapped.map((item) =>
    envelope !== null && item[envelope] !== undefined ? item[envelope] : item,
  );
  const cursors = wrapped
    .map((item) => item.cursor)
    .filter((cursor): cursor is string => typeof cursor === "string" && cursor !== "");
  return { items, cursors };
}

function incomplete(path: string, reason: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `GET ${path} could not be read to its end: ${reason}.`,
      "Nothing was concluded from it and nothing was written. Run again.",
    ),
  ]);
}

async function read(options: ClientOptions, gate: Gate, path: string): Promise<HttpAnswer> {
  const facts: CallFacts = { method: "GET", path: path.split("?")[0]!, host: options.host, sent: [] };
  const budgets = [options.readBudget(path)];
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attemptCall(options, gate, { facts, path, budgets });
    const isLast =
      attempt >= (answer instanceof CallError || answer.status !== 429 ? readTries : refusedTries);
    if (!(answer instanceof CallError)) {
      if (answer.status === 404) return answer;
      if (answer.status >= 200 && answer.status < 300) {
        if (isJson(answer.text)) return answer;
        throw notJson(facts, answer);
      }
      if (isLast || (answer.status < 500 && answer.status !== 429)) throw failureOf(facts, answer);
    } else if (isLast) throw answer;
    if (options.world.stop.aborted) throw interrupted();
    if (answer instanceof CallError || answer.status !== 429) await backOff(options.world, attempt);
  }
}

export function makeWriter(options: ClientOptions): Writer {
  const gate = new Gate(writesAtOnce);
  return { send: (send) => write(options, gate, send) };
}

async function write(options: ClientOptions, gate: Gate, send: Send): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    let sent: readonly Secret[] = [];
    const content = async (): Promise<Content> => {
      const made = await send.content();
      sent = made.secrets;
      return made;
    };
    const bare = { method: send.method, path: send.path, host: options.host };
    const answer = await attemptCall(options, gate, {
      facts: { ...bare, sent },
      path: send.path,
      budgets: send.budgets,
      content,
    });
    const facts: CallFacts = { ...bare, sent };
    if (answer instanceof CallError) throw answer;
    if (answer.status >= 200 && answer.status < 300) {
      if (answer.text.trim() === "") return undefined;
      if (!isJson(answer.text)) throw notJson(facts, answer);
      return JSON.parse(answer.text) as unknown;
    }
    if (answer.status !== 429 || attempt >= refusedTries) throw failureOf(facts, answer);
  }
}

type Attempt = {
  readonly facts: CallFacts;
  readonly path: string;
  readonly budgets: readonly BudgetName[];
  readonly content?: () => Promise<Content>;
};

/**
 * One request under the limiter. The limit is waited for before a place at the gate is taken, so that a call that waits for
 * an hour holds up no other. A failure of the connection comes back as a value, so that callers decide on tries.
 */
async function attemptCall(
  options: ClientOptions,
  gate: Gate,
  call: Attempt,
): Promise<HttpAnswer | CallError> {
  if (!(await options.limiter.take(call.budgets))) throw interrupted();
  let answer: HttpAnswer | CallError | undefined;
  let sentAt = options.world.now();
  try {
    answer = await gate.pass(async () => {
      const content = await call.content?.();
      sentAt = options.world.now();
      return sendOnce(options, call, content?.text);
    });
    return answer;
  } finally {
    const headers = answer instanceof CallError ? undefined : answer?.headers;
    const refused = !(answer instanceof CallError) && answer?.status === 429;
    options.limiter.give(call.budgets, { headers, refused, sentAt });
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
    return brokenAnswer(call.facts, reasonOf(error), error);
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

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const name = error instanceof Error ? error.name : undefined;
  if (name === "TimeoutError") return `no answer within ${timeout / 1000} s`;
  return code ?? name ?? "unknown failure";
}

function queryText(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => {
    const values = typeof value === "string" ? [value] : value;
    return `${name}=${values.map((item) => encodeURIComponent(item)).join(",")}`;
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
