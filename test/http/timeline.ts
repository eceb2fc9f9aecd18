/**
 * Time for one test: it stands still while anything is ready to run, and jumps to the earliest sleeper when nothing is.
 * Sleepers of one moment wake in the order in which they lay down.
 */
export type Timeline = {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Lets time pass until the work is done; rejects when everybody waits for something that cannot come. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
};

export function makeTimeline(start: number): Timeline {
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let now = start;
  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => void sleepers.push({ at: now + Math.max(0, milliseconds), wake })),
    run: async (work) => {
      let isDone = false;
      const ended = (): void => void (isDone = true);
      work.then(ended, ended);
      for (;;) {
        await new Promise((resolve) => void setImmediate(resolve));
        if (isDone) return work;
        const earliest = sleepers.reduce<number>(
          (found, { at }, index) => (at < (sleepers[found]?.at ?? Infinity) ? index : found),
          0,
        );
        const [next] = sleepers.splice(earliest, 1);
        if (!next) throw new Error("everybody waits, and nobody for the time");
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}
