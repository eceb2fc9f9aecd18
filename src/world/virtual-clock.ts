import { Agent, request, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { setImmediate, setTimeout } from "node:timers";
import { isLoopback } from "../core/base/loopback.ts";

/**
 * The clock of a simulator, as one of the processes that share it sees it. It stands still while any of them works,
 * and jumps to the next moment when all of them sleep.
 */
export type VirtualClock = {
  /** Milliseconds since 1970, as the simulator last said. */
  now(): number;
  /** Resolves when the simulator's time has passed, or early when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Leaves the clock: time goes on for the other processes without this one. */
  close(): void;
};

type Line = {
  readonly process: number;
  readonly now: number;
  readonly asks: "idle" | "time" | "nothing";
  readonly round: number;
};

/**
 * Resources of Node that mean work in this process (files, other programs, DNS), and not waiting for a timer or a
 * connection.
 */
const workingResources = /^(?:FSReq|CloseReq|ProcessWrap|GetAddrInfoReq|Zlib)/;

/**
 * Joins the clock whose URL is in TRUEUP_SIM_CLOCK, on this machine only. The process takes part as long as the
 * connection of this call is open, so that a killed process does not keep the others waiting.
 */
export async function joinVirtualClock(url: string): Promise<VirtualClock> {
  requireLoopback(url);
  const agent = new Agent({ keepAlive: true });
  const stream = await open(`${url}/join`);
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) {
    throw new Error(`the virtual clock at ${url} closed the connection: is the simulator still running?`);
  }
  const joined = parseLine(first.value);
  let now = joined.now;

  let asked: number | undefined;
  let answering = false;

  async function listen(): Promise<void> {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const told = parseLine(line.value);
      now = told.now;
      if (told.asks === "time") await post(`${url}/informed`, { process: joined.process }, { agent });
      if (told.asks !== "idle") continue;
      asked = told.round;
      if (!answering) answerWhenIdle().catch(() => undefined);
    }
  }

  /** Says that this process is idle, for the latest round only: work has made older rounds void. */
  async function answerWhenIdle(): Promise<void> {
    answering = true;
    while (asked !== undefined) {
      const round = asked;
      await turn();
      await turn();
      if (round !== asked || isWorking()) continue;
      asked = undefined;
      await post(`${url}/idle`, { process: joined.process, round }, { agent });
    }
    answering = false;
  }

  // When either side breaks the connection, the stream ends and no answer is expected.
  listen().catch(() => undefined);

  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      if (signal?.aborted) return;
      const until = now + Math.max(0, milliseconds);
      const sleeping = post(`${url}/sleep`, { process: joined.process, until }, { agent, signal });
      const answer = await sleeping.catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
      if (answer) now = Math.max(now, answer.now);
    },
    close() {
      stream.destroy();
      agent.destroy();
    },
  };
}

function requireLoopback(url: string): void {
  const { hostname, protocol } = new URL(url);
  if (protocol === "http:" && isLoopback(hostname)) return;
  throw new Error(
    `TRUEUP_SIM_CLOCK must be a plain http URL of this machine, not ${url}: unset it, or start trueup sim`,
  );
}

function isWorking(): boolean {
  return process.getActiveResourcesInfo().some((resource) => workingResources.test(resource));
}

/**
 * Lets all callbacks run that are ready, those of files and sockets included, before it is looked again whether the
 * process is idle.
 */
function turn(): Promise<void> {
  return new Promise(
    (resolve) => void setImmediate(() => void setTimeout(() => void setImmediate(resolve), 0)),
  );
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const joining = request(url, { agent: false }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`${url} answered ${response.statusCode}: no virtual clock runs there`));
    });
    joining.once("error", (cause) => {
      reject(new Error(`no virtual clock answers at ${url}: is the simulator still running?`, { cause }));
    });
    joining.end();
  });
}

function post(
  url: string,
  body: { readonly [field: string]: number },
  options: { agent: Agent; signal?: AbortSignal | undefined },
): Promise<{ now: number }> {
  return new Promise((resolve, reject) => {
    const { agent, signal } = options;
    const sending = request(
      url,
      { method: "POST", agent, ...(signal && { signal }), headers: { "content-type": "application/json" } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.once("error", reject);
        response.once("end", () => resolve(JSON.parse(text) as { now: number }));
      },
    );
    sending.once("error", reject);
    sending.end(JSON.stringify(body));
  });
}

/** Parses a line of the stream without checking it: only the simulator on this machine writes it. */
function parseLine(text: string): Line {
  return JSON.parse(text) as Line;
}
