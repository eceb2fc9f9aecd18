import { readLimits } from "../../../commands/limits.ts";
import { renderLimits, renderLimitsJson } from "../../../views/account/limits.ts";
import type { CommonOptions } from "../base/common-options.ts";
import { look } from "../base/look.ts";
import type { Shell } from "../base/shell.ts";

export function showLimits(options: CommonOptions, shell: Shell): Promise<number> {
  return look(options, shell, async (input, deps, screen) => {
    const limits = await readLimits(input, deps);
    return options.json ? renderLimitsJson(limits) : renderLimits(limits, screen);
  });
}
