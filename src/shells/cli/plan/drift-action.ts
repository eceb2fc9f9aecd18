import { runDrift } from "../../../commands/drift.ts";
import { hasDrift } from "../../../core/planning/drift.ts";
import { renderDrift } from "../../../views/plan/drift.ts";
import { renderDriftJson } from "../../../views/base/json.ts";

import { exitCodeOfProblems, exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { planInput } from "./plan-action.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";
import type { GuardOptions, ValueOptions } from "./guard-options.ts";

export type DriftOptions = CommonOptions &
  GuardOptions &
  ValueOptions & { readonly accept?: true | readonly string[] };

export async function drift(options: DriftOptions, shell: Shell): Promise<number> {
  const session = await openSession(options, shell);
  try {
    session.follower.read();
    const input = planInput(options, null);
    const report =
      options.accept === undefined
        ? await runDrift(input, session.deps)
        : await (
            await import("../../../commands/accept-drift.ts")
          ).acceptDrift(input, options.accept === true ? ["*"] : options.accept, session.deps);
    session.follower.end();
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(options.json ? renderDriftJson(report) : renderDrift(report, screen));
    const code = exitCodeOfProblems(report.problems);
    if (code !== exitCodes.done || !hasDrift(report)) return code;
    return options.exitZero ? exitCodes.done : exitCodes.drift;
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
