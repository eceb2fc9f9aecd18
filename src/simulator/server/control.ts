import type { IncomingMessage, ServerResponse } from "node:http";
import { isObject, type Json } from "../../core/base/json.ts";
import { readSavedAccount, users, type User } from "../base/account.ts";
import type { Api } from "./api.ts";
import { isBudgetName, type Budgets, type Limits } from "../base/budgets.ts";
import type { Faults } from "../base/faults.ts";
import type { Actor } from "../base/route.ts";
import { readRequestText } from "../base/request-text.ts";
import { defaultSwitches, type Switches } from "../base/switches.ts";
import type { ClockLine, VirtualTime } from "./virtual-time.ts";
import type { World } from "../base/world.ts";

/** The control endpoint. */
export type Control = { serve(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> };

/** What the control endpoint works with. */
export type ControlParts = {
  readonly world: World;
  readonly apis: readonly Api[];
  readonly budgets: Budgets;
  readonly faults: Faults;
  readonly virtualTime: VirtualTime | undefined;
  /** The actions of single APIs. */
  readonly actions: ControlActions;
};

/** Actions by method and path below the control endpoint: `POST faults`. */
export type ControlActions = {
  readonly [action: string]: (told: { readonly [field: string]: unknown }) => Json | Promise<Json>;
};

/** A call that a client does not know of. Without an actor, the user of the key does it in the dashboard. */
type Edit = {
  readonly api?: "render" | "rendercad";
  readonly actor?: Partial<Actor>;
  /** The user whose workspaces it reaches; by default the first user. */
  readonly userId?: string;
  readonly method: string;
  /** The path below the base of the API, with the query: `/services/srv-1/env-vars`. */
  readonly path: string;
  readonly body?: Json;
};

/**
 * The control endpoint: what tests and the demo do to the simulator itself. It is reached from this machine only; its
 * calls are never counted and have no faults.
 *
 * - `POST edit` does a call as somebody else and answers `{status, body}`.
 * - `GET account` answers every row; `PUT account` replaces all rows by saved ones.
 * - `POST faults` `{faults}`, `POST limits` `{limits}`, `POST switches` (some of them): from now on.
 * - `POST rendercad/...`: the actions of `rendercad/control.ts`.
 * - `GET clock/join`, `POST clock/sleep`, `POST clock/idle` and `clock/informed`: the virtual clock, for
 *   `src/world/virtual-clock.ts`.
 */
export function makeControl(parts: ControlParts): Control {
  return {
    async serve(url, request, response) {
      const action = `${request.method ?? "GET"} ${url.pathname.replace(/^\/control\/?/, "")}`;
      if (action === "GET clock/join") return joinClock(parts.virtualTime, request, response);
      const body = parseObject(await readRequestText(request));
      if (action === "POST clock/sleep") return sleepOnClock(parts.virtualTime, body, response);
      try {
        send(response, 200, await act(parts, action, body));
      } catch (error) {
        send(response, 400, { message: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

function act(parts: ControlParts, action: string, body: { readonly [field: string]: unknown }): unknown {
  switch (action) {
    case "POST edit":
      return edit(parts, body as unknown as Edit);
    case "GET account":
      return parts.world.account.save();
    case "PUT account":
      parts.world.account.restore(readSavedAccount(body));
      return {};
    case "POST faults":
      parts.faults.change(typeof body["faults"] === "string" ? body["faults"] : "");
      return {};
    case "POST limits":
      parts.budgets.change(readLimits(body["limits"]));
      return {};
    case "POST switches":
      return changeSwitches(parts.world, body);
    case "GET clock/now":
      return { now: parts.world.clock.now() };
    case "POST clock/idle":
      parts.virtualTime?.idle(Number(body["process"]), Number(body["round"]));
      return {};
    case "POST clock/informed":
      parts.virtualTime?.informed(Number(body["process"]));
      return {};
    default:
      return actOnApi(parts.actions, action, body);
  }
}

function actOnApi(
  actions: ControlActions,
  action: string,
  body: { readonly [field: string]: unknown },
): Json | Promise<Json> {
  const perform = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!perform) throw new Error(`the control endpoint has no ${action}`);
  return perform(body);
}

function edit(parts: ControlParts, asked: Edit): { status: number; body: Json } {
  const api = parts.apis.find(({ definition }) => definition.name === (asked.api ?? "render"));
  if (!api) throw new Error(`edit: there is no API ${asked.api}`);
  const user = findUser(parts.world, asked.userId);
  const url = new URL(asked.path, "http://simulator.invalid");
  const text = asked.body === undefined ? "" : JSON.stringify(asked.body);
  const answered = api.perform(
    {
      method: asked.method,
      path: url.pathname,
      query: url.searchParams,
      headers: { "content-type": "application/json" },
      text,
      bytes: Buffer.from(text),
    },
    { user, actor: { type: "user", email: user.email, id: user.id, ...asked.actor } },
  );
  return { status: answered.status, body: answered.body ?? null };
}

function findUser(world: World, id: string | undefined): User {
  const user = world.account.list(users).find((row) => id === undefined || row.id === id);
  if (!user) throw new Error(`edit: there is no user ${id}`);
  return user;
}

/** The limits in a request. Throws an `Error` where they are wrong. */
export function readLimits(value: unknown): Limits {
  if (value === "documented" || value === "recorded" || value === "off") return value;
  if (!isObject(value)) throw new Error('limits are "documented", "recorded", "off" or sizes by budget');
  for (const [budget, limit] of Object.entries(value)) {
    const known = isBudgetName(budget) && isObject(limit);
    if (!known || typeof limit["size"] !== "number" || typeof limit["windowMs"] !== "number") {
      throw new Error(
        `limits: "${budget}" needs {"size": calls, "windowMs": milliseconds} and a known budget's name`,
      );
    }
  }
  return value;
}

function changeSwitches(world: World, body: { readonly [field: string]: unknown }): Switches {
  for (const [name, value] of Object.entries(body)) {
    const known = Object.entries(defaultSwitches).find(([key]) => key === name);
    if (!known || typeof known[1] !== typeof value)
      throw new Error(`there is no switch ${name} of that type`);
  }
  return Object.assign(world.switches, body);
}

function joinClock(
  time: VirtualTime | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!time) return Promise.resolve(send(response, 400, { message: "this simulator's clock is real" }));
  response.writeHead(200, { "Content-Type": "application/x-ndjson" });
  response.flushHeaders();
  const process = time.join((line: ClockLine) => void response.write(`${JSON.stringify(line)}\n`));
  const first: ClockLine = { process, now: time.now(), asks: "nothing", round: 0 };
  response.write(`${JSON.stringify(first)}\n`);
  return new Promise((resolve) => {
    request.once("close", () => {
      time.leave(process);
      resolve();
    });
  });
}

async function sleepOnClock(
  time: VirtualTime | undefined,
  body: { readonly [field: string]: unknown },
  response: ServerResponse,
): Promise<void> {
  if (!time) return send(response, 400, { message: "this simulator's clock is real" });
  const departure = new AbortController();
  response.once("close", () => departure.abort());
  await time.sleepUntil(Number(body["process"]), Number(body["until"]), departure.signal);
  send(response, 200, { now: time.now() });
}

function parseObject(text: string): { readonly [field: string]: unknown } {
  if (text.trim() === "") return {};
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : {};
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response
    .writeHead(status, { "Content-Type": "application/json; charset=utf-8" })
    .end(`${JSON.stringify(body)}\n`);
}
