import { runRotate } from "../../commands/rotate.ts";
import { applyOnce } from "./apply-action.ts";
import { noGuards, planInput, readAddress } from "./plan-action.ts";
import type { RotateOptions } from "./rotate.ts";
import type { Shell } from "./shell.ts";

export async function rotate(
  addresses: readonly string[],
  options: RotateOptions,
  shell: Shell,
): Promise<number> {
  return applyOnce(options, shell, (deps) => {
    const input = planInput({ ...noGuards, ...options }, null);
    const { yes, maxDuration, lockTimeout } = options;
    return runRotate(
      {
        ...input,
        addresses: addresses.map((text) => readAddress(text, "rotate")),
        yes,
        ...(maxDuration !== undefined && { maxDuration }),
        ...(lockTimeout !== undefined && { lockTimeout }),
      },
      deps,
    );
  });
}
