import { describe, expect, test } from "vitest";
import { problem, ProblemError } from "../../../src/core/base/problem.ts";
import { emptyInventory, type Owned } from "../../../src/core/model/inventory.ts";
import type { Plan, Step } from "../../../src/core/model/plan.ts";
import type { JournalEntry, Performed } from "../../../src/core/run/journal.ts";
import type { RunEvent } from "../../../src/core/run/report.ts";
import type { Announce } from "../../../src/engine/memory/perform-input.ts";
import { execute } from "../../../src/engine/run/execute.ts";
import { CallError } from "../../../src/http/failure.ts";
import type { World } from "../../../src/world/world.ts";

const address = "render/service/api";
const owned: Owned = {
  kind: "render/service",
  id: "srv-1",
  name: "api",
  fields: {},
  needs: [],
  protect: false,
};
const done: Performed = { status: "done", owned };
const call = { method: "POST", path: "/services", name: "api" };

const write = (id: string, ...needs: readonly string[]): Step => ({
  step: "write",
  id,
  address,
  kind: "render/service",
  needs,
  verb: "update",
  write: { method: "PATCH", path: "/services/srv-1", budgets: [] },
  fields: [],
  removed: [],
  optional: false,
});
const wait = (id: string, of: "live" | "proven" = "live"): Step => ({
  step: "wait",
  for: of,
  id,
  address,
  kind: "render/service",
  needs: [],
  until: "live",
  timeout: 60_000,
});

const told = problem("error", "rejected", "No.", "Do it otherwise.");
const refused = (status: number | undefined, reached: "no" | "maybe"): Error =>
  new CallError(told, { status, reached });
const noSpace = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });

/** What becomes of these steps, where each does what stands under its id, and all others announce a call that is done. */
async function walk(
  steps: readonly Step[],
  doing: { readonly [id: string]: (announce: Announce, stop: AbortController) => Promise<Performed> } = {},
  append: (entry: JournalEntry) => Promise<void> = async () => undefined,
) {
  const stop = new AbortController();
  const began: string[] = [];
  const entries: JournalEntry[] = [];
  const events: RunEvent[] = [];
  let now = 1_000;
  const usual = async (announce: Announce): Promise<Performed> => {
    await announce(call);
    return done;
  };
  const input: Parameters<typeof execute>[0] = {
    run: "r1",
    plan: { steps, schedule: { end: 50 } } as unknown as Plan,
    ranks: new Map(),
    inventory: emptyInventory("l"),
    world: { now: () => (now += 10), stop: stop.signal } as World,
    events: (event) => void events.push(event),
    append: async (entry) => {
      await append(entry);
      entries.push(entry);
    },
    perform: async (step, announce) => {
      began.push(step.id);
      return (doing[step.id] ?? usual)(announce, stop);
    },
  };
  const run = execute(input);
  return { run, began, entries, events };
}

/** The end of a walk, in words: `a done`, `b blocked`. */
async function ended(...args: Parameters<typeof walk>) {
  const { run, ...noted } = await walk(...args);
  const { results, verdict, problems, inventory } = await run;
  return {
    ...noted,
    results: results.map((one) => `${one.step} ${one.status}`),
    verdict,
    problems,
    inventory,
  };
}

const outcomes = (entries: readonly JournalEntry[]) =>
  entries.flatMap((one) =>
    one.entry === "outcome" || one.entry === "recorded" ? [[one.step, one.result]] : [],
  );

describe("a step", () => {
  test("begins when what it needs is done, is announced before its call and noted after it", async () => {
    const { began, results, verdict, entries, inventory } = await ended([write("b", "a"), write("a")]);
    expect(began).toEqual(["a", "b"]);
    expect([results, verdict]).toEqual([["b done", "a done"], "done"]);
    expect(entries.map(({ entry }) => entry)).toEqual(["intent", "outcome", "intent", "outcome"]);
    expect(entries[0]).toMatchObject({ run: "r1", step: "a", address, verb: "update", ...call });
    expect(inventory.resources[address]).toEqual(owned);
  });

  test("that waits is recorded, and a call of it is announced as what it is", async () => {
    const { entries } = await ended([wait("w"), wait("p", "proven")]);
    expect(entries.map((one) => ("verb" in one ? one.verb : one.entry))).toEqual([
      "rollback",
      "prove",
      "recorded",
      "recorded",
    ]);
  });

  test("is told of once, a wait when it begins and a write when its call is sent", async () => {
    const twice = async (announce: Announce): Promise<Performed> => {
      await announce(call);
      await announce(call);
      return done;
    };
    const { events } = await ended([write("a")], { a: twice });
    expect(events.map(({ event }) => event)).toEqual(["step-began", "step-done", "run-ended"]);
    const skipped = async (): Promise<Performed> => ({ status: "skipped" });
    const unsent = await ended([write("a"), wait("w")], { a: skipped, w: skipped });
    expect(unsent.events.flatMap((one) => (one.event === "step-began" ? [one.step] : []))).toEqual(["w"]);
    expect([unsent.results, unsent.verdict]).toEqual([["a skipped", "w skipped"], "done"]);
  });

  test("that sent nothing is not noted, unless it settles what an earlier run left", async () => {
    const warning = problem("warning", "left-undone", "So.", "Or so.");
    const skipped = async (): Promise<Performed> => ({ status: "skipped", warning });
    const silent = await ended([write("a")], { a: skipped });
    expect([silent.entries, silent.problems]).toEqual([[], [warning]]);
    const settling = async (): Promise<Performed> => ({
      status: "skipped",
      outcome: { status: "done", owned },
    });
    expect(outcomes((await ended([write("a")], { a: settling })).entries)).toEqual([
      ["a", { status: "done", owned }],
    ]);
  });

  test("whose object an earlier run made owns it, and fails", async () => {
    const outcome = { status: "done", owned } as const;
    const found = async (): Promise<Performed> => ({ status: "found", outcome, problem: told });
    const { entries, results, problems, inventory } = await ended([write("a"), write("b", "a")], {
      a: found,
    });
    expect(outcomes(entries)).toEqual([["a", outcome]]);
    expect([results, problems]).toEqual([["a failed", "b blocked"], [told]]);
    expect(inventory.resources[address]).toEqual(owned);
  });

  test("tells its warning when it is done", async () => {
    const warning = problem("warning", "left-undone", "So.", "Or so.");
    const { problems, verdict } = await ended([write("a")], { a: async () => ({ ...done, warning }) });
    expect([problems, verdict]).toEqual([[warning], "done"]);
  });
});

describe("after a failure", () => {
  const fails =
    (error: unknown, isSent = true) =>
    async (announce: Announce): Promise<Performed> => {
      if (isSent) await announce(call);
      throw error;
    };
  const steps = [write("a"), write("b", "a"), write("c", "b"), write("d")];

  test("what needs the step is blocked by it, and everything else goes on", async () => {
    const { results, verdict, problems, entries } = await ended(steps, { a: fails(refused(400, "no")) });
    expect(results).toEqual(["a failed", "b blocked", "c blocked", "d done"]);
    expect(verdict).toBe("failed");
    expect(problems).toEqual([{ ...told, address }]);
    expect(outcomes(entries)).toContainEqual(["a", { status: "failed", code: "rejected" }]);
  });

  test("of a call that may have been done, nobody knows", async () => {
    const { results, entries } = await ended(steps, { a: fails(refused(undefined, "maybe")) });
    expect(results).toEqual(["a uncertain", "b blocked", "c blocked", "d done"]);
    expect(outcomes(entries)).toContainEqual(["a", { status: "unknown" }]);
  });

  test("before its call, that is noted, so that what was left before stays as it is", async () => {
    const { entries } = await ended(steps, { a: fails(refused(400, "no"), false) });
    expect(outcomes(entries)).toContainEqual(["a", { status: "failed", code: "rejected", unsent: true }]);
  });

  test.each([401, 402])("with %i nothing more begins", async (status) => {
    const { results, verdict } = await ended([write("a"), write("b"), write("c", "b")], {
      a: fails(refused(status, "no")),
    });
    expect(results).toEqual(["a failed", "b done", "c left"]);
    expect(verdict).toBe("failed");
  });

  test("of the program itself nothing more begins, and it is thrown once all has come to its end", async () => {
    let isEnded = false;
    const slow = async (): Promise<Performed> => {
      await new Promise((resolve) => setImmediate(resolve));
      isEnded = true;
      return done;
    };
    const { run, began } = await walk([write("a"), write("b"), write("c", "b")], {
      a: fails(new TypeError("no such member")),
      b: slow,
    });
    await expect(run).rejects.toThrow("no such member");
    expect([isEnded, began]).toEqual([true, ["a", "b"]]);
  });

  test("that a person or a long wait caused, the rest is left", async () => {
    const waiting = new ProblemError([problem("error", "wait-too-long", "Hours.", "Run again.")]);
    const one = await ended([write("a"), write("b", "a")], { a: fails(waiting) });
    expect([one.results, one.verdict]).toEqual([["a left", "b left"], "stopped"]);
    expect(outcomes(one.entries)).toEqual([["a", { status: "failed", code: "interrupted" }]]);
    const unsent = await ended([write("a")], { a: fails(waiting, false) });
    expect([unsent.results, unsent.entries]).toEqual([["a left"], []]);
  });

  test("once it is stopped nothing begins, and that is told", async () => {
    const { results, verdict } = await ended([write("a"), write("b", "a")], {
      a: async (_announce, stop) => {
        stop.abort();
        return done;
      },
    });
    expect([results, verdict]).toEqual([["a done", "b left"], "interrupted"]);
  });
});

describe("what cannot be noted", () => {
  const fullAt = (entry: JournalEntry["entry"]) => async (one: JournalEntry) => {
    if (one.entry === entry) throw noSpace;
  };

  test("is not sent, and ends the run", async () => {
    let sent = 0;
    const sending = async (announce: Announce): Promise<Performed> => {
      await announce(call);
      sent += 1;
      return done;
    };
    const steps = [write("a"), write("b"), write("c", "b")];
    const full = await ended(steps, { a: sending, b: async () => ({ status: "skipped" }) }, fullAt("intent"));
    expect([sent, full.results, full.verdict]).toEqual([0, ["a failed", "b skipped", "c left"], "failed"]);
    expect(full.problems).toMatchObject([{ code: "state-not-written", address }]);
    expect(full.problems[0]!.message).toContain("the journal");
  });

  test("after its call is uncertain: the intent stands there, and a later run looks", async () => {
    const full = await ended([write("a"), write("b", "a")], {}, fullAt("outcome"));
    expect([full.results, full.verdict]).toEqual([["a uncertain", "b blocked"], "failed"]);
    expect(full.entries.map(({ entry }) => entry)).toEqual(["intent"]);
  });

  test("for any other reason is a fault of the program", async () => {
    const { run } = await walk([write("a")], {}, async () => {
      throw new TypeError("no such entry");
    });
    await expect(run).rejects.toThrow("no such entry");
  });
});
