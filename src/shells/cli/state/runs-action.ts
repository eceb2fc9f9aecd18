import { listRuns, showRun } from "../../../commands/state/runs.ts";
import { renderRunRecord, renderRunRecordJson, renderRuns, renderRunsJson } from "../../../views/run/runs.ts";
import type { CommonOptions } from "../base/common-options.ts";
import { look } from "../base/look.ts";
import type { Shell } from "../base/shell.ts";

export function showRuns(options: CommonOptions, shell: Shell): Promise<number> {
  return look(options, shell, async (input, deps, screen) => {
    const { runs, place } = await listRuns(input, deps);
    return options.json ? renderRunsJson(runs, place) : renderRuns(runs, place, screen);
  });
}

export function showOneRun(name: string, options: CommonOptions, shell: Shell): Promise<number> {
  return look(options, shell, async (input, deps, screen) => {
    const run = await showRun(name, input, deps);
    return options.json ? renderRunRecordJson(run) : renderRunRecord(run, screen);
  });
}
