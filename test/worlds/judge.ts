import { join } from "node:path";
import type { HttpRequest } from "../../src/world/transport.ts";
import { diskOf } from "./files.ts";
import { remoteOf } from "./git.ts";
import { endOf, Replay, type SmallWorld } from "./small-world.ts";
import type { Runner } from "./stage.ts";

/** What stands in the state at a moment, for whoever comes next: of the journal no more than what outlives a loss of power. */
type Standing = { readonly journal: string; readonly lock: string };

export function openSmallWorld(world: SmallWorld): Replay {
  const replay = new Replay(world);
  const look = world.isApart ? () => lookAtBranch(replay) : () => lookInFolder(replay, world);
  replay.judged = () =>
    world.isApart
      ? ["remote refs/heads/trueup-state"]
      : [join(world.folder, "state/default/lock"), join(world.folder, "state/default/journal.ndjson")];
  replay.judgeWrite = (runner, request) => judgeWrite(look(), runner, request);
  return replay;
}

function lookInFolder({ stage }: Replay, { folder }: SmallWorld): Standing {
  const disk = diskOf(stage);
  const partition = join(folder, "state/default");
  return {
    journal: disk.keptText(join(partition, "journal.ndjson")) ?? "",
    lock: disk.names.get(join(partition, "lock"))?.text ?? "",
  };
}

function lookAtBranch({ stage }: Replay): Standing {
  const files = remoteOf(stage).branches.get("refs/heads/trueup-state")?.files;
  const compact = (text = "null"): string => JSON.stringify(JSON.parse(text));
  return {
    journal: files?.get("default/journal.ndjson") ?? "",
    lock: compact(files?.get("default/lock.json")),
  };
}

/** Before each call: its intent is kept, and the lock is its runner's. */
function judgeWrite({ journal, lock }: Standing, runner: Runner, request: HttpRequest): readonly string[] {
  const name = /"name":"([^"]*)"/u.exec(request.body ?? "")?.[1] ?? "";
  const isAnnounced = journal
    .split("\n")
    .some((line) =>
      ["intent", `"name":"${name}"`, `"path":"/key-value"`].every((part) => line.includes(part)),
    );
  const says = `${runner.name} sends ${request.method} ${name}`;
  return [
    ...(isAnnounced ? [] : [`${says} without an intent that is kept`]),
    ...(lock.includes(`"user":"${runner.name}"`) ? [] : [`${says}, and the lock says ${lock || "nothing"}`]),
  ];
}

/** Answers with what is wrong at an end; the same ends are looked at once. */
export function makeJudge(wanted: readonly string[]): (replay: Replay) => Promise<readonly string[]> {
  const judged = new Map<string, readonly string[]>();
  return async (replay) => {
    const { stage, account, wrong } = replay;
    const ends = stage.runners.map((runner) => [runner.name, endOf(runner)] as const);
    const isCut = stage.course.some((line) => /\((?:lost|unsent)\)$/u.test(line));
    const state = `${diskOf(stage).describe()}\n${remoteOf(stage).describe()}\n${account.describe()}\n${stage.now}`;
    const found = judged.get(state) ?? (await finishAndJudge(replay, wanted));
    judged.set(state, found);
    return [
      ...ends.flatMap(([name, end]) => (isExpected(end, isCut) ? [] : [`${name} ended: ${end}`])),
      ...wrong,
      ...found,
    ];
  };
}

/** A remote is out of reach only where a call to it was cut. */
function isExpected(end: string, isCut: boolean): boolean {
  return (
    /^(?:done|killed|failed|locked|lock-lost|state-moved|stale)$/u.test(end) ||
    (isCut && end === "state-unreachable")
  );
}

/** After everything: one more run, and then each thing is there once, nothing is left to do, and nothing broke. */
async function finishAndJudge(replay: Replay, wanted: readonly string[]): Promise<readonly string[]> {
  const { stage, account } = replay;
  // A lease that was left ends, and so does every wait.
  stage.now += 20 * 60_000;
  const ends: string[] = [];
  for (const name of ["finisher", "checker"]) {
    const runner = replay.start(name);
    await stage.finish(runner);
    const end = endOf(runner);
    if (end !== "done") ends.push(`the ${name} ended: ${end}`);
  }
  const there = account
    .rows("keyValues")
    .map(({ name }) => String(name))
    .sort();
  const expected = [...wanted].sort();
  return [
    ...ends,
    ...(JSON.stringify(there) === JSON.stringify(expected)
      ? []
      : [`there are ${there.join(", ") || "none"}, not ${expected.join(", ")}`]),
  ];
}
