import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came, with its parsed body. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Body;
};
type Body = { readonly [name: string]: unknown };
type Row = { [name: string]: unknown };
type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
};
type Handler = (seen: Seen, parts: readonly string[]) => Answer;

/**
 * GitHub's API as far as an Action uses it, over real HTTP and in memory. Written from GitHub's description; the evidence suite holds
 * what is sent to it to that. A call that it does not know is answered with 404 and remembered in `unknown`.
 */
export class GithubStandIn {
  readonly comments: Row[] = [];
  readonly checks: Row[] = [];
  readonly pulls: Row[] = [];
  readonly minimised: string[] = [];
  readonly requests: Seen[] = [];
  readonly unknown: string[] = [];
  /** Who the token is of; `undefined`: a job's own token, which may not ask, and writes as the bot. */
  user: string | undefined;
  /** Asked before each request: an answer to give instead, or `after`, which is given although the call was done. */
  fault: (seen: Seen) => { readonly instead?: Answer; readonly after?: Answer | "drop" } | undefined = () =>
    undefined;
  /** Called between the arrival of a request and its work: another job that writes at this moment. */
  meanwhile: (seen: Seen) => void = () => undefined;
  #ids = 1000;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<GithubStandIn> {
    const standIn = new GithubStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** A comment that somebody else wrote. */
  say(pull: number, login: string, body: string): Row {
    return this.#comment(pull, login, body);
  }

  writes(): readonly string[] {
    return this.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`);
  }

  get #self(): string {
    return this.user ?? "github-actions[bot]";
  }

  #comment(pull: number, login: string, body: string): Row {
    const id = (this.#ids += 1);
    const row = {
      id,
      node_id: `IC_${id}`,
      html_url: `${this.url}/acme/infra/pull/${pull}#issuecomment-${id}`,
      user: { login },
      body,
      pull,
    };
    this.comments.push(row);
    return row;
  }

  readonly #routes: readonly (readonly [string, RegExp, Handler])[] = [
    [
      "GET",
      /^\/user$/u,
      () => (this.user === undefined ? forbidden("") : { status: 200, body: { login: this.user } }),
    ],
    [
      "GET",
      /^\/repos\/acme\/infra\/issues\/(\d+)\/comments$/u,
      ({ query }, [pull]) =>
        page(
          this.comments.filter((one) => one["pull"] === Number(pull)),
          query,
        ),
    ],
    [
      "POST",
      /^\/repos\/acme\/infra\/issues\/(\d+)\/comments$/u,
      ({ body }, [pull]) => {
        const text = String(body["body"]);
        if (text.length > 65_536)
          return { status: 422, body: { message: "Body is too long (maximum is 65536 characters)" } };
        return { status: 201, body: this.#comment(Number(pull), this.#self, text) };
      },
    ],
    [
      "PATCH",
      /^\/repos\/acme\/infra\/issues\/comments\/(\d+)$/u,
      ({ body }, [id]) => this.#change(this.comments, id, { body: body["body"] }),
    ],
    [
      "DELETE",
      /^\/repos\/acme\/infra\/issues\/comments\/(\d+)$/u,
      (_seen, [id]) => {
        const at = this.comments.findIndex((one) => one["id"] === Number(id));
        if (at < 0) return { status: 404, body: { message: "Not Found" } };
        this.comments.splice(at, 1);
        return { status: 204 };
      },
    ],
    [
      "POST",
      /^\/graphql$/u,
      ({ body }) => {
        this.minimised.push((body["variables"] as { readonly id: string }).id);
        return { status: 200, body: { data: { minimizeComment: { clientMutationId: null } } } };
      },
    ],
    [
      "POST",
      /^\/repos\/acme\/infra\/check-runs$/u,
      ({ body }) => {
        const id = (this.#ids += 1);
        const row = { ...body, id, html_url: `${this.url}/acme/infra/runs/${id}` };
        this.checks.push(row);
        return { status: 201, body: row };
      },
    ],
    [
      "PATCH",
      /^\/repos\/acme\/infra\/check-runs\/(\d+)$/u,
      ({ body }, [id]) => this.#change(this.checks, id, body),
    ],
    [
      "GET",
      /^\/repos\/acme\/infra\/commits\/([^/]+)\/check-runs$/u,
      ({ query }, [commit]) => {
        const found = this.checks.filter((one) => one["head_sha"] === commit);
        const { body, ...rest } = page(found, query);
        return { ...rest, body: { total_count: found.length, check_runs: body } };
      },
    ],
    [
      "GET",
      /^\/repos\/acme\/infra\/commits\/([^/]+)\/pulls$/u,
      ({ query }, [commit]) =>
        page(
          this.pulls.filter((one) => (one["commits"] as readonly string[]).includes(commit ?? "")),
          query,
        ),
    ],
    [
      "GET",
      /^\/repos\/acme\/infra\/pulls$/u,
      ({ query }) =>
        page(
          this.pulls.filter((one) => one["state"] === (query.get("state") ?? "open")),
          query,
        ),
    ],
    [
      "GET",
      /^\/repos\/acme\/infra\/pulls\/(\d+)$/u,
      (_seen, [number]) => {
        const found = this.pulls.find((one) => one["number"] === Number(number));
        return found ? { status: 200, body: found } : { status: 404, body: { message: "Not Found" } };
      },
    ],
  ];

  #change(rows: readonly Row[], id: string | undefined, change: Body): Answer {
    const row = rows.find((one) => one["id"] === Number(id));
    if (!row) return { status: 404, body: { message: "Not Found" } };
    Object.assign(row, change);
    return { status: 200, body: row };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of request as AsyncIterable<Uint8Array>) pieces.push(piece);
    const text = Buffer.concat(pieces).toString();
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    // As an Enterprise server has it, and with the plain address as well.
    const path = pathname.replace(/^\/api(?:\/v[13])?(?=\/)/u, "");
    const body = text === "" ? {} : (JSON.parse(text) as Body);
    const seen: Seen = { method: request.method ?? "", path, query: searchParams, body };
    this.requests.push(seen);
    const fault = this.fault(seen);
    if (fault?.instead) return send(response, fault.instead);
    this.meanwhile(seen);
    const answer = this.#answer(seen);
    if (fault?.after === "drop") response.destroy();
    else send(response, fault?.after ?? answer);
  }

  #answer(seen: Seen): Answer {
    for (const [method, pattern, handler] of this.#routes) {
      const parts = pattern.exec(seen.path);
      if (parts && method === seen.method)
        return handler(
          seen,
          parts.slice(1).map((part) => decodeURIComponent(part)),
        );
    }
    this.unknown.push(`${seen.method} ${seen.path}`);
    return { status: 404, body: { message: "Not Found" } };
  }
}

/** `permissions`: as GitHub names them in the header of such an answer. */
export function forbidden(permissions: string): Answer {
  return {
    status: 403,
    body: { message: "Resource not accessible by integration" },
    ...(permissions !== "" && { headers: { "x-accepted-github-permissions": permissions } }),
  };
}

function page(rows: readonly Row[], query: URLSearchParams): Answer {
  const size = Number(query.get("per_page") ?? 30);
  const from = (Number(query.get("page") ?? 1) - 1) * size;
  return { status: 200, body: rows.slice(from, from + size) };
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
