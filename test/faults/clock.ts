import { ProblemError, type Problem } from "../../src/core/base/problem.ts";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Transport } from "../../src/world/transport.ts";
import { finish, formNow, input, lateCancels, leftIn, setOut, type Course } from "../crash/course.ts";
import { describeDifference } from "../crash/points.ts";
import type { Scene } from "../scene.ts";

const hour = 3_600_000;

/** Somebody sets this machine's clock when the n-th write is under way: by so many milliseconds, and nobody else's. */
export type ClockJump = { readonly write: number; readonly by: number };

export function clockJumps({ passed }: Course): readonly ClockJump[] {
  const writes = Array.from({ length: passed.writes }, (_, index) => index + 1);
  return writes.flatMap((write) => [5 * hour, -5 * hour].map((by) => ({ write, by })));
}

/**
 * Runs while the clock jumps, then once more with the clock as it is then, and says what is wrong with the world, or with how
 * long it took on the clock of the API.
 */
export async function jumpAt(course: Course, jump: ClockJump): Promise<readonly string[]> {
  const scene = await setOut(course);
  try {
    const began = scene.world.now();
    const { deps, offset } = jumping(scene, jump);
    const first = await attempt(deps);
    const took = scene.world.now() - began;
    const after = {
      ...scene,
      deps: { ...scene.deps, world: { ...scene.world, now: () => scene.world.now() + offset() } },
    };
    const last = await finish(after);
    const left = await leftIn(scene);
    const form = await formNow(scene, lateCancels(...first.reports, last));
    return [
      ...(offset() === jump.by ? [] : ["the clock did not jump"]),
      ...(took <= hour ? [] : [`it took ${Math.round(took / 60_000)} minutes`]),
      ...first.problems
        .filter(({ severity, code }) => severity !== "note" && code !== "not-ready" && code !== "late-cancel")
        .map(({ message }) => `it ended with: ${message}`),
      ...left.map((step) => `left to do: ${step}`),
      ...(form === course.form ? [] : [`another world:\n${describeDifference(course.form, form)}`]),
    ];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await scene.close();
  }
}

type Attempt = { readonly reports: readonly RunReport[]; readonly problems: readonly Problem[] };

async function attempt(deps: Deps): Promise<Attempt> {
  try {
    const report = await runApply(input, deps);
    return { reports: [report], problems: report.problems };
  } catch (error) {
    if (error instanceof ProblemError) return { reports: [], problems: error.problems };
    throw error;
  }
}

function jumping(scene: Scene, { write, by }: ClockJump) {
  let [writes, offset] = [0, 0];
  const send: Transport = async (request) => {
    if (request.method !== "GET") {
      writes += 1;
      if (writes === write) offset = by;
    }
    return scene.world.send(request);
  };
  const world = { ...scene.world, send, now: () => scene.world.now() + offset };
  return { deps: { ...scene.deps, world }, offset: () => offset };
}
