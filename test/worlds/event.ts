import { clock, names, type Done } from "./play.ts";
import type { Model, Operation } from "./stage.ts";
import type { Event, Touched } from "./touched.ts";

/**
 * What they touched, and what the code touched that they let go on: who asked for the time notices when it passes. Whoever ends a
 * program has to be noticed by each of its events.
 */
export function eventOf(
  done: readonly Done[],
  {
    isTimed,
    thread,
    isOver,
  }: { readonly isTimed: boolean; readonly thread: number; readonly isOver: boolean },
): Event {
  const looks = isTimed ? [clock] : [];
  const all = (way: keyof Touched): readonly string[] => done.flatMap(({ touched }) => touched[way] ?? []);
  return {
    thread,
    reads: [...new Set([...all("reads"), lifeOf(thread), ...looks])],
    changes: [...new Set([...all("changes"), ...(isOver ? [processOf(thread)] : [])])],
    adds: [...new Set(all("adds"))],
  };
}

/**
 * Operations of one runner that are one event:
 *
 *   the lock       taking, checking, giving back: `lock-world.ts` looks at each of their steps by itself
 *   a file read    opened and read: what is read was there at one of the two moments
 *   a file staged  made, written and synced under a name that only its runner knows
 */
export function belongsTo(next: Operation, last: Operation, isFine: boolean): boolean {
  const isOnly = ({ paths }: Operation, pattern: RegExp): boolean =>
    paths.every((path) => pattern.test(path) || path.endsWith("/"));
  const areBoth = (pattern: RegExp): boolean =>
    last.paths.length > 0 && isOnly(next, pattern) && isOnly(last, pattern);
  if (next.sort !== "file" || last.sort !== "file") return false;
  if (!isFine && areBoth(/\/lock(?:$|\.)|^\/proc\//u)) return true;
  if (areBoth(/\.temporary$/u)) return true;
  return next.name.startsWith("read ") && last.name.startsWith("open ") && next.paths[0] === last.paths[0];
}

/** What is read one after the other, and what is staged beside: of a program without the lock one event. */
export function areLooks(model: Model, ...all: readonly Operation[]): boolean {
  return all.every(({ sort, paths, touches }) => {
    const { changes = [], adds = [] } = touches(model);
    if (sort === "sleep" || sort === "write" || sort === "remote") return false;
    return changes.length + adds.length === 0 || paths.every((path) => path.endsWith(".temporary"));
  });
}

export function lifeOf(thread: number): string {
  return `life of ${names[thread]!}`;
}

export function processOf(thread: number): string {
  return `/proc/${thread + 1}/stat`;
}
