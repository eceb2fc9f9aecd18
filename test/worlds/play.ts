import type { Moment, Program } from "./program.ts";
import { copyOf, type Model, type Operation, type Outcome } from "./stage.ts";

/** A world from its beginning: who acts in it, and where. */
export type Play = {
  readonly first: Model;
  /** Each program has a machine of its own. */
  readonly isApart: boolean;
  /** The program of that name and process number; the same each time. */
  readonly program: (name: string, number: number) => Program;
  /** All that is in it beside the programs that run, and what was found wrong. */
  readonly describe: (model: Model) => string;
  /** Whether what it reads can still come to anything: it has the lock. */
  readonly hasLock: (model: Model, name: string) => boolean;
};

/** The two that act in a world at once. */
export const names = ["ada", "grace"] as const;

export type Told = "truth" | "lost" | "unsent";

/** It happens now, in this world. The program hears what it answers, or of a broken connection: after it happened, or instead. */
export function perform(operation: Operation, model: Model, told: Told): Outcome {
  try {
    const value = told === "unsent" ? undefined : operation.effect(model);
    if (told !== "truth") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    return { value };
  } catch (error) {
    return { error };
  }
}

/** What is nothing to choose about happens as soon as it is asked for. */
export async function settle(program: Program, from: Moment, model: Model): Promise<Moment> {
  for (let moment = from; ;) {
    const index = moment.end === undefined ? moment.pending.findIndex(({ isAtOnce }) => isAtOnce(model)) : -1;
    if (index < 0) return moment;
    const outcome = perform(moment.pending[index]!, model, "truth");
    moment = await program.tell(moment, index, outcome, model.now);
  }
}

export function without(running: ReadonlySet<number>, number: number): ReadonlySet<number> {
  return new Set([...running].filter((one) => one !== number));
}

/** One more program, alone, to its end; answers with how it ended. */
export async function finish(play: Play, model: Model, name: string, number: number): Promise<string> {
  const program = play.program(name, number);
  model.running = new Set([...model.running, number]);
  let moment = await settle(program, await program.begin(model.now), model);
  for (let count = 0; moment.end === undefined; count += 1) {
    if (count > 5_000) throw new Error(`${name} does not end`);
    const told = await program.tell(moment, 0, perform(moment.pending[0]!, model, "truth"), model.now);
    moment = await settle(program, told, model);
  }
  model.running = without(model.running, number);
  return moment.end;
}

/** How many calls a run that is alone sends, whose answers can be lost. */
export async function countCalls(play: Play): Promise<number> {
  const model = copyOf(play.first);
  const program = play.program(names[0], 1);
  model.running = new Set([1]);
  let moment = await settle(program, await program.begin(model.now), model);
  let calls = 0;
  while (moment.end === undefined) {
    if (isCall(moment.pending[0]!)) calls += 1;
    const told = await program.tell(moment, 0, perform(moment.pending[0]!, model, "truth"), model.now);
    moment = await settle(program, told, model);
  }
  return calls;
}

/** Reads of an account are asked again by the client, and tell nobody anything. */
export function isCall({ sort }: Operation): boolean {
  return sort === "write" || sort === "remote";
}
