import { runRotate } from "../../../commands/rotate.ts";
import { applyOnce } from "./apply-action.ts";
import { quote } from "../base/command-line.ts";
import { writeGuarded } from "./guarded-command.ts";
import { noGuards, planInput } from "./plan-action.ts";

import type { Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";
import type { ValueOptions } from "./guard-options.ts";

export type RotateOptions = CommonOptions &
  ValueOptions & {
    readonly yes: boolean;
    readonly allowGap: readonly string[];
    readonly allowOlder: boolean;
    readonly maxDuration?: number;
    readonly lockTimeout?: number;
  };

export async function rotate(
  addresses: readonly string[],
  options: RotateOptions,
  shell: Shell,
): Promise<number> {
  const whole = { ...noGuards, ...options };
  const words = ["trueup rotate", ...addresses.map(quote), ...(options.yes ? ["--yes"] : [])];
  const answer = (flags: readonly string[]): string => writeGuarded(words.join(" "), whole, flags);
  return applyOnce({ options, shell, answer }, (deps) => {
    const input = planInput(whole, null);
    const { yes, maxDuration, lockTimeout } = options;
    return runRotate(
      {
        ...input,
        addresses,
        yes,
        ...(maxDuration !== undefined && { maxDuration }),
        ...(lockTimeout !== undefined && { lockTimeout }),
      },
      deps,
    );
  });
}
