import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/start.ts";

/** What a call answered: `body` is parsed JSON, `undefined` when there was none. */
export type Reply = { readonly status: number; readonly headers: Headers; readonly body: unknown };

export type Client = {
  readonly simulator: Simulator;
  readonly owner: string;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Reply>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Reply>;
};

/** A clock that stands where the test puts it. */
export function makeStillClock(start = Date.UTC(2026, 0, 5, 12, 0, 0)) {
  let now = start;
  return {
    now: () => now,
    sleep: async (milliseconds: number) => void (now += milliseconds),
    advance: (milliseconds: number) => void (now += milliseconds),
  };
}

const running: Simulator[] = [];

/** Starts a simulator whose limits are off, unless a test is about them, and a client that has its key. */
export async function startClient(options: SimulatorOptions = {}): Promise<Client> {
  const simulator = await startSimulator({ limits: "off", clock: makeStillClock(), ...options });
  running.push(simulator);
  const key = simulator.env["RENDER_API_KEY"];
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return {
    simulator,
    owner: simulator.env["RENDER_OWNER_ID"] ?? "",
    call: (method, path, body) => send(method, simulator.render + path, headers, body),
    control: (method, path, body) => send(method, `${simulator.control}/${path}`, headers, body),
  };
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
}

/** The least that creates a web service; `more` is merged over the body, `details` over its details. */
export function webService(client: Client, name: string, more: object = {}, details: object = {}): object {
  return {
    type: "web_service",
    name,
    ownerId: client.owner,
    repo: "https://github.com/acme/app",
    serviceDetails: {
      runtime: "node",
      envSpecificDetails: { buildCommand: "npm ci", startCommand: "npm start" },
      ...details,
    },
    ...more,
  };
}

async function send(
  method: string,
  url: string,
  headers: { readonly [name: string]: string },
  body: unknown,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}
