import { problem, ProblemError } from "../core/base/problem.ts";
import { isObject } from "../core/base/json.ts";
import { isNeverConnected, reasonOf } from "../http/never-connected.ts";
import type { World } from "../world/world.ts";

/**
 * A call that failed.
 *
 * - `limited`: not done, since a limit was met.
 * - `unsent`: not done, since no connection was made.
 * - `broken`: 5xx or no answer, so it may have been done.
 * - `refused`: not done, and another try would get the same answer.
 */
export type Failure = {
  readonly kind: "limited" | "unsent" | "broken" | "refused";
  /** Absent: no answer came. */
  readonly status?: number;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | undefined };
  /** What GitHub said, or why no answer came. */
  readonly said: string;
};

type Call = { readonly method: string; readonly path: string; readonly apiUrl: string };

/** Milliseconds until a request without an answer is given up. */
export const callTimeout = 30_000;

/** What octokit threw, as data. */
export function readFailure(error: unknown): Failure {
  const answer = isObject(error) && isObject(error["response"]) ? error["response"] : undefined;
  if (!answer) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      kind: isNeverConnected(cause) ? "unsent" : "broken",
      headers: {},
      said: reasonOf(cause, callTimeout),
    };
  }
  const status = Number(answer["status"]);
  const headers = (isObject(answer["headers"]) ? answer["headers"] : {}) as Failure["headers"];
  const data = answer["data"];
  const said = isObject(data) && typeof data["message"] === "string" ? data["message"] : "";
  return { kind: kindOf(status, headers, said), status, headers, said };
}

/**
 * A limit is 429, or 403 with what says so: `Retry-After`, no calls left, or the words of the secondary limit. Any other 403 is a
 * missing permission ([GitHub's documentation](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api)).
 */
function kindOf(status: number, headers: Failure["headers"], said: string): Failure["kind"] {
  const isSpent = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  const isLimited = status === 429 || (status === 403 && (isSpent || /secondary rate limit/iu.test(said)));
  if (isLimited) return "limited";
  return status >= 500 ? "broken" : "refused";
}

/** Milliseconds until the next try after a limit: what the answer says, else a minute, doubled with each try, as GitHub asks. */
export function waitFor(failure: Failure, tries: number, world: Pick<World, "now" | "random">): number {
  const { headers } = failure;
  const after = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(after) && after >= 0) return (after + world.random()) * 1_000;
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  if (headers["x-ratelimit-remaining"] === "0" && Number.isFinite(reset))
    return Math.max(0, reset * 1_000 - world.now()) + 1_000;
  return 60_000 * 2 ** (tries - 1);
}

/** The error for a call that is not tried again. */
export function failureOf({ method, path, apiUrl }: Call, failure: Failure): ProblemError {
  const { kind, status, said, headers } = failure;
  const call = `${method} ${path}`;
  const make = (code: string, message: string, remedy: string, frame?: string): ProblemError =>
    new ProblemError([problem("error", code, message, remedy, { frame })]);
  if (status === undefined)
    return make(
      "github-unreachable",
      `${call} got no usable answer from ${apiUrl}: ${said}.`,
      "Run the job again; check GITHUB_API_URL where it is set.",
    );
  const what = `${call} answered ${status}${said === "" ? "" : `: ${said}`}`;
  if (kind === "limited")
    return make(
      "github-limited",
      `${what}.`,
      "Run the job again later: other jobs of this token spend the same limit.",
    );
  if (status === 401)
    return make(
      "github-unauthorized",
      `${what}.`,
      "Check the input github-token: it is missing, ended or of another server.",
    );
  if (status === 403)
    return make(
      "github-forbidden",
      `${what}.`,
      "Give the job these permissions. Naming one takes away all that are not named, so the others it needs are to be named as well.",
      permissionsOf(path, method, headers),
    );
  if (status >= 500) return make("github-unreachable", `${what}.`, "Run the job again.");
  return make(
    "github-refused",
    `${what}.`,
    "Check the input github-token and the repository; if they are right, report this.",
  );
}

/** The block of a workflow that the call needs, from the header in which GitHub names it, else from what the path is about. */
function permissionsOf(path: string, method: string, headers: Failure["headers"]): string {
  const named = /^(\w+)=(\w+)/u.exec(headers["x-accepted-github-permissions"] ?? "");
  const [name, level] = named?.slice(1) ?? [guessPermission(path), method === "GET" ? "read" : "write"];
  return `permissions:\n  contents: read\n  ${String(name).replaceAll("_", "-")}: ${String(level)}`;
}

function guessPermission(path: string): string {
  if (path.includes("/check-runs")) return "checks";
  if (path.includes("/comments") || path.includes("/pulls")) return "pull-requests";
  return path.includes("/issues") ? "issues" : "contents";
}
