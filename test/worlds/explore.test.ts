import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exploreAll, type Explored } from "./explore.ts";

/**
 * Looks at one place, if any, and changes another; what it writes tells all that its thread has seen, and so does what it does
 * next. One that adds makes a number larger.
 */
type Step = { readonly reads: string; readonly changes: string; readonly isAdding: boolean };
type Program = {
  readonly threads: readonly (readonly Step[])[];
  /** Nothing, the end of the first thread or of all, or time that passes: a number at a place that grows. */
  readonly blow: "none" | "kill" | "end" | "late";
};
type State = {
  readonly places: Map<string, string>;
  readonly seen: string[];
  readonly next: number[];
  alive: boolean[];
  /** Of each thread the places that it has changed. */
  readonly own: string[][];
  /** A fault that is to be found: somebody finds another's text where its own was. */
  readonly wrong: string[];
};

function begin({ threads }: Program): State {
  return {
    places: new Map(),
    seen: threads.map(() => ""),
    next: threads.map(() => 0),
    alive: threads.map(() => true),
    own: threads.map(() => []),
    wrong: [],
  };
}

/** The blow is the thread after the last. */
function ableIn({ threads, blow }: Program, { next, alive }: State): readonly number[] {
  const own = threads.flatMap((steps, thread) =>
    alive[thread]! && next[thread]! < steps.length ? [thread] : [],
  );
  return blow !== "none" && next[threads.length] === undefined ? [...own, threads.length] : own;
}

function take({ threads, blow }: Program, state: State, thread: number): void {
  if (thread === threads.length) {
    state.next[thread] = 1;
    const ended = blow === "kill" ? [0] : blow === "end" ? threads.map((_, one) => one) : [];
    for (const one of ended) state.alive[one] = false;
    const [count = "", ...text] = (state.places.get("x") ?? "0 -").split(" ");
    if (blow === "late") state.places.set("x", [Number(count) + 1, ...text].join(" "));
    return;
  }
  const step = threads[thread]![state.next[thread]!]!;
  state.next[thread] = (state.next[thread] ?? 0) + 1;
  const found = step.reads === "" ? "" : (state.places.get(step.reads) ?? "0 -").replace(" ", "");
  state.seen[thread] = `${state.seen[thread]}${found}`;
  if (state.own[thread]!.includes(step.reads) && !found.includes(`(${thread}`))
    state.wrong.push(`${thread} finds ${found} at ${step.reads}`);
  // Some steps depend on what was seen: others write elsewhere then.
  const isElsewhere = state.seen[thread] !== "" && state.seen[thread].length % 3 === 0;
  const place = isElsewhere ? step.reads : step.changes;
  const [count, text = ""] = (state.places.get(place) ?? "0 -").split(" ");
  const after = step.isAdding ? `${Number(count) + 1} ${text}` : `0 (${thread}${state.seen[thread]})`;
  if (place !== "") state.places.set(place, after);
  if (place !== "" && !step.isAdding) state.own[thread]!.push(place);
}

function endOf({ places, seen, wrong }: State): string {
  return JSON.stringify([[...places].map((one) => one.join(" ")).sort(), seen, [...wrong].sort()]);
}

function endsOfAllOrders(program: Program): ReadonlySet<string> {
  const ends = new Set<string>();
  const follow = (turns: readonly number[]): void => {
    const state = begin(program);
    for (const turn of turns) take(program, state, turn);
    const able = ableIn(program, state);
    if (able.length === 0) ends.add(endOf(state));
    for (const one of able) follow([...turns, one]);
  };
  follow([]);
  return ends;
}

/** `text`: what a state is known by, all of it unless something is to be left out. */
async function explore(
  program: Program,
  text: (state: State) => string = (state) => JSON.stringify([endOf(state), state.next, state.alive]),
): Promise<Explored & { readonly ends: ReadonlySet<string> }> {
  const ends = new Set<string>();
  const explored = await exploreAll<State>({
    first: begin(program),
    able: (state) => ableIn(program, state),
    text,
    step: async (state, thread) => {
      const after = structuredClone(state);
      take(program, after, thread);
      return after;
    },
    ended: async (state) => void ends.add(endOf(state)),
  });
  return { ...explored, ends };
}

const place = fc.constantFrom("x", "y", "z");
const step = fc.record({
  reads: fc.oneof(place, fc.constant("")),
  changes: fc.constantFrom("x", "y", "z", "", ""),
  isAdding: fc.boolean(),
});
const program = fc.record({
  threads: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 }),
  blow: fc.constantFrom("none" as const, "kill" as const, "end" as const, "late" as const),
});

describe("the courses that are looked at", () => {
  test("come to every end and every fault that any order comes to, also where something ends a thread", async () => {
    let faults = 0;
    await fc.assert(
      fc.asyncProperty(program, async (one) => {
        const { ends } = await explore(one);
        expect([...ends].sort()).toEqual([...endsOfAllOrders(one)].sort());
        if ([...ends].some((end) => end.includes("finds"))) faults += 1;
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(faults).toBeGreaterThan(5);
  });

  test("miss ends where the text of a state leaves something out", async () => {
    const steps: readonly Step[] = [{ reads: "x", changes: "x", isAdding: false }];
    const two: Program = { threads: [steps, steps], blow: "none" };
    const short = await explore(two, ({ next }) => JSON.stringify(next));
    expect(short.ends.size).toBeLessThan(endsOfAllOrders(two).size);
  });

  test("come to each state once, by however many orders", async () => {
    const steps = (name: string): readonly Step[] =>
      Array.from({ length: 5 }, () => ({ reads: name, changes: name, isAdding: false }));
    const { states, ends } = await explore({ threads: [steps("x"), steps("y"), steps("z")], blow: "none" });
    expect([states, ends.size]).toEqual([6 ** 3, 1]);
  });

  test("are all orders where everybody touches the same", async () => {
    const steps: readonly Step[] = Array.from({ length: 3 }, () => ({
      reads: "x",
      changes: "x",
      isAdding: false,
    }));
    const { courses, ends } = await explore({ threads: [steps, steps], blow: "none" });
    expect([courses, ends.size]).toEqual([20, 20]);
  });
});
