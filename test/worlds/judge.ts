import { join } from "node:path";
import type { HttpRequest } from "../../src/world/transport.ts";
import { endsOf, linesOf, type State } from "./courses.ts";
import { finish, type Play } from "./play.ts";
import { playOf, type SmallWorld } from "./small-world.ts";
import { copyOf, type Model } from "./stage.ts";

/** What stands in the state at a moment, for whoever comes next: of the journal no more than what outlives a loss of power. */
type Standing = { readonly journal: string; readonly lock: string };

export function openSmallWorld(world: SmallWorld): Play {
  const look = world.isApart ? lookAtBranch : lookInFolder(world);
  return playOf(world, (model, name, request) => judgeWrite(look(model), name, request));
}

function lookInFolder({ folder }: SmallWorld): (model: Model) => Standing {
  const partition = join(folder, "state/default");
  return ({ disk }) => ({
    journal: disk.keptText(join(partition, "journal.ndjson")) ?? "",
    lock: disk.find(join(partition, "lock"))?.text ?? "",
  });
}

function lookAtBranch({ remote }: Model): Standing {
  const files = remote.get("refs/heads/trueup-state")?.files;
  const compact = (text = "null"): string => JSON.stringify(JSON.parse(text));
  return {
    journal: files?.get("default/journal.ndjson") ?? "",
    lock: compact(files?.get("default/lock.json")),
  };
}

/** Before each call: its intent is kept, and the lock is its runner's. */
function judgeWrite({ journal, lock }: Standing, runner: string, request: HttpRequest): readonly string[] {
  const name = /"name":"([^"]*)"/u.exec(request.body ?? "")?.[1] ?? "";
  const isAnnounced = journal
    .split("\n")
    .some((line) =>
      ["intent", `"name":"${name}"`, `"path":"/key-value"`].every((part) => line.includes(part)),
    );
  const says = `${runner} sends ${request.method} ${name}`;
  return [
    ...(isAnnounced ? [] : [`${says} without an intent that is kept`]),
    ...(lock.includes(`"user":"${runner}"`) ? [] : [`${says}, and the lock says ${lock || "nothing"}`]),
  ];
}

/** Answers with what is wrong at an end; the same ends are looked at once. */
export function makeJudge(
  play: Play,
  wanted: readonly string[],
): (state: State) => Promise<readonly string[]> {
  const judged = new Map<string, readonly string[]>();
  return async (state) => {
    const { model } = state;
    const course = linesOf(state);
    const text = `${play.describe(model)}\n${model.now}`;
    const found = judged.get(text) ?? (await finishAndJudge(play, model, wanted));
    judged.set(text, found);
    return [
      ...endsOf(state).flatMap(([name, end]) => (isExpected(end, course) ? [] : [`${name} ended: ${end}`])),
      ...found,
    ];
  };
}

/**
 * A remote is out of reach only where a call to it was cut. Who stood still past its lease while it read may find what the next one
 * makes, which nothing that it has read tells of: it refuses that, and has written nothing.
 */
function isExpected(end: string, course: readonly string[]): boolean {
  if (/^(?:done|killed|failed|locked|lock-lost|state-moved|stale)$/u.test(end)) return true;
  if (end === "state-unreachable") return course.some((line) => /\((?:lost|unsent)\)$/u.test(line));
  return (end === "refused" || end === "incomplete-read") && course.includes("time passes");
}

/** After everything: one more run, and then each thing is there once, nothing is left to do, and nothing broke. */
async function finishAndJudge(
  play: Play,
  there: Model,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const model = copyOf(there);
  // A lease that was left ends, and so does every wait.
  model.now += 20 * 60_000;
  const ends: string[] = [];
  for (const [index, name] of ["finisher", "checker"].entries()) {
    const end = await finish(play, model, name, index + 3);
    if (end !== "done") ends.push(`the ${name} ended: ${end}`);
  }
  const made = model.account
    .rows("keyValues")
    .map(({ name }) => String(name))
    .sort();
  const expected = [...wanted].sort();
  return [
    ...ends,
    ...model.wrong,
    ...(JSON.stringify(made) === JSON.stringify(expected)
      ? []
      : [`there are ${made.join(", ") || "none"}, not ${expected.join(", ")}`]),
  ];
}
