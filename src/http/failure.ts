import { problem, ProblemError, type Problem } from "../core/base/problem.ts";
import type { Secret } from "../core/base/secret.ts";
import { isObject } from "../core/base/json.ts";
import { AnswerTooLarge, type HttpAnswer } from "../world/transport.ts";
import type { Millis } from "../core/model/budget.ts";
import { isNeverConnected, reasonOf } from "./never-connected.ts";
import { scrub } from "./scrub.ts";
import { isRateLimited, type ApiFacts } from "./api-facts.ts";

/**
 * `status` is absent when no answer came. `reached`: whether the API may have acted on the call; a write that `maybe`
 * reached it must be settled by looking, never by sending it again blindly.
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

/** The same failure, of a call that may have been done all the same. */
export function uncertain(error: unknown): unknown {
  const [found] = error instanceof ProblemError ? error.problems : [];
  if (!found) return error;
  const status = error instanceof CallError ? error.status : undefined;
  return new CallError(found, { status, reached: "maybe" }, { cause: error });
}

export type CallFacts = {
  readonly api: ApiFacts;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly sent: readonly Secret[];
};

/** A failed answer as one problem: what was asked, what the API said (scrubbed), and what to do. */
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

/** Nothing came back, or nothing that can be understood. */
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

/** Of a write nobody knows whether it was done; of a read, that it would come again. */
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
 * Of a call that ended without an answer that could be read. A problem that was thrown instead of an answer stands as it is, and
 * the call may have been done all the same.
 */
export function unanswered(facts: CallFacts, error: unknown, timeout: Millis): CallError {
  if (error instanceof AnswerTooLarge) return tooLarge(facts, error);
  const [told] = error instanceof ProblemError ? error.problems : [];
  if (told) return new CallError(told, { status: undefined, reached: "maybe" }, { cause: error });
  const reached = isNeverConnected(error) ? "no" : "maybe";
  return brokenAnswer(facts, { reason: reasonOf(error, timeout), reached }, error);
}

export function isTooLarge(error: CallError): boolean {
  return error.problems.some(({ code }) => code === "answer-too-large");
}

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
/** What lies behind is not looked at: a secret that is cut off there is still taken out, piece by piece. */
const longestRead = 10_000;

/** Both shapes of an error body: `{message}` (recorded: Render) and `{error}` (Render's CLI expects it with 429; RENDERCAD, documented). */
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
