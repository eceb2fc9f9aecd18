import type { Operation, Outcome, Runner } from "./stage.ts";

/**
 * Where a program is: what it has asked for, or how it ended. A program does the same again when it hears the same, so that is all
 * that it knows, and all answers of the world that lead here.
 */
export type Moment = {
  readonly id: number;
  readonly pending: readonly Operation[];
  readonly end: string | undefined;
  /** It has asked for the time since it was last told something. */
  readonly hasLooked: boolean;
  readonly heard: Heard | undefined;
  /** By what it hears next. */
  readonly next: Map<string, Reaction>;
};

type Heard = {
  readonly from: Moment;
  readonly index: number;
  readonly outcome: Outcome;
  readonly now: number;
};

/** After one answer. When it does not ask for the time, it does the same at any time. */
type Reaction = { readonly isTimed: boolean; readonly moments: Map<number, Moment> };

/** Runners that stand at some moment and can go on from there; more are dropped, and made again when they are asked for. */
const mostWaiting = 200;
let count = 0;

/**
 * A program, as a tree of what it does after what it hears. Each branch is what the real program did: where none is yet, it runs
 * once more, hears again what led there, and then the new answer. So a million states of a world need no more runs than there are
 * different things for one program to hear in them.
 */
export class Program {
  readonly #start: (now: number) => Runner;
  readonly #first: Reaction = { isTimed: true, moments: new Map() };
  readonly #waiting = new Map<Moment, Runner>();

  constructor(start: (now: number) => Runner) {
    this.#start = start;
  }

  async begin(now: number): Promise<Moment> {
    const known = this.#first.moments.get(now);
    if (known) return known;
    const runner = this.#start(now);
    await runner.settle();
    const first = momentOf(runner, undefined);
    this.#first.moments.set(now, first);
    this.#keep(first, runner);
    return first;
  }

  /** Where it is once it has heard what came of one of its operations. */
  tell(from: Moment, index: number, outcome: Outcome, now: number): Moment | Promise<Moment> {
    const known = from.next.get(keyOf(index, outcome));
    const there = known?.moments.get(known.isTimed ? now : 0);
    return there ?? this.#learn({ from, index, outcome, now });
  }

  async #learn(heard: Heard): Promise<Moment> {
    const { from, index, outcome, now } = heard;
    const runner = await this.#runnerAt(from);
    await runner.tell(index, outcome, now);
    const moment = momentOf(runner, heard);
    const isTimed = moment.hasLooked;
    const reaction = from.next.get(keyOf(index, outcome)) ?? { isTimed, moments: new Map() };
    if (reaction.isTimed !== isTimed) throw new Error(`${runner.name} does not do the same again`);
    reaction.moments.set(isTimed ? now : 0, moment);
    from.next.set(keyOf(index, outcome), reaction);
    this.#keep(moment, runner);
    return moment;
  }

  async #runnerAt(moment: Moment): Promise<Runner> {
    const waiting = this.#waiting.get(moment);
    this.#waiting.delete(moment);
    if (waiting) return waiting;
    const heard: Heard[] = [];
    let first = moment;
    for (; first.heard; first = first.heard.from) heard.unshift(first.heard);
    const [start] = [...this.#first.moments].find(([, one]) => one === first)!;
    const runner = this.#start(start);
    await runner.settle();
    for (const { from, index, outcome, now } of heard) {
      requireSame(runner, from);
      await runner.tell(index, outcome, now);
    }
    requireSame(runner, moment);
    return runner;
  }

  #keep(moment: Moment, runner: Runner): void {
    if (moment.end !== undefined) return;
    this.#waiting.set(moment, runner);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > mostWaiting) this.#waiting.delete(oldest!);
  }
}

function momentOf({ pending, end, hasLooked }: Runner, heard: Heard | undefined): Moment {
  count += 1;
  return { id: count, pending, end, hasLooked, heard, next: new Map() };
}

function keyOf(index: number, outcome: Outcome): string {
  return "error" in outcome
    ? `${index} fails ${String(outcome.error)}`
    : `${index} ${JSON.stringify(outcome.value)}`;
}

/** That a program does the same again is what everything here rests on. */
function requireSame(runner: Runner, moment: Moment): void {
  const [now, then] = [runner, moment].map(({ pending, end }) =>
    [...pending.map(({ name }) => name), end ?? ""].join("\n"),
  );
  if (now !== then)
    throw new Error(`${runner.name} does not do the same again:\n${now}\nand before:\n${then}`);
}
