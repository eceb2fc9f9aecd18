import { runCost } from "../../../commands/files/cost.ts";
import { renderCost, renderCostJson } from "../../../views/account/cost.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { readBytes } from "../base/read-bytes.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";

export async function cost(options: CommonOptions, shell: Shell): Promise<number> {
  try {
    const { file: files, overlay: overlays } = options;
    const deps = { folder: process.cwd(), readFile: readBytes, world: { now: Date.now } };
    const report = await runCost({ files, overlays }, deps);
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(options.json ? renderCostJson(report) : renderCost(report, screen));
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, options, shell);
  }
}
