import { runGraph } from "../../../commands/graph.ts";
import type { PlanGraph } from "../../../core/planning/plan-graph.ts";
import { renderDot, renderGraphJson, renderMermaid } from "../../../views/plan/graph.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";

import { planInput } from "./plan-action.ts";
import { openSession } from "../base/session.ts";
import type { Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";
import type { GuardOptions, ValueOptions } from "./guard-options.ts";

export type GraphOptions = Omit<CommonOptions, "format"> &
  GuardOptions &
  ValueOptions & { readonly format: "mermaid" | "dot" | "svg" | "json"; readonly steps: boolean };

export async function graph({ format, ...given }: GraphOptions, shell: Shell): Promise<number> {
  const options = { ...given, format: "text" as const };
  const session = await openSession(options, shell);
  try {
    session.follower.read();
    const made = await runGraph({ ...planInput(options, null), steps: options.steps }, session.deps);
    session.follower.end();
    shell.stdout.write(await draw(made, options.json ? "json" : format));
    return exitCodes.done;
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}

/** What draws a picture is loaded for that alone. */
async function draw(made: PlanGraph, format: GraphOptions["format"]): Promise<string> {
  switch (format) {
    case "mermaid":
      return renderMermaid(made);
    case "dot":
      return renderDot(made);
    case "svg":
      return (await import("../../../views/picture/graph-svg.ts")).renderSvg(made);
    case "json":
      return renderGraphJson(made);
    default:
      return format satisfies never;
  }
}
