import { kindOf, type Address, type Provider } from "../../core/base/address.ts";
import type { BudgetName } from "../../core/model/budget.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Reader, Readers } from "../../core/kind/reader.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import type { ApiFacts } from "../../http/api-facts.ts";
import { makeReader, makeWriter, type ClientOptions, type Writer, type Writers } from "../../http/client.ts";
import { Limiter, type LimiterOptions } from "../../http/limiter.ts";
import { kinds } from "../../providers/kinds.ts";
import { readBudget as renderReadBudget } from "../../providers/render/budgets.ts";
import { readBudget as rendercadReadBudget } from "../../providers/rendercad/budgets.ts";
import { neverBack } from "../../world/never-back.ts";
import type { World } from "../../world/world.ts";
import { apiHost, rendercadHost, renderHost } from "./api-host.ts";
import { checkFreezes, refuseWriting } from "../base/freeze.ts";
import type { Deps } from "../base/deps.ts";
import { findRenderKey } from "./render-account.ts";
import { findRendercadToken } from "./rendercad-account.ts";
import { findStands, simulatorOf } from "./stand.ts";

/** The clients of the accounts that take part in a run. Reading is free; what can write is made by `openWriters` alone. */
export type Connection = {
  readonly providers: ReadonlySet<Provider>;
  /** Where a state of these accounts is bound to; none for a simulator. */
  readonly hosts: NonNullable<Inventory["hosts"]>;
  /** Which simulator these are accounts of; absent: of none. */
  readonly simulator?: string;
  readonly readers: Readers;
  /** Reads so far, of all accounts. */
  readonly calls: () => number;
  /** Those of them that are over. */
  readonly answered: () => number;
  readonly limiter: Limiter;
  /** Reads with other credentials than the run's own: those that are to be proven. */
  readonly readerAs: (provider: Provider, token: Secret) => Reader;
  /** Makes the objects that can write. Throws when this process may not write at all. */
  readonly openWriters: () => Writers;
};

const apis: { readonly [provider in Provider]: ApiFacts } = {
  render: {
    name: "Render",
    host: "RENDER_HOST",
    key: "RENDER_API_KEY",
    forbidden: "This key may not do that in this workspace.",
  },
  rendercad: {
    name: "RENDERCAD",
    host: "RENDERCAD_HOST",
    key: "RENDERCAD_API_TOKEN or the sign-in (trueup login rendercad)",
    tellsSuccess: true,
    forbidden: "The scope of this token does not allow that: changing anything takes full-access.",
    exhausted:
      "The account has all that it may have, or its credits are spent. Make room there, then run again.",
  },
};

/**
 * The accounts that a run works with: those of everything that is declared, referred to, owned or begun. Render's where
 * there is nothing of the kind.
 */
export function providersOf(state: DesiredState, inventory: Inventory): ReadonlySet<Provider> {
  const begun = (Object.keys(inventory.pending ?? {}) as Address[]).map((address) => kindOf(address));
  const names = [...state.resources, ...state.targets, ...Object.values(inventory.resources)].map(
    ({ kind }) => kind,
  );
  const providers = new Set([...names, ...begun].flatMap((name) => kinds.get(name)?.provider ?? []));
  return providers.size === 0 ? new Set(["render"]) : providers;
}

/** The accounts that there are credentials for; Render's where there are none, so that its key is what is asked for. */
export async function providersAtHand(deps: Deps): Promise<ReadonlySet<Provider>> {
  const token = await findRendercadToken(deps);
  const key = await findRenderKey(deps);
  if (!(token instanceof Secret)) return new Set(["render"]);
  return new Set(key instanceof Secret ? ["render", "rendercad"] : ["rendercad"]);
}

/** The clients of the accounts that take part, from the environment and what was kept by a sign-in. Nothing is called yet. */
export async function connect(
  deps: Deps,
  state: DesiredState,
  limits: Pick<LimiterOptions, "windows" | "latest" | "onWait">,
  providers: ReadonlySet<Provider>,
): Promise<Connection> {
  const freezes = state.settings.freeze ?? [];
  checkFreezes(freezes);
  const world = neverBack(deps.world);
  const limiter = new Limiter(world, {
    ...limits,
    reserve: state.settings.reserve,
    ...(deps.maxWait !== undefined && { longestWait: deps.maxWait }),
    onDoubt: (budget, header) =>
      deps.events({ event: "warning", at: 0, problem: notBelieved(budget, header) }),
  });
  const stands = await findStands(deps, providers);
  const watched = { ...deps, world: watchStand(world, stands.simulator) };
  const clients = await findClients(watched, limiter, providers);
  const render = clients.render && makeReader(clients.render);
  const rendercad = clients.rendercad && makeReader(clients.rendercad);
  return {
    providers,
    ...stands,
    readers: { render: render ?? unconnected, rendercad: rendercad ?? unconnected },
    calls: () => (render?.calls() ?? 0) + (rendercad?.calls() ?? 0),
    answered: () => (render?.answered() ?? 0) + (rendercad?.answered() ?? 0),
    limiter,
    readerAs: (provider, token) => {
      const client = clients[provider];
      return client ? makeReader({ ...client, token }) : unconnected;
    },
    openWriters: () => {
      const refusal = refuseWriting(deps.environment, freezes, deps.world.now());
      if (refusal) throw new ProblemError([refusal]);
      return {
        render: clients.render ? makeWriter(clients.render) : unconnectedWriter,
        rendercad: clients.rendercad ? makeWriter(clients.rendercad) : unconnectedWriter,
        as: (provider, token) => {
          const client = clients[provider];
          return client ? makeWriter({ ...client, token }) : unconnectedWriter;
        },
      };
    },
  };
}

/**
 * Every answer has to be of the accounts that the state was chosen for: a simulator that comes or goes in the middle is an error.
 * Failures are no answers of an account: what stands in between may give them.
 */
function watchStand(world: World, simulator: string | undefined): World {
  const send: World["send"] = async (request) => {
    const answer = await world.send(request);
    const said = simulatorOf(answer.headers);
    const isOther = said === undefined ? simulator !== undefined && answer.status < 300 : said !== simulator;
    if (isOther) throw new ProblemError([otherStand(simulator, said)]);
    return answer;
  };
  return { ...world, send };
}

function otherStand(expected: string | undefined, said: string | undefined): Problem {
  const describe = (one: string | undefined): string =>
    one === undefined ? "a real account" : `the simulator ${one}`;
  const message = `An answer came from ${describe(said)}, and this run has the state of ${describe(expected)} open.`;
  const remedy = "Nothing was concluded from it. Check RENDER_HOST and RENDERCAD_HOST, then run again.";
  return problem("error", "stand-changed", message, remedy);
}

function notBelieved(budget: BudgetName, header: string): Problem {
  const message = `An answer asked to wait longer than the window of ${budget} lasts (${header}), which is not believed.`;
  const remedy = "The window's own length is waited for. Nothing needs to be done.";
  return problem("warning", "limit-not-believed", message, remedy);
}

type Clients = { readonly [provider in Provider]?: ClientOptions };

/** Finds the credentials of all accounts that take part. Throws one `ProblemError` that names every one that is missing. */
async function findClients(deps: Deps, limiter: Limiter, providers: ReadonlySet<Provider>): Promise<Clients> {
  const { world, environment, version, log } = deps;
  const common = { world, limiter, userAgent: `trueup/${version}`, log };
  const key = providers.has("render") ? await findRenderKey(deps) : undefined;
  const token = providers.has("rendercad") ? await findRendercadToken(deps) : undefined;
  const missing = [key, token].flatMap((one) => (one === undefined || one instanceof Secret ? [] : [one]));
  if (missing.length > 0) throw new ProblemError(missing);
  return {
    ...(key instanceof Secret && {
      render: {
        ...common,
        api: apis.render,
        host: apiHost(renderHost, environment[renderHost.variable]),
        token: key,
        readBudget: renderReadBudget,
      },
    }),
    ...(token instanceof Secret && {
      rendercad: {
        ...common,
        api: apis.rendercad,
        host: apiHost(rendercadHost, environment[rendercadHost.variable]),
        token,
        readBudget: rendercadReadBudget,
      },
    }),
  };
}

const refuseCall = (): Promise<never> =>
  Promise.reject(new Error("this account takes no part in the run, so nothing may ask it for anything"));
const unconnected: Reader = { get: refuseCall, list: refuseCall, listToEnd: refuseCall };
const unconnectedWriter: Writer = { send: refuseCall, release: () => undefined };
