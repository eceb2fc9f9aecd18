import type { System } from "./explore.ts";
import { digest } from "./digest.ts";
import { isCall, names, perform, settle, without, type Play, type Told } from "./play.ts";
import type { Moment } from "./program.ts";
import { copyOf, type Model, type Operation } from "./stage.ts";

/** Where one of the two is: at a moment of its program, which may be its end, or killed. */
type Place = Moment | "killed";

/** A state of a world. */
export type State = {
  readonly model: Model;
  readonly places: readonly Place[];
  /** The blow has fallen, or none will. */
  readonly isStruck: boolean;
  readonly went: readonly number[];
  /** What was done up to here, the last first. */
  readonly course: Line | undefined;
};
type Line = { readonly text: string; readonly before: Line | undefined; readonly count: number };

/**
 * What happens once, from outside, at any moment: the first runner is killed; everything loses its power; so much time passes
 * that every lease is over. Or the call of that number of the first runner, to an account or a remote, loses its answer, or
 * never arrives.
 */
export type Blow =
  | { readonly blow: "none" | "kill" | "power" | "stall" }
  | { readonly blow: "lost" | "unsent"; readonly at: number };

/** Of several operations of one runner that are under way at once: the oldest first, or the newest. */
export type Policy = "oldest" | "newest";

const longStall = 6 * 60_000;

export type CourseOptions = {
  readonly blow: Blow;
  readonly policy: Policy;
  /** Each step of taking, checking and giving back the lock is an event of its own. */
  readonly isFine: boolean;
};

/** The courses of a world that one blow falls on. */
export type Courses = {
  readonly system: System<State>;
  /** Moments of the first program, or of both, in which the blow fell. */
  readonly points: ReadonlySet<string>;
};

/** `ended` is called with each course that came to its end. */
export async function coursesOf(
  play: Play,
  options: CourseOptions,
  ended: (state: State) => Promise<void>,
): Promise<Courses> {
  const { blow } = options;
  const points = new Set<string>();
  const system: System<State> = {
    first: await begin(play, blow),
    able: (state) => {
      const able = state.places.flatMap((place, thread) => (isRunning(place) ? [thread] : []));
      return state.isStruck || isTooLate(blow, play, state) ? able : [...able, names.length];
    },
    text: ({ isStruck, model, places }) =>
      digest(JSON.stringify([isStruck, model.now, places.map(whatItIs), play.describe(model)])),
    step: async (state, thread) => {
      if ((state.course?.count ?? 0) > 3_000)
        throw new Error(`no end:\n${linesOf(state).slice(-40).join("\n")}`);
      if (thread < names.length) return go(play, state, { ...options, thread, points });
      points.add(blow.blow === "kill" ? String(state.went[0]) : state.went.join(" "));
      return strike(play, state, blow);
    },
    ended,
  };
  return { system, points };
}

async function begin(play: Play, blow: Blow): Promise<State> {
  const model = copyOf(play.first);
  const places: Moment[] = [];
  for (const [index, name] of names.entries()) {
    const program = play.program(name, index + 1);
    model.running = new Set([...model.running, index + 1]);
    places.push(await settle(program, await program.begin(model.now), model));
  }
  const isStruck = blow.blow === "none" || "at" in blow;
  return { model, places, isStruck, went: names.map(() => 0), course: undefined };
}

function isRunning(place: Place): place is Moment {
  return place !== "killed" && place.end === undefined;
}

/** A program does the same again when it hears the same, so what it has heard stands for all that it knows and for where it is. */
function whatItIs(place: Place): string | number {
  return place === "killed" ? place : (place.end ?? place.id);
}

/** How each of the two ended, for people. */
export function endsOf({ places }: State): readonly (readonly [string, string])[] {
  return places.map((place, thread) => [names[thread]!, String(whatItIs(place))]);
}

/** What was done, line by line. */
export function linesOf({ course }: Pick<State, "course">): readonly string[] {
  const lines: string[] = [];
  for (let line = course; line; line = line.before) lines.unshift(line.text);
  return lines;
}

function added(course: Line | undefined, text: string): Line {
  return { text, before: course, count: (course?.count ?? 0) + 1 };
}

/** The next event of one program. */
async function go(
  play: Play,
  state: State,
  {
    blow,
    policy,
    isFine,
    thread,
    points,
  }: CourseOptions & { readonly thread: number; readonly points: Set<string> },
): Promise<State> {
  const model = copyOf(state.model);
  const name = names[thread]!;
  const program = play.program(name, thread + 1);
  let moment = state.places[thread] as Moment;
  let { course } = state;
  const isCounted = !("at" in blow) || isCall(nextOf(moment, policy));
  const isDue = "at" in blow && thread === 0 && state.went[0] === blow.at && isCounted;
  if (isDue) points.add(String(blow.at));
  for (let told: Told = isDue ? blow.blow : "truth"; ; told = "truth") {
    const operation = nextOf(moment, policy);
    const isLook = isLooking(model, operation);
    course = added(course, `${name} ${operation.name}${told === "truth" ? "" : ` (${told})`}`);
    const outcome = perform(operation, model, told);
    const index = moment.pending.indexOf(operation);
    moment = await settle(program, await program.tell(moment, index, outcome, model.now), model);
    if (moment.end !== undefined) break;
    const next = nextOf(moment, policy);
    const areLooks = isLook && isLooking(model, next) && !play.hasLock(model, name);
    if (!areLooks && !belongsTo(next, operation, isFine)) break;
  }
  if (moment.end !== undefined) model.running = without(model.running, thread + 1);
  const went = state.went.map((count, one) => (one === thread && isCounted ? count + 1 : count));
  const places = state.places.map((place, one) => (one === thread ? moment : place));
  return { ...state, model, places, went, course };
}

/**
 * Operations of one runner that are one event:
 *
 *   the lock       taking, checking, giving back: `lock-world.ts` looks at each of their steps by itself
 *   a file read    opened and read: what is read was there at one of the two moments
 *   a file staged  made, written and synced under a name that only its runner knows
 */
function belongsTo(next: Operation, last: Operation, isFine: boolean): boolean {
  const isOnly = ({ paths }: Operation, pattern: RegExp): boolean =>
    paths.every((path) => pattern.test(path) || path.endsWith("/"));
  const areBoth = (pattern: RegExp): boolean =>
    last.paths.length > 0 && isOnly(next, pattern) && isOnly(last, pattern);
  if (next.sort !== "file" || last.sort !== "file") return false;
  if (!isFine && areBoth(/\/lock(?:$|\.)|^\/proc\//u)) return true;
  if (areBoth(/\.temporary$/u)) return true;
  return next.name.startsWith("read ") && last.name.startsWith("open ") && next.paths[0] === last.paths[0];
}

/** It reads, or stages beside; what a program without the lock does of this one after the other is one event. */
function isLooking(model: Model, { sort, paths, isChange }: Operation): boolean {
  if (sort === "sleep" || sort === "write" || sort === "remote") return false;
  return !isChange(model) || paths.every((path) => path.endsWith(".temporary"));
}

/** Of what it has asked for. */
function nextOf({ pending }: Moment, policy: Policy): Operation {
  return (policy === "oldest" ? pending[0] : pending.at(-1))!;
}

/**
 * A call that was checked and is on its way arrives within the margin of the lease (`lease.ts`): nothing that a program does
 * could help otherwise. So time does not pass while one is.
 */
function isTooLate({ blow }: Blow, { isApart }: Play, { places }: State): boolean {
  const goOn = blow === "stall" ? places : blow === "kill" && isApart ? places.slice(1) : [];
  return goOn.some((place) => isRunning(place) && place.pending.some(({ sort }) => sort === "write"));
}

function strike({ isApart }: Play, state: State, { blow }: Blow): State {
  const model = copyOf(state.model);
  const dead = blow === "power" ? [0, 1] : blow === "kill" ? [0] : [];
  let { course } = state;
  const places = state.places.map((place, thread): Place => {
    if (!dead.includes(thread) || !isRunning(place)) return place;
    course = added(course, `${names[thread]!} is killed`);
    model.disk.closeAll(names[thread]!);
    model.running = without(model.running, thread + 1);
    return "killed";
  });
  if (blow === "power") model.disk.losePower();
  if (blow === "stall" || isApart) {
    course = added(course, "time passes");
    model.now += longStall;
  }
  return { ...state, model, places, isStruck: true, course };
}
