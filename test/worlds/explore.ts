/**
 * Every order of what two runners do, that can make a difference. Two operations that touch nothing in common may change places
 * without anybody noticing, so of all orders that differ by such changes one is tried (dynamic partial order reduction,
 * Flanagan and Godefroid 2005): each course is tried once, and then once more for each pair of operations in it that touch
 * the same thing, the other way round.
 *
 *   a: look at the lock, make it           a first: b finds it locked
 *   b: look at the lock, make it           b first: a finds it locked
 *                                          both look first: one makes it, the other's link fails
 */
export type Event = {
  readonly runner: number;
  readonly reads: readonly string[];
  readonly changes: readonly string[];
};

/**
 * One course from the beginning. Before each event `choose` says whose turn it is, of those who can have it (`able`); at
 * `undefined` the course ends where it is, since all that could follow is part of another one.
 */
export type Course = (
  choose: (able: ReadonlyMap<number, Event>) => number | undefined,
) => Promise<readonly Event[]>;

/** A moment of the course that is being looked at: who went on from there in this course and in those before. */
type Node = {
  readonly able: ReadonlyMap<number, Event>;
  readonly tried: Map<number, Event>;
  readonly wanted: Set<number>;
  /** Whoever was tried before, and whose event nothing since has met: to let them go now would be the same course again. */
  readonly asleep: ReadonlyMap<number, Event>;
};

/** Answers how many courses there are. `most`: gives up after so many. */
export async function exploreAll(course: Course, most = Infinity): Promise<number> {
  const nodes: Node[] = [];
  let next: number | undefined;
  for (let count = 1; ; count += 1) {
    const planned = nodes.length;
    let index = 0;
    let before: number | undefined;
    const turns = nodes.map((node, place) =>
      place === planned - 1 ? next! : [...node.tried.keys()].at(-1)!,
    );
    const events = await course((able) => {
      const node = (nodes[index] ??= {
        able,
        tried: new Map(),
        wanted: new Set(),
        asleep: asleepAfter(nodes[index - 1]),
      });
      const awake = [...able.keys()].filter((one) => !node.asleep.has(one));
      const turn = turns[index] ?? (before !== undefined && awake.includes(before) ? before : awake[0]);
      if (turn === undefined) return undefined;
      // Last of those who were tried: the order in which they stand here is the order in which they were.
      node.tried.delete(turn);
      node.tried.set(turn, able.get(turn)!);
      index += 1;
      before = turn;
      return turn;
    });
    nodes.length = events.length;
    for (const [place, runner] of racesOf(events))
      if (nodes[place]?.able.has(runner)) nodes[place].wanted.add(runner);
    const open = ({ tried, wanted, asleep }: Node): number | undefined =>
      [...wanted].find((one) => !tried.has(one) && !asleep.has(one));
    const last = nodes.findLastIndex((node) => open(node) !== undefined);
    if (last < 0 || count >= most) return count;
    next = open(nodes[last]!);
    nodes.length = last + 1;
  }
}

/** At the moment after the last turn of a node: those asleep or tried before, as long as that turn meets nothing of theirs. */
function asleepAfter(node: Node | undefined): ReadonlyMap<number, Event> {
  if (!node) return new Map();
  const [turn, event] = [...node.tried].at(-1)!;
  const before = [...node.asleep, ...node.tried].filter(([one]) => one !== turn);
  return new Map(before.filter(([, other]) => !areDependent(other, event)));
}

/** Pairs that touch the same and that nothing between them keeps in order: the index of the first, and who came second. */
function racesOf(events: readonly Event[]): readonly (readonly [number, number])[] {
  const races: (readonly [number, number])[] = [];
  /** Of each runner: how many events of every runner it can know of. */
  const known = new Map<number, Map<number, number>>();
  const seen: {
    readonly event: Event;
    readonly number: number;
    readonly index: number;
    readonly knew: Map<number, number>;
  }[] = [];
  const counts = new Map<number, number>();
  for (const [index, event] of events.entries()) {
    const knows = new Map(known.get(event.runner));
    const others = new Set(events.map(({ runner }) => runner));
    others.delete(event.runner);
    for (const other of others) {
      const last = seen.findLast((one) => one.event.runner === other && areDependent(one.event, event));
      if (!last) continue;
      if (last.number > (knows.get(other) ?? 0)) races.push([last.index, event.runner]);
      for (const [runner, number] of last.knew) knows.set(runner, Math.max(number, knows.get(runner) ?? 0));
    }
    const number = (counts.get(event.runner) ?? 0) + 1;
    counts.set(event.runner, number);
    knows.set(event.runner, number);
    known.set(event.runner, knows);
    seen.push({ event, number, index, knew: knows });
  }
  return races;
}

function areDependent(one: Event, other: Event): boolean {
  const meets = (changed: readonly string[], { reads, changes }: Event): boolean =>
    changed.some((path) => reads.includes(path) || changes.includes(path));
  return meets(one.changes, other) || meets(other.changes, one);
}
