import type { Provider } from "../../core/base/address.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { trimEnd } from "../../core/base/text.ts";
import { reasonOf } from "../../http/never-connected.ts";
import type { HttpAnswer } from "../../world/transport.ts";
import type { World } from "../../world/world.ts";
import { apiHost, rendercadHost, renderHost } from "./api-host.ts";
import type { Deps } from "../base/deps.ts";

/**
 * Whom the hosts that the environment names stand for. Two headers of an answer say so, and whatever passes answers on passes
 * them on as well; an address says nothing, since a simulator may be anywhere, and a tunnel to a real account on this machine.
 *
 * - `Trueup-Simulator: 5c0ffee1`: a simulator, and which. Its state lies apart, so that a try in a real folder binds nothing, and
 *   each simulated account has its own: what one made is not gone from the next, it was never there.
 * - `Trueup-Stands-For: https://api.render.com/v1, https://rendercad.ai/backend`: a gateway or a tunnel, and the APIs behind it,
 *   told apart by their paths. A state that is bound to such an API is used through it.
 *
 * Each host is asked once in a process, by a call that is none of the API's, and only where a variable names another host than the
 * API's own, which is no simulator.
 */
type Stand = {
  /** The address that a state is bound to. */
  readonly host: string;
  /** Which simulator, as a name of a folder; absent: none. */
  readonly simulator?: string;
};

type Headers = { readonly [name: string]: string };

const rules = { render: renderHost, rendercad: rendercadHost };
const asked = new WeakMap<World["send"], Map<string, Promise<Headers>>>();
/** Milliseconds until an answer to that call is given up, and how often it is tried. */
const askTimeout = 10_000;
const askTries = 4;

/**
 * What the accounts of these providers have in common: all of one simulator, or none of any. Throws `simulator-mixed`, because a
 * state that has both would take the one's objects for gone whenever the other is there.
 */
export async function findStands(
  deps: Pick<Deps, "world" | "environment">,
  providers: Iterable<Provider>,
): Promise<{ readonly simulator?: string; readonly hosts: { readonly [provider in Provider]?: string } }> {
  const stands = await Promise.all(
    [...providers].map(async (provider) => [provider, await findStand(provider, deps)] as const),
  );
  const simulators = new Set(stands.map(([, { simulator }]) => simulator));
  if (simulators.size > 1) throw mixed(stands);
  const [simulator] = simulators;
  const hosts = Object.fromEntries(stands.map(([provider, { host }]) => [provider, host]));
  return simulator === undefined ? { hosts } : { simulator, hosts: {} };
}

/** Of the headers of one answer: the simulator that gave it. */
export function simulatorOf(headers: Headers): string | undefined {
  const said = headers["trueup-simulator"];
  if (said === undefined) return undefined;
  return /^[0-9a-z]{1,32}$/u.test(said) ? said : "unnamed";
}

async function findStand(
  provider: Provider,
  { world, environment }: Pick<Deps, "world" | "environment">,
): Promise<Stand> {
  const rule = rules[provider];
  const host = usableHost(provider, environment);
  const own = `${rule.origin}${rule.path}`;
  if (host === undefined || host === own) return { host: own };
  const headers = await askHost(host, rule.variable, world);
  const simulator = simulatorOf(headers);
  const behind = (headers["trueup-stands-for"] ?? "").split(",").flatMap((text) => readUrl(text.trim()));
  return {
    host: behind.find((url) => url.endsWith(rule.path)) ?? host,
    ...(simulator !== undefined && { simulator }),
  };
}

/** The address to ask. `undefined` for one that no call may go to (plain http to another machine): the first call tells of it. */
function usableHost(provider: Provider, environment: Deps["environment"]): string | undefined {
  const rule = rules[provider];
  try {
    return apiHost(rule, environment[rule.variable]);
  } catch {
    return undefined;
  }
}

/** The address that a gateway says it stands for; none for a text that is no https URL. */
function readUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { protocol, origin, pathname } = new URL(text);
  return protocol === "https:" ? [`${origin}${trimEnd(pathname, "/")}`] : [];
}

/**
 * The headers of the host's own answer. A host that gives none is asked again, and then it is an error: to go on as if it stood
 * for itself would bind a state to the address of a gateway, and every later run would be refused as one of another account.
 */
function askHost(host: string, variable: string, world: World): Promise<Headers> {
  const known = asked.get(world.send) ?? new Map<string, Promise<Headers>>();
  asked.set(world.send, known);
  const before = known.get(host);
  if (before) return before;
  const answer = askPatiently(host, variable, world);
  known.set(host, answer);
  answer.catch(() => known.delete(host));
  return answer;
}

async function askPatiently(host: string, variable: string, world: World): Promise<Headers> {
  const request = {
    method: "GET",
    url: `${new URL(host).origin}/`,
    headers: { accept: "application/json" },
    timeout: askTimeout,
  };
  for (let attempt = 1; ; attempt += 1) {
    const told = await world.send(request).then(
      (answer) => (isOwnAnswer(answer) ? answer.headers : `it answered ${answer.status}`),
      (error: unknown) => reasonOf(error, askTimeout),
    );
    if (typeof told !== "string") return told;
    if (attempt >= askTries || world.stop.aborted) throw silent(host, variable, told);
    await world.sleep(250 * 2 ** attempt);
  }
}

/** Whether it is the host that answered: something on the way to it, which has no answer of it, says so with 429 or 5xx. */
function isOwnAnswer({ status, headers }: HttpAnswer): boolean {
  const says = simulatorOf(headers) ?? headers["trueup-stands-for"];
  return says !== undefined || (status !== 429 && status < 500);
}

function silent(host: string, variable: string, reason: string): ProblemError {
  const message = `${variable} (${new URL(host).origin}) gave no usable answer: ${reason}.`;
  const remedy = `Check the network and ${variable}, then run again.`;
  return new ProblemError([problem("error", "unreachable", message, remedy)]);
}

function mixed(stands: readonly (readonly [Provider, Stand])[]): ProblemError {
  const facts = stands.map(([provider, { host, simulator }]) => {
    const variable = rules[provider].variable;
    return `${variable} ${simulator === undefined ? `is ${host}` : `is the simulator ${simulator}`}`;
  });
  const message = `This run would work with a simulator and a real account together: ${facts.join(", ")}.`;
  const remedy =
    "Set RENDER_HOST and RENDERCAD_HOST to the same simulator (trueup sim prints both), or unset both.";
  return new ProblemError([problem("refusal", "simulator-mixed", message, remedy)]);
}
