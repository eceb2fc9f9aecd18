import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../../src/core/run/report.ts";
import { Follower, type FollowMode } from "../../src/shells/cli/terminal/follow.ts";
import { makeStep } from "../views/plan/plan-makers.ts";

const events: readonly RunEvent[] = [
  { event: "run-began", at: 0, run: "r1", steps: [makeStep("create render/service/api")], end: 2000 },
  { event: "step-began", at: 0, step: "create render/service/api" },
  { event: "step-done", at: 2000, step: "create render/service/api", remaining: 0 },
  { event: "run-ended", at: 2000, verdict: "done" },
];

function follow(mode: FollowMode): {
  follower: Follower;
  output: () => string;
  pass: (time: number) => void;
} {
  let written = "";
  let now = 1_000_000;
  const screen = { columns: 80, colour: false, unicode: true };
  const follower = new Follower({ mode, screen, write: (text) => void (written += text), now: () => now });
  return { follower, output: () => written, pass: (time) => void (now += time) };
}

/** What a terminal would show in the end: each erasure takes away the lines above it. */
function screenOf(output: string): string {
  const lines: string[] = [];
  for (const piece of output.split("\r\u001b[")) {
    const erasure = /^(\d+)A.\[J/u.exec(piece);
    if (erasure) lines.splice(lines.length - Number(erasure[1]));
    lines.push(
      ...piece
        .slice(erasure?.[0].length ?? 0)
        .split("\n")
        .slice(0, -1),
    );
  }
  return lines.join("\n");
}

describe("Follower", () => {
  afterEach(() => void vi.useRealTimers());

  it("draws what runs again and again, and leaves one line per step", () => {
    vi.useFakeTimers();
    const { follower, output, pass } = follow("live");
    follower.read();
    expect(screenOf(output())).toContain("reading the account");
    follower.handle(events[0]!);
    follower.handle(events[1]!);
    pass(1500);
    vi.advanceTimersByTime(100);
    expect(screenOf(output())).toMatch(
      /create render\/service\/api {2}1 s\n.* 0 of 1 {3}a few seconds left$/u,
    );
    follower.say("Stopping.\n");
    expect(screenOf(output())).toMatch(/^\nStopping\.\n.*create/u);
    follower.handle(events[2]!);
    follower.handle(events[3]!);
    expect(screenOf(output())).toBe("\nStopping.\n  ✓ create render/service/api  2 s");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says every 30 seconds where no terminal is that something goes on, and stops with it", () => {
    vi.useFakeTimers();
    const { follower, output, pass } = follow("lines");
    follower.read();
    follower.watch(() => ({ done: 30, asked: 90, remaining: 40_000 }));
    pass(30_000);
    vi.advanceTimersByTime(30_000);
    expect(output()).toBe("reading the account: 30 of 90 calls, about 40 s left\n");
    follower.handle(events[0]!);
    follower.handle(events[1]!);
    pass(1_000);
    vi.advanceTimersByTime(30_000);
    expect(output()).toContain("[0/1] under way: create render/service/api, a few seconds left\n");
    follower.handle(events[3]!);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("prints each event as one JSON line, or nothing at all", () => {
    const asEvents = follow("events");
    for (const event of events) asEvents.follower.handle(event);
    const lines = asEvents.output().trimEnd().split("\n");
    const [first, ...others] = lines.map((line) => JSON.parse(line) as RunEvent);
    expect(first).toMatchObject({
      event: "run-began",
      run: "r1",
      steps: [{ id: "create render/service/api" }],
    });
    expect(others).toEqual(events.slice(1));
    const quiet = follow("quiet");
    quiet.follower.read();
    for (const event of events) quiet.follower.handle(event);
    expect(quiet.output()).toBe("");
  });
});
