/**
 * Every order of what several threads do, that can make a difference. Two events that touch nothing in common may change places
 * without anybody noticing, so of all orders that differ by such changes one is tried (dynamic partial order reduction with
 * sleep sets, Flanagan and Godefroid 2005; the choice of whom to try is that of source sets, Abdulla et al. 2014):
 *
 *   a: look at the lock, make it           a first: b finds it locked
 *   b: look at the lock, make it           b first: a finds it locked
 *                                          both look first: one makes it, the other's link fails
 *
 * Each course is tried once. For every pair of its events that touch the same and that nothing between keeps in order, it is tried
 * once more with the second one going before the first. That no end is missed rests on three things: an event says all that it
 * looks at and changes; a thread that gets the same answers does the same again; and whoever can end a thread touches what every
 * event of that thread looks at. `explore.test.ts` compares the ends found with those of all orders of many small programs.
 */
export type Event = {
  readonly thread: number;
  readonly reads: readonly string[];
  readonly changes: readonly string[];
};

/** Before each event: whose turn it is, of those who can have it; at `undefined` all that could follow is part of another course. */
type Walk = {
  readonly choose: (able: readonly number[]) => number | undefined;
  /** What the one whose turn it was has done. */
  readonly did: (event: Event) => void;
};

/** One course from the beginning. */
export type Course = (walk: Walk) => Promise<void>;

/** A moment of the course that is being looked at: who went on from there in this course and in those before. */
type Node = {
  readonly able: readonly number[];
  /** In the order in which they were tried; the last one is of this course. */
  readonly tried: Map<number, Event>;
  readonly wanted: Set<number>;
  /** Whoever was tried before, and whose event nothing since has met: to let them go now would be the same course again. */
  readonly asleep: ReadonlyMap<number, Event>;
  turn: number;
};

/** Answers how many courses were begun. `most`: gives up after so many. */
export async function exploreAll(course: Course, most = Infinity): Promise<number> {
  const nodes: Node[] = [];
  for (let count = 1; ; count += 1) {
    const planned = nodes.length;
    const events: Event[] = [];
    await course({
      choose: (able) => {
        const index = events.length;
        if (index < planned) return nodes[index]!.turn;
        const before = nodes[index - 1];
        if (before) wantEnded(before, able);
        const asleep = before ? asleepAfter(before, events[index - 1]!) : new Map<number, Event>();
        const awake = able.filter((one) => !asleep.has(one));
        const turn = before && awake.includes(before.turn) ? before.turn : awake[0];
        if (turn === undefined) return undefined;
        nodes.push({ able, tried: new Map(), wanted: new Set(), asleep, turn });
        return turn;
      },
      did: (event) => {
        nodes[events.length]!.tried.set(event.thread, event);
        events.push(event);
      },
    });
    wantReversed(nodes, events, planned - 1);
    const open = ({ tried, wanted, asleep }: Node): number | undefined =>
      [...wanted].find((one) => !tried.has(one) && !asleep.has(one));
    const last = nodes.findLastIndex((node) => open(node) !== undefined);
    if (last < 0 || count >= most) return count;
    nodes[last]!.turn = open(nodes[last]!)!;
    nodes.length = last + 1;
  }
}

/** Whom an event has ended could have gone before it. */
function wantEnded(before: Node, able: readonly number[]): void {
  for (const one of before.able) if (one !== before.turn && !able.includes(one)) before.wanted.add(one);
}

/** At the moment after an event: those asleep or tried before, as long as it meets nothing of theirs. */
function asleepAfter({ asleep, tried, turn }: Node, event: Event): ReadonlyMap<number, Event> {
  const before = [...asleep, ...tried].filter(([one]) => one !== turn);
  return new Map(before.filter(([, other]) => !areDependent(other, event)));
}

/** An event of a course, and of each thread how many events came before it and cannot be moved behind it. */
type Seen = { readonly event: Event; readonly number: number; readonly knows: ReadonlyMap<number, number> };

/** Has tried, for each pair that can be the other way round, whoever begins that. Pairs before `from` were looked at already. */
function wantReversed(nodes: readonly Node[], events: readonly Event[], from: number): void {
  const seen: Seen[] = [];
  const own = new Map<number, Seen>();
  const touched = new Map<string, Touched>();
  for (const [index, event] of events.entries()) {
    const { thread } = event;
    const knows = new Map(own.get(thread)?.knows);
    for (const [other, at] of lastMet(touched, event)) {
      const met = seen[at]!;
      if (index >= from && met.number > (knows.get(other) ?? 0) && nodes[at]!.able.includes(thread))
        wantOne(nodes[at]!, beginnersOf(seen, at, knows, thread));
      for (const [one, number] of met.knows) knows.set(one, Math.max(number, knows.get(one) ?? 0));
    }
    const number = (own.get(thread)?.number ?? 0) + 1;
    knows.set(thread, number);
    seen.push({ event, number, knows });
    own.set(thread, seen.at(-1)!);
    note(touched, event, index);
  }
}

function wantOne(node: Node, beginners: readonly number[]): void {
  if (beginners.some((one) => node.wanted.has(one) || node.tried.has(one) || node.asleep.has(one))) return;
  node.wanted.add(beginners[0]!);
}

/**
 * Who can begin, at the place of an event, with what followed and does not need it, up to the event that `thread` has next:
 * `knows` is what that one needs beside the event it met.
 */
function beginnersOf(
  seen: readonly Seen[],
  at: number,
  knows: ReadonlyMap<number, number>,
  thread: number,
): readonly number[] {
  const { event, number } = seen[at]!;
  const needs = (one: { readonly knows: ReadonlyMap<number, number> }, of: Seen): boolean =>
    (one.knows.get(of.event.thread) ?? 0) >= of.number;
  const after = seen.slice(at + 1).filter((one) => (one.knows.get(event.thread) ?? 0) < number);
  const first = new Map<number, Seen>();
  for (const one of after) if (!first.has(one.event.thread)) first.set(one.event.thread, one);
  const free = [...first.values()].filter((one) =>
    after.every((other) => other === one || !needs(one, other)),
  );
  const isFree = !first.has(thread) && !after.some((one) => needs({ knows }, one));
  const beginners = free.map((one) => one.event.thread);
  return isFree
    ? [thread, ...beginners]
    : beginners.sort((a, b) => Number(b === thread) - Number(a === thread));
}

/** Of a place: the last that looked at it and that changed it, of each thread. */
type Touched = { readonly read: Map<number, number>; readonly changed: Map<number, number> };

function note(touched: Map<string, Touched>, { thread, reads, changes }: Event, index: number): void {
  const placeOf = (name: string): Touched => {
    const place = touched.get(name) ?? { read: new Map(), changed: new Map() };
    touched.set(name, place);
    return place;
  };
  for (const name of reads) placeOf(name).read.set(thread, index);
  for (const name of changes) placeOf(name).changed.set(thread, index);
}

/** Of each other thread its last event that this one meets, the latest first: what that one needs is no pair of its own. */
function lastMet(
  touched: ReadonlyMap<string, Touched>,
  { thread, reads, changes }: Event,
): readonly (readonly [number, number])[] {
  const last = new Map<number, number>();
  const meet = (found: ReadonlyMap<number, number> | undefined): void => {
    for (const [other, index] of found ?? [])
      if (other !== thread) last.set(other, Math.max(index, last.get(other) ?? -1));
  };
  for (const name of reads) meet(touched.get(name)?.changed);
  for (const name of changes) {
    meet(touched.get(name)?.changed);
    meet(touched.get(name)?.read);
  }
  return [...last].sort(([, one], [, other]) => other - one);
}

function areDependent(one: Event, other: Event): boolean {
  const meets = (changed: readonly string[], { reads, changes }: Event): boolean =>
    changed.some((path) => reads.includes(path) || changes.includes(path));
  return meets(one.changes, other) || meets(other.changes, one);
}
