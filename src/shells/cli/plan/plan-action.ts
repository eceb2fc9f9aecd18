import { resolve } from "node:path";
import { savePlanFile } from "../../../commands/run/plan-file.ts";
import { runDrawnPlan } from "../../../commands/plan.ts";
import type { PlanInput } from "../../../commands/planning/plan-input.ts";
import type { Deps } from "../../../commands/base/deps.ts";
import type { Plan } from "../../../core/model/plan.ts";
import type { PlanGraph } from "../../../core/planning/plan-graph.ts";
import type { Rehearsal } from "../../../core/planning/rehearsal.ts";
import { verdictOfPlan } from "../../../core/planning/verdict.ts";
import { renderRehearsal } from "../../../views/plan/rehearsal.ts";
import { renderPlanJson } from "../../../views/json/plan-json.ts";
import { renderPlan } from "../../../views/plan/plan.ts";
import { renderSchedule } from "../../../views/plan/schedule.ts";
import { quote } from "../base/command-line.ts";
import { writeGuarded } from "./guarded-command.ts";
import type { CommonOptions } from "../base/common-options.ts";
import { exitCodeOf, exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { documentFormat, writePlanDocument } from "./documents.ts";
import type { GuardOptions, ValueOptions } from "./guard-options.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export type PlanOptions = CommonOptions &
  GuardOptions &
  ValueOptions & {
    readonly out?: string;
    readonly schedule: boolean;
    /** `true`: done once; `crash`: killed at each write as well. */
    readonly simulate?: true | "crash";
  };

export async function plan(options: PlanOptions, shell: Shell): Promise<number> {
  const session = await openSession(options, shell);
  try {
    session.follower.read();
    const { plan: made, graph, rehearsal } = await makePlan(options, session.deps);
    session.follower.end();
    if (options.out !== undefined) await savePlanFile(resolve(session.deps.folder, options.out), made);
    const screen = findScreen(shell.stdout, shell.env, options);
    const commands = {
      next: applyCommand(options),
      answer: (flags: readonly string[]) => applyCommand(options, flags),
    };
    const format = documentFormat(options);
    if (options.json) shell.stdout.write(renderPlanJson(made, [], rehearsal));
    else if (format) {
      const extras = { ...(graph && { graph }), ...(rehearsal && { rehearsal }) };
      shell.stdout.write(await writePlanDocument(format, made, extras));
    } else {
      shell.stdout.write(renderPlan(made, screen, commands));
      if (options.schedule) shell.stdout.write(`\n${renderSchedule(made, screen)}`);
      if (rehearsal) shell.stdout.write(`\n${renderRehearsal(rehearsal, screen)}`);
    }
    const code = exitCodeOf(verdictOfPlan(made, rehearsal));
    return code === exitCodes.pending && options.exitZero ? exitCodes.done : code;
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}

/** The rehearsal brings the simulator along, which no other plan loads. */
async function makePlan(
  options: PlanOptions,
  deps: Deps,
): Promise<{ readonly plan: Plan; readonly graph?: PlanGraph; readonly rehearsal?: Rehearsal }> {
  const input = planInput(options, options.adopt ? true : null);
  if (options.simulate === undefined) return runDrawnPlan(input, deps);
  const { rehearse } = await import("../../../commands/rehearsal/rehearse.ts");
  return rehearse(input, deps, { crash: options.simulate === "crash" });
}

/** Guard options when none is given: nothing is agreed to beforehand, and nothing is left out. */
export const noGuards: GuardOptions = {
  adopt: false,
  allowDataLoss: [],
  allowReplace: [],
  recreateGone: false,
  allowOlder: false,
  allowGap: [],
  export: true,
  rewrite: [],
  skipRefused: false,
  target: [],
  exclude: [],
};

/** What plan and apply hand on. `adopt: null`: a person will look at the adoptions. */
export function planInput(
  options: CommonOptions & GuardOptions & ValueOptions,
  adopt: boolean | null,
): PlanInput {
  return {
    files: options.file,
    overlays: options.overlay,
    ...(options.label !== undefined && { label: options.label }),
    ...(options.repo !== undefined && { repo: options.repo }),
    ...(options.fileId !== undefined && { fileId: options.fileId }),
    strictValues: options.strictValues,
    ...(options.allowDeletes !== undefined && { allowDeletes: options.allowDeletes }),
    allowDataLoss: options.allowDataLoss,
    allowReplace: options.allowReplace,
    recreateGone: options.recreateGone,
    allowOlder: options.allowOlder,
    allowGaps: options.allowGap,
    noExport: !options.export,
    ...(options.exportTo !== undefined && { exportTo: options.exportTo }),
    rewrites: options.rewrite,
    adopt,
    ...(options.values !== undefined && { values: options.values }),
    replaceValues: options.replaceValues,
    allowEnv: options.allowEnv,
    skipRefused: options.skipRefused,
    targets: options.target,
    excludes: options.exclude,
  };
}

/** The command line that applies this very plan: what it was made with is repeated, and `flags` answer what it refuses. */
function applyCommand(options: PlanOptions, flags: readonly string[] = []): string {
  const command = ["trueup apply", ...(options.out === undefined ? [] : [quote(options.out)])].join(" ");
  return writeGuarded(command, options, flags);
}
