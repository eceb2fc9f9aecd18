import type { DesiredState } from "../core/model/desired.ts";
import type { Account, SavedAccount, Workspace } from "./base/account.ts";
import { makeApi } from "./server/api.ts";
import { makeBudgets, type Limits } from "./base/budgets.ts";
import { realClock, type Clock } from "./base/clock.ts";
import { makeControl } from "./server/control.ts";
import { makeFaults } from "./base/faults.ts";
import { generateState } from "./server/generator.ts";
import { AccountHistory } from "./base/lag.ts";
import { loadState } from "./server/loader.ts";
import { makeRandom } from "./base/random.ts";
import { renderApi } from "./render/api.ts";
import { renderLoaders } from "./render/routes.ts";
import { rendercadApi } from "./rendercad/api.ts";
import { rendercadControls } from "./rendercad/control.ts";
import { rendercadLoaders } from "./rendercad/loader.ts";
import { insertToken, tokens } from "./rendercad/account/token-row.ts";
import { rendercadChores } from "./rendercad/chores.ts";
import { renderChores } from "./render/chores.ts";
import { renderControls } from "./render/control.ts";
import { Upkeep } from "./server/upkeep.ts";
import { listen, type RequestLine } from "./server/server.ts";
import type { Switches } from "./base/switches.ts";
import { VirtualTime } from "./server/virtual-time.ts";
import {
  makeWorld,
  populate,
  recallPopulation,
  type BlueprintCheck,
  type Population,
  type World,
} from "./base/world.ts";

/** What a simulator is started with. Every member has a default. */
export type SimulatorOptions = {
  /** Where it listens. Default: 127.0.0.1 and a free port. */
  readonly listen?: { readonly host: string; readonly port: number };
  /**
   * Files, already read. Their resources are loaded into the main workspace and, under the same names, into the
   * second one.
   */
  readonly load?: readonly DesiredState[];
  readonly saved?: SavedAccount;
  /** How many services to generate. */
  readonly services?: number;
  readonly seed?: number;
  readonly limits?: Limits;
  /** Milliseconds of clock time by which every answer is delayed. */
  readonly latencyMs?: number;
  /** The clock. A test in the same process hands in an object. */
  readonly clock?: "real" | "virtual" | Clock;
  readonly faults?: string;
  readonly switches?: Partial<Switches>;
  readonly onRequest?: (line: RequestLine) => void;
  /**
   * The name by which each answer says which simulator this is, in small letters and digits. A client keeps the state
   * of each name apart, and a saved account keeps its name. Absent: it says that it stands for the real accounts, as
   * tests need it; `null`: it says nothing.
   */
  readonly announcedAs?: string | null;
  /** What `POST /blueprints/validate` asks about a file. */
  readonly checkBlueprint?: BlueprintCheck;
  /** Sends webhooks. They only ever go to receivers on this machine. */
  readonly sendWebhook?: typeof fetch;
};

/** A running simulator. */
export type Simulator = {
  /** URLs of both APIs, with the path that their clients expect. */
  readonly render: string;
  readonly rendercad: string;
  readonly control: string;
  /** Environment variables with which the process of a client finds both APIs and the clock. */
  readonly env: { readonly [name: string]: string };
  readonly account: Account;
  save(): SavedAccount;
  close(): Promise<void>;
};

/** Starts both APIs on one port of this machine. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const virtualTime = options.clock === "virtual" ? new VirtualTime(() => realClock.now()) : undefined;
  const clock = virtualTime ?? (typeof options.clock === "object" ? options.clock : realClock);
  const seed = options.seed ?? 1;
  const { world, population, token } = makeFilledWorld(options, clock, seed);
  const budgets = makeBudgets(options.limits ?? "documented", clock, world.switches);
  // Faults draw from a sequence of random numbers of their own, so that turning them on changes no generated value.
  const faults = makeFaults(options.faults ?? "", makeRandom(seed + 1));
  const means = { world, send: options.sendWebhook ?? fetch, work: virtualTime };
  const upkeeps = { render: new Upkeep(means, renderChores), rendercad: new Upkeep(means, rendercadChores) };
  // A saved account may hold jobs and deliveries that are under way.
  for (const upkeep of Object.values(upkeeps)) upkeep.run();
  const parts = { world, budgets, faults, history: new AccountHistory(world.account) };
  const apis = [
    upkeeps.render.attend(makeApi(renderApi, parts)),
    upkeeps.rendercad.attend(makeApi(rendercadApi, parts)),
  ];
  const actions = {
    ...renderControls(world, upkeeps.render),
    ...rendercadControls(world, upkeeps.rendercad),
  };
  const control = makeControl({ world, apis, budgets, faults, virtualTime, actions });
  const simulator =
    options.announcedAs == null ? options.announcedAs : (options.saved?.simulator ?? options.announcedAs);
  const stand = standOf(simulator);
  const { port, close } = await listen(
    {
      apis,
      control,
      clock,
      virtualTime,
      latencyMs: options.latencyMs ?? 0,
      stand,
      onRequest: options.onRequest,
    },
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
      RENDERCAD_API_TOKEN: token,
      ...(virtualTime && { TRUEUP_SIM_CLOCK: `${origin}/control/clock` }),
    },
    account: world.account,
    save: () => ({ ...world.account.save(), ...(simulator != null && { simulator }) }),
    async close() {
      for (const upkeep of Object.values(upkeeps)) upkeep.close();
      await close();
    },
  };
}

function standOf(simulator: string | null | undefined): { readonly [header: string]: string } {
  if (simulator === null) return {};
  if (simulator !== undefined) return { "Trueup-Simulator": simulator };
  return { "Trueup-Stands-For": "https://api.render.com/v1, https://rendercad.ai/backend" };
}

/** Makes the world: its users, the account that was saved or loaded, and the RENDERCAD token that a client starts with. */
function makeFilledWorld(
  options: SimulatorOptions,
  clock: Clock,
  seed: number,
): { readonly world: World; readonly population: Population; readonly token: string } {
  // A saved account gets another seed, so that new ids differ from those that it has.
  const worldSeed = options.saved ? seed + 7919 * countRows(options.saved) : seed;
  const { switches = {}, checkBlueprint } = options;
  const world = makeWorld({ clock, seed: worldSeed, switches, checkBlueprint });
  if (options.saved) world.account.restore(options.saved);
  const population = options.saved ? recallPopulation(world.account) : populate(world);
  const { token } =
    world.account.list(tokens).find((row) => row.userId === population.user.id && row.isActive) ??
    insertToken(world, population.user, { tokenName: "trueup", scope: "full-access" });
  const loaders = [...rendercadLoaders, ...renderLoaders];
  for (const { workspace, states } of statesToLoad(options, seed, population)) {
    for (const state of states) loadState(state, { world, workspace, loaders });
  }
  return { world, population, token };
}

/**
 * The states to load into each workspace. The second workspace has the same names, so that a client which forgets
 * `ownerId` meets them: all of a file, or a few of a generated account.
 */
function statesToLoad(
  { load = [], services = 0 }: SimulatorOptions,
  seed: number,
  { main, second }: Population,
): { readonly workspace: Workspace; readonly states: readonly DesiredState[] }[] {
  const generate = (count: number): DesiredState[] =>
    count > 0 ? [generateState({ services: count, seed })] : [];
  return [
    { workspace: main, states: [...load, ...generate(services)] },
    { workspace: second, states: [...load, ...generate(Math.min(services, 10))] },
  ];
}

function countRows(saved: SavedAccount): number {
  return Object.values(saved.tables).reduce((sum, rows) => sum + rows.length, 0);
}
