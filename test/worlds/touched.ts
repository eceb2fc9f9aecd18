/** The places that something looks at and changes, at the moment when it happens. */
export type Touched = {
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  /** Changes that may change places with each other: names that come and go in one folder, waits that make it later. */
  readonly adds: readonly string[];
};

export type Event = Touched & { readonly thread: number };

/** What meets what at one place: all but two looks, and two changes that may change places. */
export const meetings = {
  reads: ["changes", "adds"],
  changes: ["reads", "changes", "adds"],
  adds: ["reads", "changes"],
} as const;
export const ways = ["reads", "changes", "adds"] as const;

/** Of a place: the last that touched it in each way, of each thread. */
export type Place = { readonly [way in keyof Touched]: Map<number, number> };

export function note(places: Map<string, Place>, event: Event, index: number): void {
  const placeOf = (name: string): Place => {
    const place = places.get(name) ?? { reads: new Map(), changes: new Map(), adds: new Map() };
    places.set(name, place);
    return place;
  };
  for (const way of ways) for (const name of event[way]) placeOf(name)[way].set(event.thread, index);
}

/** Of each other thread its last event that this one meets, the latest first: what that one needs is no pair of its own. */
export function lastMet(
  places: ReadonlyMap<string, Place>,
  event: Event,
): readonly (readonly [number, number])[] {
  const last = new Map<number, number>();
  const meet = (found: ReadonlyMap<number, number> | undefined): void => {
    for (const [other, index] of found ?? [])
      if (other !== event.thread) last.set(other, Math.max(index, last.get(other) ?? -1));
  };
  for (const way of ways)
    for (const name of event[way]) for (const met of meetings[way]) meet(places.get(name)?.[met]);
  return [...last].sort(([, one], [, other]) => other - one);
}
