import { Octokit } from "@octokit/core";
import { isObject } from "../core/base/json.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { revealSecret, type Secret } from "../core/base/secret.ts";
import type { World } from "../world/world.ts";
import { callTimeout, failureOf, readFailure, waitFor, type Failure } from "./failure.ts";

/** What the calls of one repository are made with. */
export type GithubOptions = {
  readonly world: Pick<World, "send" | "sleep" | "now" | "random" | "stop">;
  /** `GITHUB_API_URL` of the runner: GitHub's own, an Enterprise server's or Gitea's. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: Secret;
  readonly userAgent: string;
};

/** One repository at GitHub. Each method throws a `ProblemError` whose code begins with `github-`. */
export type Github = {
  /** What is parsed of the answer; `undefined` for 404. `{name}` in the path is filled from the parameters; the others become the query. */
  readonly get: (path: string, parameters?: Parameters) => Promise<unknown>;
  /** Every item of a list, at most 3,000. `member`: the one of each page that holds the items; absent: the page is the list. */
  readonly list: (path: string, parameters?: Parameters, member?: string) => Promise<readonly unknown[]>;
  /**
   * One write. A call that met a limit was not done, so it waits and is sent again. After 5xx or a lost answer only what
   * comes to the same twice (PATCH, PUT, DELETE) is sent again; of a POST the caller has to look what became of it.
   */
  readonly send: (
    method: "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    parameters?: Parameters,
  ) => Promise<unknown>;
  /** A mutation that comes to the same twice; `false` where the server has no GraphQL (Gitea) or refuses it. */
  readonly mutate: (query: string, variables: Parameters) => Promise<boolean>;
};

type Parameters = { readonly [name: string]: unknown };

type Reply = { readonly data: unknown };

/** Tries of a call with 5xx or without an answer, and of one that met a limit. */
const brokenTries = 4;
const limitedTries = 6;
/** A limit that ends later is not waited for: somebody pays for a job that sleeps. */
const longestWait = 5 * 60_000;
/** Of a hundred items each. */
const mostPages = 30;

export function openGithub(options: GithubOptions): Github {
  const [owner = "", repo = ""] = options.repository.split("/");
  const octokit = new Octokit({
    auth: revealSecret(options.token),
    baseUrl: options.apiUrl.replace(/\/+$/u, ""),
    userAgent: options.userAgent,
    request: { fetch: fetchThrough(options.world) },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  const request = octokit.request as (route: string, parameters: object) => Promise<Reply>;
  const ask = (method: string, path: string, parameters: Parameters = {}): Promise<Reply | undefined> =>
    insist(method, path, options, () =>
      // What a path does not name would become its query, or a member of its body.
      request(`${method} ${path}`, { ...(path.includes("{owner}") && { owner, repo }), ...parameters }),
    );
  const list = async (path: string, parameters: Parameters = {}, member?: string) => {
    const items: unknown[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const reply = await ask("GET", path, { per_page: 100, page, ...parameters });
      const data = reply?.data as { readonly [name: string]: unknown } | undefined;
      const found: unknown = member === undefined ? data : data?.[member];
      if (!Array.isArray(found)) throw oddAnswer(path);
      items.push(...(found as unknown[]));
      if (found.length < 100) break;
    }
    return items;
  };
  return {
    get: async (path, parameters) => (await ask("GET", path, parameters))?.data,
    list,
    send: async (method, path, parameters) => (await ask(method, path, parameters))?.data,
    mutate: async (query, variables) => {
      // An Enterprise server has it beside /api/v3, not below.
      const baseUrl = options.apiUrl.replace(/\/+$/u, "").replace(/\/v3$/u, "");
      const reply = await ask("POST", "/graphql", { baseUrl, query, variables }).catch((error: unknown) => {
        if (error instanceof ProblemError) return undefined;
        throw error;
      });
      return isObject(reply?.data) && reply.data["errors"] === undefined;
    },
  };
}

/** Sends a call until it is answered for good. `undefined`: a read that found nothing. */
async function insist(
  method: string,
  path: string,
  { world, apiUrl }: GithubOptions,
  call: () => Promise<Reply>,
): Promise<Reply | undefined> {
  for (let [broken, limited] = [1, 1]; ;) {
    const told = await call().catch((error: unknown) => readFailure(error));
    if (!isFailure(told)) return told;
    if (told.status === 404 && method === "GET") return undefined;
    const wait = waitFor(told, limited, world);
    const isLast =
      world.stop.aborted ||
      (told.kind === "limited" && (limited >= limitedTries || wait > longestWait)) ||
      (told.kind === "unsent" && broken >= brokenTries) ||
      (told.kind === "broken" && (broken >= brokenTries || method === "POST")) ||
      told.kind === "refused";
    if (isLast) throw failureOf({ method, path, apiUrl }, told);
    if (told.kind === "limited") limited += 1;
    else broken += 1;
    await world.sleep(told.kind === "limited" ? wait : 500 * 2 ** broken * (0.5 + world.random()));
  }
}

function isFailure(told: Reply | Failure): told is Failure {
  return "kind" in told;
}

/** The way out that everything takes, with its proxies, as the function that octokit calls. */
function fetchThrough(world: Pick<World, "send">) {
  return async (
    url: string,
    init: { readonly method: string; readonly headers: object; readonly body?: string },
  ): Promise<Response> => {
    const { method, headers, body } = init;
    const answer = await world.send({
      method,
      url,
      headers: headers as { readonly [name: string]: string },
      ...(body !== undefined && { body }),
      timeout: callTimeout,
    });
    // No text may come with these: `Response` throws for them.
    const isBare = [204, 205, 304].includes(answer.status);
    return new Response(isBare ? null : answer.text, { status: answer.status, headers: answer.headers });
  };
}

function ignore(): void {}

/** Read as an empty list it would make a second comment, or miss that a plan was reviewed. */
function oddAnswer(path: string): ProblemError {
  const message = `GET ${path} was not answered with a list.`;
  const remedy = "Check GITHUB_API_URL; if it is right, report this.";
  return new ProblemError([problem("error", "github-odd-answer", message, remedy)]);
}
