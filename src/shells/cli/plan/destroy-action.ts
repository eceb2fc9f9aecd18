import { runDestroy } from "../../../commands/destroy.ts";
import { applyOnce } from "./apply-action.ts";
import { quote } from "../base/command-line.ts";

import { writeGuarded } from "./guarded-command.ts";
import { noGuards, planInput } from "./plan-action.ts";
import type { Shell } from "../base/shell.ts";
import type { CommonOptions } from "../base/common-options.ts";

export type DestroyOptions = CommonOptions & {
  readonly yes: boolean;
  readonly allowOlder: boolean;
  readonly allowDeletes?: number;
  readonly allowDataLoss: readonly string[];
  /** `false` with `--no-export`. */
  readonly export: boolean;
  readonly exportTo?: string;
  readonly lockTimeout?: number;
};

export async function destroy(
  addresses: readonly string[],
  options: DestroyOptions,
  shell: Shell,
): Promise<number> {
  const values = { replaceValues: false, allowEnv: [], strictValues: false };
  const whole = { ...noGuards, ...values, ...options };
  const words = ["trueup destroy", ...addresses.map(quote), ...(options.yes ? ["--yes"] : [])];
  const answer = (flags: readonly string[]): string => writeGuarded(words.join(" "), whole, flags);
  return applyOnce({ options, shell, answer }, (deps) => {
    const { yes, lockTimeout } = options;
    const input = { ...planInput(whole, null), addresses, yes };
    return runDestroy({ ...input, ...(lockTimeout !== undefined && { lockTimeout }) }, deps);
  });
}
