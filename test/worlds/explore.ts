import { Seen, type Below } from "./seen.ts";
import { lastMet, note, type Event, type Place } from "./touched.ts";

/**
 * Every order of what several threads do, that can make a difference. Two events that touch nothing in common may change places
 * without anybody noticing, so of all orders that differ by such changes one is enough (dynamic partial order reduction, Flanagan
 * and Godefroid 2005):
 *
 *   a: look at the lock, make it           a first: b finds it locked
 *   b: look at the lock, make it           b first: a finds it locked
 *                                          both look first: one makes it, the other's link fails
 *
 * Each course is tried once. For every pair of its events that touch the same and that nothing between keeps in order, it is tried
 * once more with the second one's thread going before the first. A state that was come to before, with all that can follow it, is
 * not gone on from again (`seen.ts`). That no end is missed rests on three things: an event says all that it looks at and changes;
 * a thread that gets the same answers does the same again; and whoever can end a thread touches what every event of that thread
 * looks at. An event may touch other places where it finds other values: what it meets of another's event it meets all the same
 * when that one goes first, because it does the same up to the first value that differs. (Of sleep sets and source sets, which
 * try less, that does not hold: they take an event for the same whatever goes before.) `explore.test.ts` compares the ends found
 * with those of all orders of many small programs.
 */
export type System<S> = {
  readonly first: S;
  /** Who can go on; nobody at an end. */
  readonly able: (state: S) => readonly number[];
  /** Equal texts mean that the same can follow, and that the same would be said of it. */
  readonly text: (state: S) => string;
  /** What that thread does next. The state itself stays as it is: others go on from it. */
  readonly step: (state: S, thread: number) => Promise<{ readonly after: S; readonly event: Event }>;
  readonly ended: (state: S) => Promise<void>;
};

/** A state of the course that is being looked at: who went on from there in this course and in those before. */
type Node<S> = {
  readonly state: S;
  readonly able: readonly number[];
  readonly text: string;
  readonly tried: Set<number>;
  readonly wanted: Set<number>;
  /** What was touched in all that was looked at from here on. */
  below: Below;
  turn: number;
  event: Event | undefined;
};

/** Answers how many courses were begun. `isEnough`: gives up after so many. */
export async function exploreAll<S>(
  system: System<S>,
  isEnough: (courses: number) => boolean = () => false,
): Promise<number> {
  const nodes: Node<S>[] = [];
  const seen = new Seen();
  for (let count = 1; ; count += 1) {
    const from = Math.max(0, nodes.length - 1);
    const known = await follow(system, nodes, seen);
    const events = nodes.map(({ event }) => event!);
    const knowing = wantReversed(nodes, events, from);
    if (known !== undefined) {
      wantBelow(nodes, { events, knowing, seen, below: known });
      nodes.at(-1)!.below |= known;
    }
    const open = ({ tried, wanted }: Node<S>): number | undefined =>
      [...wanted].find((one) => !tried.has(one));
    const last = nodes.findLastIndex((node) => open(node) !== undefined);
    if (last < 0 || isEnough(count)) return count;
    while (nodes.length > last + 1) close(nodes, seen);
    nodes[last]!.turn = open(nodes[last]!)!;
  }
}

/** Goes on from the last state, to an end or to a state that is known; answers with what is below that one. */
async function follow<S>(system: System<S>, nodes: Node<S>[], seen: Seen): Promise<Below | undefined> {
  const go = async (node: Node<S>): Promise<S> => {
    const { after, event } = await system.step(node.state, node.turn);
    node.tried.add(event.thread);
    node.below |= seen.touchedBy(event);
    node.event = event;
    return after;
  };
  const start = nodes.at(-1);
  for (let state = start ? await go(start) : system.first; ;) {
    const able = system.able(state);
    const before = nodes.at(-1);
    if (before) wantEnded(before, able);
    const turn = before && able.includes(before.turn) ? before.turn : able[0];
    if (turn === undefined) {
      await system.ended(state);
      return undefined;
    }
    const text = system.text(state);
    const known = seen.find(text);
    if (known !== undefined) return known;
    const node = {
      state,
      able,
      text,
      tried: new Set<number>(),
      wanted: new Set<number>(),
      below: 0n,
      turn,
      event: undefined,
    };
    nodes.push(node);
    state = await go(node);
  }
}

/** All that can follow the last state has been looked at. */
function close(nodes: Node<unknown>[], seen: Seen): void {
  const { text, below } = nodes.pop()!;
  seen.add(text, below);
  nodes.at(-1)!.below |= below;
}

/** Whom an event has ended could have gone before it. */
function wantEnded(before: Node<unknown>, able: readonly number[]): void {
  for (const one of before.able) if (one !== before.turn && !able.includes(one)) before.wanted.add(one);
}
/** Of each other thread how many of its events came before and cannot be moved behind. */
type Knows = ReadonlyMap<number, number>;

/**
 * Has tried, for each pair that can be the other way round, the thread of the second. Pairs before `from` were looked at already.
 * Answers with what each thread knows at the end.
 */
function wantReversed(
  nodes: readonly Node<unknown>[],
  events: readonly Event[],
  from: number,
): ReadonlyMap<number, Knows> {
  const own = new Map<number, Knows>();
  const known: { readonly number: number; readonly knows: Knows }[] = [];
  const places = new Map<string, Place>();
  for (const [index, event] of events.entries()) {
    const { thread } = event;
    const knows = new Map(own.get(thread));
    for (const [other, at] of lastMet(places, event)) {
      const earlier = known[at]!;
      const isReversible = earlier.number > (knows.get(other) ?? 0);
      if (index >= from && isReversible) want(nodes[at]!, thread);
      for (const [one, number] of earlier.knows) knows.set(one, Math.max(number, knows.get(one) ?? 0));
    }
    const number = (own.get(thread)?.get(thread) ?? 0) + 1;
    knows.set(thread, number);
    known.push({ number, knows });
    own.set(thread, knows);
    note(places, event, index);
  }
  return own;
}

/** The same for pairs of an event and one that followed the same state on another way. Which others that one needs is not known. */
function wantBelow(
  nodes: readonly Node<unknown>[],
  given: {
    readonly events: readonly Event[];
    readonly knowing: ReadonlyMap<number, Knows>;
    readonly seen: Seen;
    readonly below: Below;
  },
): void {
  const { events, knowing, seen, below } = given;
  const numbers = new Map<number, number>();
  const threads = new Set(nodes.flatMap(({ able }) => able));
  for (const [index, event] of events.entries()) {
    const number = (numbers.get(event.thread) ?? 0) + 1;
    numbers.set(event.thread, number);
    for (const thread of threads) {
      const isOver = thread === event.thread || (knowing.get(thread)?.get(event.thread) ?? 0) >= number;
      if (!isOver && seen.isMet(event, below, thread)) want(nodes[index]!, thread);
    }
  }
}

/** Who cannot go there needs one who can, whichever that is. */
function want({ able, wanted }: Node<unknown>, thread: number): void {
  for (const one of able.includes(thread) ? [thread] : able) wanted.add(one);
}
