import { setImmediate, setTimeout } from "node:timers/promises";

/** Time of a scene in which many wait at once: it stands still while anybody works and jumps to the first who wakes. */
export type IdleClock = {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** For a simulator that delays its answers: a call that waits for one is no work. */
  readonly delay: (milliseconds: number) => Promise<void>;
  /** Calls under way are work. */
  readonly send: <Request, Answer>(
    send: (request: Request) => Promise<Answer>,
  ) => (request: Request) => Promise<Answer>;
};

/** What the process waits for that is neither a timer nor a connection: reading and writing files. */
const workingResources = /^(?:FSReq|CloseReq)/;

export function makeIdleClock(from: number): IdleClock {
  let now = from;
  let calls = 0;
  let delayed = 0;
  let jumping = false;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  function isWorking(): boolean {
    return (
      calls > delayed || process.getActiveResourcesInfo().some((resource) => workingResources.test(resource))
    );
  }

  /** Everybody that was just woken goes on as far as possible before the time moves again. */
  async function settle(): Promise<void> {
    do {
      await turn();
      await turn();
    } while (isWorking());
  }

  async function jump(): Promise<void> {
    jumping = true;
    for (await settle(); sleepers.length > 0; await settle()) {
      const next = Math.min(...sleepers.map(({ until }) => until));
      now = Math.max(now, next);
      const due = sleepers.filter(({ until }) => until <= now);
      sleepers.splice(0, sleepers.length, ...sleepers.filter(({ until }) => until > now));
      for (const { wake } of due) wake();
    }
    jumping = false;
  }

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise<void>((resolve) => {
      sleepers.push({ until: now + Math.max(0, milliseconds), wake: resolve });
      if (!jumping) void jump();
    });

  return {
    now: () => now,
    sleep,
    delay: async (milliseconds) => {
      delayed += 1;
      await sleep(milliseconds);
      delayed -= 1;
    },
    send: (send) => async (request) => {
      calls += 1;
      try {
        return await send(request);
      } finally {
        calls -= 1;
      }
    },
  };
}

/** Lets everything that is ready run, timers that are due, files and sockets included. */
async function turn(): Promise<void> {
  await setImmediate();
  await setTimeout(0);
  await setImmediate();
}
