import { expect, test } from "vitest";
import { Gate } from "../../src/http/gate.ts";
import { Limiter } from "../../src/http/limiter.ts";
import { makeWorld, type World } from "../../src/world/world.ts";
import { makeTimeline, type Timeline } from "./timeline.ts";

const start = Date.UTC(2026, 10, 22, 9, 0, 30);
const silent = { headers: undefined, refused: false, sentAt: start };

function worldOn({ now, sleep }: Timeline): World {
  const send = (): never => {
    throw new Error("the limiter sends nothing");
  };
  return { ...makeWorld({ send, stop: new AbortController().signal }), now, sleep };
}

function window(limit: number, used: number, per = 60_000) {
  return { limit, used, endsAt: Math.ceil(start / per) * per };
}

/** Takes and notes who was let go, when; a call without a gate is answered at once. */
function follow(limiter: Limiter, timeline: Timeline) {
  const gone: [string, number][] = [];
  const take = async (name: string, ...what: Parameters<Limiter["take"]>): Promise<void> => {
    if (await limiter.take(...what)) gone.push([name, timeline.now() - start]);
    if (!what[1]?.gate) limiter.give(what[0], { ...silent, sentAt: timeline.now() });
  };
  return { gone, take };
}

test("of the calls that wait for one window, the most urgent goes first, whoever came first", async () => {
  const timeline = makeTimeline(start);
  const windows = new Map([["render/write", window(2, 2)]]);
  const limiter = new Limiter(worldOn(timeline), { windows });
  const { gone, take } = follow(limiter, timeline);
  const waiting = [5, 1, undefined, 3].map((rank) =>
    take(String(rank), ["render/write"], rank === undefined ? {} : { rank }),
  );
  await timeline.run(Promise.all(waiting));
  expect(gone).toEqual([
    ["1", 30_000],
    ["3", 30_000],
    ["5", 90_000],
    ["undefined", 90_000],
  ]);
});

test("an urgent call that waits for an hour holds up no other that needs the same minute", async () => {
  const timeline = makeTimeline(start);
  const windows = new Map([["render/create", window(20, 20, 3_600_000)]]);
  const limiter = new Limiter(worldOn(timeline), { windows });
  const { gone, take } = follow(limiter, timeline);
  const create = take("create", ["render/write", "render/create"], { rank: 0 });
  await timeline.run(take("update", ["render/write"], { rank: 9 }));
  expect(gone).toEqual([["update", 0]]);
  await timeline.run(create);
  expect(gone[1]).toEqual(["create", 3_570_000]);
});

test("a call takes its place and its budgets at one moment: the last of an hour is left to the more urgent", async () => {
  const timeline = makeTimeline(start);
  const windows = new Map([["render/create", window(20, 18, 3_600_000)]]);
  const limiter = new Limiter(worldOn(timeline), { windows });
  const gate = new Gate(1);
  const { gone, take } = follow(limiter, timeline);
  const first = take("first", ["render/create"], { rank: 2, gate });
  const late = take("late", ["render/create"], { rank: 3, gate });
  await first;
  const urgent = take("urgent", ["render/create"], { rank: 1, gate });
  limiter.give(["render/create"], silent, gate);
  await timeline.run(urgent);
  limiter.give(["render/create"], silent, gate);
  await timeline.run(late);
  expect(gone).toEqual([
    ["first", 0],
    ["urgent", 0],
    ["late", 3_570_000],
  ]);
});

test("a limit that is raised meanwhile lets go at once who waited for it", async () => {
  const timeline = makeTimeline(start);
  const windows = new Map([["render/create", window(2, 1, 3_600_000)]]);
  const limiter = new Limiter(worldOn(timeline), { windows });
  const { gone, take } = follow(limiter, timeline);
  await limiter.take(["render/create"]);
  const two = take("two", ["render/create"]);
  const headers = { "ratelimit-limit": "50", "ratelimit-remaining": "48", "ratelimit-reset": "3500" };
  await timeline.run(timeline.sleep(1_000));
  limiter.give(["render/create"], { headers, refused: false, sentAt: start });
  await two;
  expect(gone).toEqual([["two", 1_000]]);
});

test("what goes wrong while everybody sleeps reaches everybody who waits", async () => {
  const timeline = makeTimeline(start);
  const windows = new Map([["render/write", window(30, 30)]]);
  const sleep = () => Promise.reject(new Error("the lease is lost"));
  const limiter = new Limiter({ ...worldOn(timeline), sleep }, { windows });
  const ends = await Promise.allSettled([limiter.take(["render/write"]), limiter.take(["render/write"])]);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
