/**
 * A system of several threads, as all that can follow a state. What a thread does next depends on nothing but the state, so a state
 * is gone on from once: who comes to it again by another way would see the same follow.
 *
 *   a sets x, b sets y, ...        looked at to all ends
 *   b sets y, a sets x             the same state: nothing new follows
 */
export type System<S> = {
  readonly first: S;
  /** Who can go on; nobody at an end. */
  readonly able: (state: S) => readonly number[];
  /** Equal texts mean that the same can follow, and that the same would be said of it. */
  readonly text: (state: S) => string;
  /** What that thread does next. The state itself stays as it is: others go on from it. */
  readonly step: (state: S, thread: number) => Promise<S>;
  readonly ended: (state: S) => Promise<void>;
};

/** Ways that were gone up to an end or to a state that is known, and all states, those at an end included. */
export type Explored = { readonly courses: number; readonly states: number };

/**
 * Goes on from each state with everybody who can, whatever the others would do. (A reduction that leaves out orders of steps which
 * do not touch one another was slower here than to look at all, and its account of what a step touches had gaps.) The thread that
 * had the last turn goes first. `isEnough`: gives up after so many courses.
 */
export async function exploreAll<S>(
  { first, able, text, step, ended }: System<S>,
  isEnough: (courses: number) => boolean = () => false,
): Promise<Explored> {
  const seen = new Set<string>();
  type Open = { readonly state: S; readonly turn: number | undefined };
  const open: { readonly from: S; readonly turn: number }[] = [];
  let courses = 0;
  for (let next: Open | undefined = { state: first, turn: undefined }; next;) {
    const { state, turn: last } = next;
    const isKnown = seen.size === seen.add(text(state)).size;
    const turns = isKnown ? [] : able(state);
    if (!isKnown && turns.length === 0) await ended(state);
    if (turns.length === 0) courses += 1;
    if (turns.length === 0 && isEnough(courses)) break;
    const others = turns.filter((turn) => turn !== last).reverse();
    for (const turn of others) open.push({ from: state, turn });
    if (last !== undefined && turns.includes(last)) open.push({ from: state, turn: last });
    const going = open.pop();
    next = going && { state: await step(going.from, going.turn), turn: going.turn };
  }
  return { courses, states: seen.size };
}
