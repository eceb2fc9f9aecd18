import { isObject } from "../../src/core/base/json.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { circumstancesOf, type Circumstances } from "./circumstances.ts";
import { compareAnswers, type Answer, type Comparison, type Difference } from "./compare.ts";
import { Correspondence } from "./correspondence.ts";
import { dateOf, type Exchange, type Recording } from "./recordings.ts";

/** One exchange played again. `path` is what we sent, with its query; `answer` is the simulator's. */
export type Replayed = {
  readonly exchange: Exchange;
  readonly path: string;
  readonly answer: Answer;
  readonly differences: readonly Difference[];
};

/** Plays a recording against a fresh simulator over HTTP, at the recorded times. */
export async function replay(recording: Recording): Promise<readonly Replayed[]> {
  const circumstances = circumstancesOf(recording);
  const clock = makeRecordedClock(recording);
  const simulator = await startSimulator({
    clock,
    limits: "recorded",
    seed: 1,
    switches: circumstances.switches,
  });
  try {
    const correspondence = new Correspondence();
    const comparison = { correspondence, owner: simulator.env["RENDER_OWNER_ID"] ?? "" };
    await prepare(circumstances, { simulator, comparison });
    const played: Replayed[] = [];
    for (const exchange of recording.exchanges) {
      clock.moveTo(exchange);
      played.push(await playOne(exchange, { simulator, comparison, played }));
    }
    return played;
  } finally {
    await simulator.close();
  }
}

type Stage = { readonly simulator: Simulator; readonly comparison: Comparison };

async function playOne(
  exchange: Exchange,
  stage: Stage & { played: readonly Replayed[] },
): Promise<Replayed> {
  const { correspondence, owner } = stage.comparison;
  const path =
    correspondence.translate(exchange.path, owner) + queryFor(exchange, stage.played, stage.comparison);
  const body =
    exchange.request === null && exchange.method !== "PUT"
      ? undefined
      : correspondence.translate(JSON.stringify(exchange.request), owner);
  const answer = await send(stage.simulator, { method: exchange.method, path, body });
  return { exchange, path, answer, differences: compareAnswers(exchange, answer, stage.comparison) };
}

async function send(
  simulator: Simulator,
  request: { readonly method: string; readonly path: string; readonly body: string | undefined },
): Promise<Answer> {
  const response = await fetch(simulator.render + request.path, {
    method: request.method,
    headers: {
      authorization: `Bearer ${simulator.env["RENDER_API_KEY"]}`,
      ...(request.body !== undefined && { "content-type": "application/json" }),
    },
    ...(request.body !== undefined && { body: request.body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text === "" ? null : JSON.parse(text),
  };
}

/** What the workspace of a recording had before its first exchange. */
async function prepare(circumstances: Circumstances, stage: Stage): Promise<void> {
  const { correspondence, owner } = stage.comparison;
  for (const step of circumstances.before) {
    const body =
      step.body === undefined ? undefined : correspondence.translate(JSON.stringify(step.body), owner);
    const answer = await send(stage.simulator, {
      method: step.method,
      path: correspondence.translate(step.path, owner),
      body,
    });
    if (answer.status >= 300)
      throw new Error(`preparing ${step.method} ${step.path} answered ${answer.status}`);
    for (const [recorded, ours] of step.stands?.(answer.body) ?? [])
      correspondence.pair("id", recorded, ours);
  }
}

/**
 * The queries were not recorded. The client that was recorded reads lists until an empty page, looks services up by name,
 * owner and type, and takes out of an environment what it holds (source of the official Terraform provider).
 */
function queryFor(exchange: Exchange, played: readonly Replayed[], comparison: Comparison): string {
  const { owner, correspondence } = comparison;
  if (exchange.method === "DELETE" && /^\/environments\/[^/]+\/resources$/.test(exchange.path)) {
    const ids = membersBefore(exchange, played).map((id) => correspondence.translate(id, owner));
    return `?${new URLSearchParams(ids.map((id): [string, string] => ["resourceIds", id])).toString()}`;
  }
  if (exchange.method !== "GET" || !Array.isArray(exchange.response)) return "";
  const query: { [name: string]: string } = {};
  const cursor = cursorBefore(exchange, played);
  if (cursor !== undefined) query["cursor"] = cursor;
  const [item] = exchange.response as readonly unknown[];
  const service = isObject(item) && isObject(item["service"]) ? item["service"] : undefined;
  if (exchange.path === "/services" && service) {
    Object.assign(query, { name: service["name"], ownerId: owner, type: service["type"] });
  }
  return `?${new URLSearchParams(query).toString()}`;
}

/** An empty list, after the same path answered items and nothing wrote to it, is the page that follows them. */
function cursorBefore(exchange: Exchange, played: readonly Replayed[]): string | undefined {
  if (!Array.isArray(exchange.response) || exchange.response.length > 0) return undefined;
  const touching = played.findLast(({ exchange: earlier }) =>
    earlier.method === "GET"
      ? earlier.path === exchange.path && hasItems(earlier.response)
      : earlier.path.startsWith(exchange.path),
  );
  if (touching?.exchange.method !== "GET" || !Array.isArray(touching.answer.body)) return undefined;
  const last: unknown = touching.answer.body.at(-1);
  return isObject(last) && typeof last["cursor"] === "string" ? last["cursor"] : undefined;
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** The recorded members of the environment; a call that names something else in its place means that thing itself. */
function membersBefore(exchange: Exchange, played: readonly Replayed[]): readonly string[] {
  const id = exchange.path.split("/")[2] ?? "";
  const seen = played.findLast(
    ({ exchange: earlier }) => isObject(earlier.response) && earlier.response["id"] === id,
  );
  if (!id.startsWith("evm-") || !isObject(seen?.exchange.response)) return [id];
  const environment = seen.exchange.response;
  return ["serviceIds", "databasesIds", "redisIds", "envGroupIds"].flatMap((field) => {
    const ids = environment[field];
    return Array.isArray(ids) ? ids.map(String) : [];
  });
}

type RecordedClock = {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  moveTo(exchange: Exchange): void;
};

/** Milliseconds; the times in an answer can be this much older than its date. */
const longestCall = 3000;

/**
 * Stands still within an exchange. `Date` headers have whole seconds; the times that an answer carries are better where
 * they are of the same moment, and half a second is the best guess where they are not.
 */
function makeRecordedClock(recording: Recording): RecordedClock {
  let now = recording.recordedAt.getTime() - longestCall;
  return {
    now: () => now,
    sleep: async () => undefined,
    moveTo(exchange) {
      const date = dateOf(exchange);
      const times = exchange.method === "GET" ? [] : timesIn(exchange.response);
      const exact = times.filter((time) => time > now && time >= date - longestCall && time < date + 1000);
      now = Math.max(now + 1, exact.length > 0 ? Math.max(...exact) : date + 500);
    },
  };
}

function timesIn(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(timesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "createdAt" || key === "updatedAt" ? [Date.parse(String(member))] : timesIn(member),
  );
}
