import { join } from "node:path";
import type { HttpRequest } from "../../src/world/transport.ts";
import { diskOf } from "./files.ts";
import { endOf, Replay, type SmallWorld } from "./small-world.ts";
import type { Runner } from "./stage.ts";

/** The same ends are judged once. */
const judged = new Map<string, readonly string[]>();

export function openFileWorld(world: SmallWorld): Replay {
  const replay = new Replay(world);
  replay.judgeWrite = (runner, request) => judgeFileWrite(replay, world, runner, request);
  return replay;
}

/** Before each call: its intent would outlive a loss of power, and the lock is its runner's. */
function judgeFileWrite(
  { stage }: Replay,
  { folder }: SmallWorld,
  runner: Runner,
  request: HttpRequest,
): readonly string[] {
  const disk = diskOf(stage);
  const partition = join(folder, "state/default");
  const name = /"name":"([^"]*)"/u.exec(request.body ?? "")?.[1] ?? "";
  const kept = disk.keptText(join(partition, "journal.ndjson")) ?? "";
  const isAnnounced = kept
    .split("\n")
    .some(
      (line) =>
        line.includes(`"intent"`) &&
        line.includes(`"name":"${name}"`) &&
        line.includes(`"path":"/key-value"`),
    );
  const lock = disk.names.get(join(partition, "lock"))?.text ?? "";
  const holds = lock.includes(`"user":"${runner.name}"`);
  return [
    ...(isAnnounced ? [] : [`${runner.name} sends ${request.method} ${name} without an intent on the disk`]),
    ...(holds
      ? []
      : [`${runner.name} sends ${request.method} ${name}, and the lock says ${lock || "nothing"}`]),
  ];
}

/** After everything: one more run, and then each thing is there once, nothing is left to do, and nothing broke. */
export async function judgeEnd(replay: Replay, wanted: readonly string[]): Promise<readonly string[]> {
  const { stage, account, wrong } = replay;
  const broken = stage.runners.flatMap((runner) => {
    const end = endOf(runner);
    return /^(?:done|killed|failed|locked|lock-lost|state-moved|stale)$/u.test(end)
      ? []
      : [`${runner.name} ended: ${end}`];
  });
  const state = `${diskOf(stage).describe()}\n${account.describe()}`;
  const found = judged.get(state) ?? (await finishAndJudge(replay, wanted));
  judged.set(state, found);
  return [...broken, ...wrong, ...found];
}

async function finishAndJudge(replay: Replay, wanted: readonly string[]): Promise<readonly string[]> {
  const { stage, account } = replay;
  // Nobody of before goes on: a lease that was left ends, and so does every wait.
  for (const runner of stage.runners) if (runner.state === "running") stage.kill(runner);
  stage.now += 20 * 60_000;
  const ends: string[] = [];
  for (const name of ["finisher", "checker"]) {
    const runner = replay.start(name);
    await replay.finish(runner);
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
