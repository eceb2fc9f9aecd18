import { ProblemError, type Problem } from "../../src/core/base/problem.ts";
import { runApply } from "../../src/commands/apply.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Transport } from "../../src/world/transport.ts";
import {
  deletesOf,
  finish,
  formNow,
  input,
  lateCancels,
  leftIn,
  lostIn,
  setOut,
  type Course,
} from "../crash/course.ts";
import { describeDifference } from "../crash/points.ts";
import { setFaults } from "../observe.ts";
import type { Scene } from "../scene.ts";

/** Of the simulator's, and two that only a client sees: no answer in time, before or after the call was done. */
const faults = [
  "429",
  "500",
  "503",
  "html",
  "reset-before",
  "drop-after-commit",
  "truncated-json",
  "short-page",
  "repeated-cursor",
  "stale-list",
  "timeout-before",
  "timeout-after",
] as const;
type Fault = (typeof faults)[number];

/** The n-th call of a run, reads counted, and what becomes of it. */
export type FaultyCall = { readonly fault: Fault; readonly call: number };

export function faultyCallsOf(course: Course): readonly FaultyCall[] {
  const calls = Array.from({ length: course.calls }, (_, index) => index + 1);
  return faults.flatMap((fault) => calls.map((call) => ({ fault, call })));
}

/**
 * Runs with one call that goes wrong, then once more, and says what is wrong with the world then, or with what the first
 * run said. It may have failed, but not without a reason, and not in a way that the second cannot put right.
 */
export async function breakAt(course: Course, { fault, call }: FaultyCall): Promise<readonly string[]> {
  const slow = fault.startsWith("timeout") ? timeOut(fault === "timeout-after", call) : undefined;
  const scene = await setOut(course, slow ? { send: slow.send } : {});
  try {
    slow?.watch(scene);
    if (!slow) await setFaults(scene, `${fault}#${call}`);
    const first = await attempt(scene);
    slow?.end();
    if (!slow) await setFaults(scene, "");
    const last = await finish(scene);
    const left = await leftIn(scene);
    const deletes = deletesOf(scene);
    const form = await formNow(scene, lateCancels(...(first.report ? [first.report] : []), last));
    return [
      ...first.wrong,
      ...lostIn(scene, course),
      ...left.map((step) => `left to do: ${step}`),
      ...deletes.filter((path) => !course.deletes.includes(path)).map((path) => `deleted: ${path}`),
      ...(form === course.form ? [] : [`another world:\n${describeDifference(course.form, form)}`]),
    ];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await scene.close();
  }
}

/** What is wrong with how the run ended: an end without a reason, or an error that is none of ours. */
async function attempt(scene: Scene): Promise<{ report?: RunReport; wrong: readonly string[] }> {
  try {
    const report = await runApply(input, scene.deps);
    const { verdict, problems } = report;
    const isMute = verdict !== "done" && problems.length === 0;
    return { report, wrong: isMute ? [`ended ${verdict} and gave no reason`] : problems.flatMap(unclear) };
  } catch (error) {
    return {
      wrong: error instanceof ProblemError ? error.problems.flatMap(unclear) : [`threw ${String(error)}`],
    };
  }
}

function unclear({ code, message, remedy }: Problem): readonly string[] {
  return code && message && remedy ? [] : [`a problem that says too little: ${code}`];
}

/** The n-th call is not answered in time, whether it arrived or not; the minute that it took has passed. */
function timeOut(arrives: boolean, call: number) {
  let scene: Scene | undefined;
  let number = 0;
  return {
    watch: (one: Scene) => void (scene = one),
    end: () => void (scene = undefined),
    send:
      (send: Transport): Transport =>
      async (request) => {
        number += 1;
        if (!scene || number !== call) return send(request);
        if (arrives) await send(request);
        await scene.world.sleep(request.timeout);
        throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
      },
  };
}
