import { AccountHistory } from "../../src/simulator/base/lag.ts";
import { makeApi } from "../../src/simulator/server/api.ts";
import { makeBudgets } from "../../src/simulator/base/budgets.ts";
import { makeFaults } from "../../src/simulator/base/faults.ts";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { renderApi } from "../../src/simulator/render/api.ts";
import { defaultSwitches } from "../../src/simulator/base/switches.ts";
import { makeWorld, populate, type World } from "../../src/simulator/base/world.ts";
import type { HttpAnswer, HttpRequest } from "../../src/world/transport.ts";

type Written = { readonly request: HttpRequest; readonly now: number };

/**
 * The simulator's Render, asked without a network: what is asked happens at once. What an account is follows from what was written
 * to it, and when; a write leads to another account, and this one stays.
 */
export class Account {
  readonly env: { readonly [name: string]: string };
  /** Stands for all that was written. */
  readonly id: string;
  readonly #written: readonly Written[];
  readonly #ask: (written: Written) => HttpAnswer;
  readonly #world: World;
  readonly #start: number;
  readonly #answers = new Map<string, HttpAnswer>();
  readonly #next = new Map<string, { readonly answer: HttpAnswer; readonly after: Account }>();

  constructor(start: number, written: readonly Written[] = [], id = "") {
    this.#start = start;
    this.#written = written;
    this.id = id;
    const time = { now: start };
    const clock = { now: () => time.now, sleep: () => new Promise<void>(() => undefined) };
    this.#world = makeWorld({ clock, seed: 1, switches: defaultSwitches });
    const population = populate(this.#world);
    this.env = {
      RENDER_HOST: "http://127.0.0.1:9/v1",
      RENDER_API_KEY: population.user.key,
      RENDER_OWNER_ID: population.main.id,
    };
    this.#ask = askerOf(this.#world, clock, time);
    for (const one of written) this.#ask(one);
  }

  answer(request: HttpRequest, now: number): { readonly answer: HttpAnswer; readonly after: Account } {
    const key = `${now} ${request.method} ${request.url} ${request.body ?? ""}`;
    if (request.method === "GET") {
      const answer = this.#answers.get(key) ?? this.#ask({ request, now });
      this.#answers.set(key, answer);
      return { answer, after: this };
    }
    const next = this.#next.get(key) ?? this.#write({ request, now }, key);
    this.#next.set(key, next);
    return next;
  }

  #write(one: Written, key: string): { readonly answer: HttpAnswer; readonly after: Account } {
    const answer = new Account(this.#start, this.#written).#ask(one);
    return { answer, after: new Account(this.#start, [...this.#written, one], `${this.id}${key}\n`) };
  }

  rows(table: string): readonly { readonly [column: string]: unknown }[] {
    return this.#world.account.save().tables[table] ?? [];
  }
}

function askerOf(
  world: World,
  clock: Parameters<typeof makeBudgets>[1],
  time: { now: number },
): (written: Written) => HttpAnswer {
  const api = makeApi(renderApi, {
    world,
    budgets: makeBudgets("off", clock, world.switches),
    faults: makeFaults("", makeRandom(2)),
    history: new AccountHistory(world.account),
  });
  return ({ request: { method, url, headers, body = "" }, now }) => {
    time.now = now;
    const { pathname, searchParams } = new URL(url);
    const path = pathname.slice(api.definition.base.length);
    const bytes = Buffer.from(body);
    const { answer } = api.respond({ method, path, query: searchParams, headers, text: body, bytes });
    return {
      status: answer.status,
      headers: Object.fromEntries(
        Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      text: answer.body === undefined ? "" : JSON.stringify(answer.body),
    };
  };
}
