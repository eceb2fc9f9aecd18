import { AccountHistory } from "../../src/simulator/base/lag.ts";
import { makeApi } from "../../src/simulator/server/api.ts";
import { makeBudgets } from "../../src/simulator/base/budgets.ts";
import { makeFaults } from "../../src/simulator/base/faults.ts";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { renderApi } from "../../src/simulator/render/api.ts";
import { defaultSwitches } from "../../src/simulator/base/switches.ts";
import { makeWorld, populate, type World } from "../../src/simulator/base/world.ts";
import type { HttpAnswer, HttpRequest } from "../../src/world/transport.ts";

/** The simulator's Render, asked without a network: what is asked happens at once. */
export type Account = {
  readonly env: { readonly [name: string]: string };
  answer(request: HttpRequest): HttpAnswer;
  rows(table: string): readonly { readonly [column: string]: unknown }[];
  /** Everything that is in it, as one text. */
  describe(): string;
};

export function openAccount(now: () => number): Account {
  const clock = { now, sleep: () => new Promise<void>(() => undefined) };
  const world: World = makeWorld({ clock, seed: 1, switches: defaultSwitches });
  const population = populate(world);
  const api = makeApi(renderApi, {
    world,
    budgets: makeBudgets("off", clock, world.switches),
    faults: makeFaults("", makeRandom(2)),
    history: new AccountHistory(world.account),
  });
  return {
    env: {
      RENDER_HOST: "http://127.0.0.1:9/v1",
      RENDER_API_KEY: population.user.key,
      RENDER_OWNER_ID: population.main.id,
    },
    answer: ({ method, url, headers, body = "" }) => {
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
    },
    rows: (table) => world.account.save().tables[table] ?? [],
    describe: () => JSON.stringify(world.account.save().tables),
  };
}
