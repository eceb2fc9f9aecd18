import type { DesiredState } from "../core/desired.ts";
import type { Account, SavedAccount } from "./account.ts";
import { makeApi } from "./api.ts";
import { makeBudgets, type Limits } from "./budgets.ts";
import { realClock, type Clock } from "./clock.ts";
import { makeControl } from "./control.ts";
import { makeFaults } from "./faults.ts";
import { loadState } from "./loader.ts";
import { makeRandom } from "./random.ts";
import { renderApi } from "./render/api.ts";
import { renderLoaders } from "./render/routes.ts";
import { listen, type RequestLine } from "./server.ts";
import type { Switches } from "./switches.ts";
import { VirtualTime } from "./virtual-time.ts";
import { makeWorld, populate, recallPopulation } from "./world.ts";

export type SimulatorOptions = {
  /** Default: 127.0.0.1 and a free port. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Read by the caller; loaded into the main and, under equal names, into the second workspace. */
  readonly load?: readonly DesiredState[];
  readonly saved?: SavedAccount;
  /** How many services the generator makes. */
  readonly services?: number;
  readonly seed?: number;
  readonly limits?: Limits;
  /** Delay of every answer, in clock time. */
  readonly latencyMs?: number;
  /** An object: for tests in one process. */
  readonly clock?: "real" | "virtual" | Clock;
  readonly faults?: string;
  readonly switches?: Partial<Switches>;
  readonly onRequest?: (line: RequestLine) => void;
};

export type Simulator = {
  /** URLs, with the path that the API's clients expect. */
  readonly render: string;
  readonly rendercad: string;
  readonly control: string;
  /** What a client's process needs to find both APIs and the clock. */
  readonly env: { readonly [name: string]: string };
  readonly account: Account;
  save(): SavedAccount;
  close(): Promise<void>;
};

/** Starts both APIs on one loopback port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const virtualTime = options.clock === "virtual" ? new VirtualTime(() => realClock.now()) : undefined;
  const clock = virtualTime ?? (typeof options.clock === "object" ? options.clock : realClock);
  const seed = options.seed ?? 1;
  const world = makeWorld({ clock, seed, switches: options.switches ?? {} });
  if (options.saved) world.account.restore(options.saved);
  const population = options.saved ? recallPopulation(world.account) : populate(world);
  for (const workspace of [population.main, population.second]) {
    for (const state of options.load ?? []) loadState(state, { world, workspace, loaders: renderLoaders });
  }

  const budgets = makeBudgets(options.limits ?? "documented", clock);
  // Faults draw from a sequence of their own, so that turning them on changes no generated value.
  const faults = makeFaults(options.faults ?? "", makeRandom(seed + 1));
  const apis = [renderApi].map((definition) => makeApi(definition, { world, budgets, faults }));
  const control = makeControl({ world, apis, budgets, faults, virtualTime });
  const { server, port } = await listen(
    { apis, control, clock, virtualTime, latencyMs: options.latencyMs ?? 0, onRequest: options.onRequest },
    options.listen ?? { host: "127.0.0.1", port: 0 },
  );

  const host = options.listen?.host ?? "127.0.0.1";
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    render: `${origin}/v1`,
    rendercad: `${origin}/backend`,
    control: `${origin}/control`,
    env: {
      RENDER_HOST: `${origin}/v1`,
      RENDER_API_KEY: population.user.key,
      RENDER_OWNER_ID: population.main.id,
      RENDERCAD_HOST: `${origin}/backend`,
      ...(virtualTime && { TRUEUP_SIM_CLOCK: `${origin}/control/clock` }),
    },
    account: world.account,
    save: () => world.account.save(),
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
