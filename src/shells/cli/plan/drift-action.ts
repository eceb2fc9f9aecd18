import type { Deps } from "../../../commands/base/deps.ts";
import { runDrawnDrift } from "../../../commands/drift.ts";
import type { PlanInput } from "../../../commands/planning/plan-input.ts";
import type { DriftReport } from "../../../core/planning/drift.ts";
import type { PlanGraph } from "../../../core/planning/plan-graph.ts";
import { verdictOfDrift } from "../../../core/planning/verdict.ts";
import { renderDrift } from "../../../views/plan/drift.ts";
import { renderDriftJson } from "../../../views/json/plan-json.ts";

import { exitCodeOf, exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { documentFormat, writeDriftDocument } from "./documents.ts";
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
    const { report, graph } = await findDrift(options, input, session.deps);
    session.follower.end();
    const screen = findScreen(shell.stdout, shell.env, options);
    const format = documentFormat(options);
    if (options.json) shell.stdout.write(renderDriftJson(report));
    else
      shell.stdout.write(
        format ? await writeDriftDocument(format, report, graph) : renderDrift(report, screen),
      );
    const code = exitCodeOf(verdictOfDrift(report));
    return code === exitCodes.drift && options.exitZero ? exitCodes.done : code;
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}

async function findDrift(
  { accept }: DriftOptions,
  input: PlanInput,
  deps: Deps,
): Promise<{ readonly report: DriftReport; readonly graph?: PlanGraph }> {
  if (accept === undefined) return runDrawnDrift(input, deps);
  const { acceptDrift } = await import("../../../commands/accept-drift.ts");
  return { report: await acceptDrift(input, accept === true ? ["*"] : accept, deps) };
}
