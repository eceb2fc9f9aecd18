import { problem, ProblemError, type Problem } from "../core/base/problem.ts";
import type { Secret } from "../core/base/secret.ts";
import { isObject } from "../core/base/json.ts";
import { AnswerTooLarge, type HttpAnswer } from "../world/transport.ts";
import type { Millis } from "../core/model/budget.ts";
import { isNeverConnected, reasonOf } from "./never-connected.ts";
import { scrub } from "./scrub.ts";
import { isRateLimited, type ApiFacts } from "./api-facts.ts";

/**
 * A call that failed, as one problem. `status` is the HTTP status, `undefined` when no answer came. `reached` says whether the API
 * may have acted on the call: `no` means that it is certainly not done and may be sent again. After `maybe`, a write must not be
 * sent again before a look at the account has shown whether it was done.
 */
export class CallError extends ProblemError {
  readonly status: number | undefined;
  readonly reached: "no" | "maybe";

  constructor(
    found: Problem,
    how: { readonly status: number | undefined; readonly reached: "no" | "maybe" },
    options?: ErrorOptions,
  ) {
    super([found], options);
    this.name = "CallError";
    this.status = how.status;
    this.reached = how.reached;
  }
}

/** The same failure with `reached: "maybe"`: for a caller that cannot exclude that the call was done. */
export function uncertain(error: unknown): unknown {
  const [found] = error instanceof ProblemError ? error.problems : [];
  if (!found) return error;
  const status = error instanceof CallError ? error.status : undefined;
  return new CallError(found, { status, reached: "maybe" }, { cause: error });
}

/** What messages say about a call. `sent` are the secrets in its body, which are taken out of what the API says. */
export type CallFacts = {
  readonly api: ApiFacts;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly sent: readonly Secret[];
};

/**
 * The error for an answer that is a failure: which call it was, what the API said (with secrets taken out), and what to do.
 * Example: `PATCH /services/srv-1 answered 402: ...`, code `payment-required`.
 */
export function failureOf(facts: CallFacts, answer: HttpAnswer): CallError {
  const { status } = answer;
  const { api } = facts;
  const said = apiMessage(answer.text, facts.sent);
  const denial = status < 300 ? " and that it was not done" : "";
  const what = `${facts.method} ${facts.path} answered ${status}${denial}${said ? `: ${said}` : ""}.`;
  const how = { status, reached: status >= 500 ? ("maybe" as const) : ("no" as const) };
  const make = (code: string, remedy: string): CallError =>
    new CallError(problem("error", code, what, remedy), how);
  if (status >= 300 && status < 400)
    return make(
      "redirected",
      `${facts.host} sent the call elsewhere; the key is not carried along. Check ${api.host}.`,
    );
  switch (status) {
    case 401:
      return make("unauthorized", `Check ${api.key}: it is missing, revoked or of another account.`);
    case 402:
      return make("payment-required", `Add payment information in ${api.name}'s dashboard, then run again.`);
    case 403:
      return make("forbidden", api.forbidden);
    case 404:
      return make("not-found", "It was deleted meanwhile, or this key does not reach it. Plan again.");
    case 409:
      return make("conflict", "Something with that name exists, or the resource is busy. Plan again.");
    case 429:
      return isRateLimited(api, answer)
        ? make("rate-limited", "Another program spends the same limit; run again later.")
        : make("exhausted", api.exhausted ?? "");
    default:
      if (status < 300) return make("rejected", `${api.name} did nothing; run again later.`);
      return status >= 500
        ? make("server-error", `${api.name} could not answer; run again later.`)
        : make("rejected", `${api.name} refused the content of the call; change the file accordingly.`);
  }
}

/** The error for a call without a usable answer: no connection, a broken one, or none in time. */
function brokenAnswer(
  facts: CallFacts,
  { reason, reached }: { readonly reason: string; readonly reached: "no" | "maybe" },
  cause: unknown,
): CallError {
  const found = problem(
    "error",
    "unreachable",
    `${facts.method} ${facts.path} got no usable answer from ${facts.host}: ${reason}.`,
    `Check the network and ${facts.api.host}, then run again.`,
  );
  return new CallError(found, { status: undefined, reached }, { cause });
}

/** The error for an answer that is too long to be read. A write may have been done; a read would get the same answer again. */
function tooLarge(facts: CallFacts, cause: Error): CallError {
  const found = problem(
    "error",
    "answer-too-large",
    `${facts.method} ${facts.path}: ${cause.message}, and was not read to its end.`,
    `Check ${facts.api.host} (${facts.host}); if it is right, report this.`,
  );
  return new CallError(found, { status: undefined, reached: "maybe" }, { cause });
}

/**
 * The error for a call that threw instead of answering. When what it threw is a `ProblemError`, its first problem is kept as it
 * is, with `reached: "maybe"`, since the request may have arrived all the same.
 */
export function unanswered(facts: CallFacts, error: unknown, timeout: Millis): CallError {
  if (error instanceof AnswerTooLarge) return tooLarge(facts, error);
  const [told] = error instanceof ProblemError ? error.problems : [];
  if (told) return new CallError(told, { status: undefined, reached: "maybe" }, { cause: error });
  const reached = isNeverConnected(error) ? "no" : "maybe";
  return brokenAnswer(facts, { reason: reasonOf(error, timeout), reached }, error);
}

/** Whether the answer was too long to be read: trying again would not help. */
export function isTooLarge(error: CallError): boolean {
  return error.problems.some(({ code }) => code === "answer-too-large");
}

/** The error for an answer with a status of success whose body is not JSON. A write may have been done all the same. */
export function notJson(facts: CallFacts, answer: HttpAnswer): CallError {
  const type = answer.headers["content-type"] ?? "no content type";
  const found = problem(
    "error",
    "not-json",
    `${facts.method} ${facts.path} answered ${answer.status} with ${type} instead of JSON.`,
    `Check ${facts.api.host} (${facts.host}): a proxy or a login page seems to answer in ${facts.api.name}'s place.`,
  );
  return new CallError(found, { status: answer.status, reached: "maybe" });
}

const longest = 300;
/**
 * The number of characters of a message that are looked at. A secret that is cut in two there is still found, since
 * scrubbing looks for pieces too.
 */
const longestRead = 10_000;

/**
 * The message in an error body of either form: `{message}` (recorded: Render) and `{error}` (Render's CLI expects it
 * with 429; RENDERCAD, documented).
 */
function apiMessage(text: string, sent: readonly Secret[]): string {
  const body = parse(text);
  const message = isObject(body) ? (body["message"] ?? body["error"]) : undefined;
  return typeof message === "string"
    ? scrub(message.slice(0, longestRead), sent)
        .slice(0, longest)
        .replace(/[.\s]+$/u, "")
    : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
