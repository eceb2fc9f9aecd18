import type { BudgetName, Millis } from "../model/budget.ts";
import type { Slot, Step, StepId } from "../model/plan.ts";
import { RankHeap } from "../base/rank-heap.ts";
import { countWindow, type CountInput, type WindowCount } from "./window-count.ts";

/** What steps are placed by: what is known of budgets, and how fast a run works. */
export type PlaceInput = CountInput & {
  /** How long a step usually takes. */
  readonly duration: (step: Step) => Millis;
  /** How many writes may be under way at the same time. */
  readonly concurrency: number;
};

/** A slot; `opening` is when the window opened that the step had to wait for. */
export type Placed = Slot & { readonly opening?: Millis };

/** When each step starts, and when all of them are done, in milliseconds from the start of the run. */
export type Placement = {
  /** In the order in which they start. */
  readonly slots: readonly Placed[];
  readonly end: Millis;
};

/** The budgets that a step spends a call of; waits and notes in the inventory spend none. */
export function budgetsOf(step: Step): readonly BudgetName[] {
  return step.step === "write" ? step.write.budgets : [];
}

/**
 * Finds when each step starts. At every moment, the first step of `order` starts whose needs are done and whose budgets have
 * a call left, as long as fewer than `concurrency` writes are under way. So nothing waits that could run, and no window is
 * exceeded. `without`: a budget that is taken to have no limit. Time and memory grow with the steps, not with their square.
 */
export function placeSteps(
  order: readonly Step[],
  input: PlaceInput,
  without: BudgetName | null = null,
): Placement {
  return new Timetable(order, input, without).fill();
}

/**
 * The budgets that each step spends when it starts. A step with `together` also takes the calls of that other step, which
 * then spends none by itself. Where the first of the two is not among the steps, it is done, and the other spends its own.
 */
function spendTogether(
  order: readonly Step[],
  places: ReadonlyMap<StepId, number>,
): readonly (readonly BudgetName[])[] {
  const spends = order.map((step) => budgetsOf(step));
  for (const [place, step] of order.entries()) {
    const other =
      step.step === "write" && step.together !== undefined ? places.get(step.together) : undefined;
    if (other === undefined) continue;
    spends[place] = [...spends[place]!, ...budgetsOf(order[other]!)];
    spends[other] = [];
  }
  return spends;
}

/** A placement while it is made: time goes from moment to moment, and steps are named by their place in the order. */
class Timetable {
  readonly #order: readonly Step[];
  readonly #input: PlaceInput;
  readonly #without: BudgetName | null;
  readonly #open: number[];
  readonly #dependants: readonly number[][];
  readonly #counts = new Map<BudgetName, WindowCount>();
  readonly #ready = new RankHeap();
  /** Steps that wait for a window, by its budget. */
  readonly #parked = new Map<BudgetName, RankHeap>();
  readonly #waitedFor = new Map<number, BudgetName>();
  /** Calls that each step spends when it starts: its own, and those of the step that it starts together with. */
  readonly #spends: readonly (readonly BudgetName[])[];
  /** Steps that end at a moment, and the moments. */
  readonly #endings = new Map<Millis, number[]>();
  readonly #moments = new RankHeap();
  readonly #slots: Placed[] = [];
  #writers: number;
  #end: Millis = 0;

  constructor(order: readonly Step[], input: PlaceInput, without: BudgetName | null) {
    this.#order = order;
    this.#input = input;
    this.#without = without;
    this.#writers = input.concurrency;
    const places = new Map(order.map((step, place) => [step.id, place]));
    this.#spends = spendTogether(order, places);
    this.#dependants = order.map(() => []);
    this.#open = order.map((step, place) => {
      const needs = new Set(step.needs.flatMap((id) => places.get(id) ?? []));
      for (const need of needs) this.#dependants[need]!.push(place);
      return needs.size;
    });
  }

  fill(): Placement {
    this.#open.forEach((needs, place) => {
      if (needs === 0) this.#makeReady(place, 0);
    });
    for (let at: Millis | undefined = 0; at !== undefined; at = this.#nextMoment(at)) {
      this.#finishAt(at);
      this.#startAt(at);
    }
    return { slots: this.#slots, end: this.#end };
  }

  /** Takes up a step whose needs are done. Only a write waits for its turn and for budgets; anything else starts at once. */
  #makeReady(place: number, at: Millis): void {
    if (this.#order[place]!.step === "write") this.#ready.push(place);
    else this.#start(place, at);
  }

  #startAt(at: Millis): void {
    while (this.#writers > 0) {
      const queue = this.#bestQueue(at);
      const place = queue?.pop();
      if (place === undefined) return;
      const full = this.#fullBudget(place, at);
      if (full === undefined) this.#start(place, at);
      else this.#park(place, full);
    }
  }

  /** The queue whose first step is the most urgent: of those that are ready, or that wait for a window which has opened. */
  #bestQueue(at: Millis): RankHeap | undefined {
    let best = this.#ready.size > 0 ? this.#ready : undefined;
    for (const [budget, queue] of this.#parked) {
      if (queue.size === 0 || this.#lacksAt(queue.peek()!, budget, at) > 0) continue;
      if (best === undefined || queue.peek()! < best.peek()!) best = queue;
    }
    return best;
  }

  /** The budget that a step has to wait for: of those without a call left, the one that opens last. `undefined`: none. */
  #fullBudget(place: number, at: Millis): BudgetName | undefined {
    let full: BudgetName | undefined;
    for (const budget of this.#budgetsAt(place)) {
      if (this.#lacksAt(place, budget, at) === 0) continue;
      if (full === undefined || this.#opensAt(place, budget, at) > this.#opensAt(place, full, at))
        full = budget;
    }
    return full;
  }

  /** How many of a step's calls of a budget have no room. */
  #lacksAt(place: number, budget: BudgetName, at: Millis): number {
    const calls = this.#budgetsAt(place).filter((one) => one === budget).length;
    return this.#count(budget).lacks(at, calls);
  }

  #opensAt(place: number, budget: BudgetName, at: Millis): Millis {
    return this.#count(budget).opensAt(at, this.#lacksAt(place, budget, at));
  }

  #park(place: number, budget: BudgetName): void {
    const queue = this.#parked.get(budget) ?? new RankHeap();
    this.#parked.set(budget, queue);
    queue.push(place);
    this.#waitedFor.set(place, budget);
  }

  #start(place: number, at: Millis): void {
    const step = this.#order[place]!;
    const budget = this.#waitedFor.get(place);
    const waited = budget === undefined ? {} : { budget, opening: this.#count(budget).openedAt(at) };
    for (const spent of this.#budgetsAt(place)) this.#count(spent).take(at);
    this.#slots.push({ step: step.id, start: at, ...waited });
    if (step.step === "write") this.#writers -= 1;
    const end = at + this.#input.duration(step);
    this.#end = Math.max(this.#end, end);
    if (step.step !== "write" && end === at) return this.#finish(place, at);
    const ending = this.#endings.get(end);
    if (ending) ending.push(place);
    else {
      this.#endings.set(end, [place]);
      this.#moments.push(end);
    }
  }

  #finishAt(at: Millis): void {
    while (this.#moments.peek() !== undefined && this.#moments.peek()! <= at) {
      const moment = this.#moments.pop()!;
      for (const place of this.#endings.get(moment)!) {
        if (this.#order[place]!.step === "write") this.#writers += 1;
        this.#finish(place, at);
      }
      this.#endings.delete(moment);
    }
  }

  #finish(place: number, at: Millis): void {
    for (const dependant of this.#dependants[place]!) {
      this.#open[dependant]! -= 1;
      if (this.#open[dependant] === 0) this.#makeReady(dependant, at);
    }
  }

  /** The next end of a step, or the next opening of a window that a step waits for. */
  #nextMoment(at: Millis): Millis | undefined {
    let next = this.#moments.peek();
    for (const [budget, queue] of this.#parked) {
      const first = queue.peek();
      if (first === undefined || this.#lacksAt(first, budget, at) === 0) continue;
      const opensAt = this.#opensAt(first, budget, at);
      if (next === undefined || opensAt < next) next = opensAt;
    }
    return next;
  }

  #budgetsAt(place: number): readonly BudgetName[] {
    const budgets = this.#spends[place]!;
    return this.#without === null ? budgets : budgets.filter((budget) => budget !== this.#without);
  }

  #count(budget: BudgetName): WindowCount {
    const known = this.#counts.get(budget);
    if (known) return known;
    const count = countWindow(budget, this.#input);
    this.#counts.set(budget, count);
    return count;
  }
}
