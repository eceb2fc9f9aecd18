import { runDestroy } from "../../commands/destroy.ts";
import { applyOnce } from "./apply-action.ts";
import type { DestroyOptions } from "./destroy.ts";
import { noGuards, planInput, readAddress } from "./plan-action.ts";
import type { Shell } from "./shell.ts";

export async function destroy(
  addresses: readonly string[],
  options: DestroyOptions,
  shell: Shell,
): Promise<number> {
  return applyOnce(options, shell, (deps) => {
    const values = { replaceValues: false, allowEnv: [], strictValues: false };
    const input = planInput({ ...options, ...noGuards, ...values }, null);
    const chosen = addresses.map((text) => readAddress(text, "destroy"));
    const { yes, lockTimeout } = options;
    return runDestroy(
      { ...input, addresses: chosen, yes, ...(lockTimeout !== undefined && { lockTimeout }) },
      deps,
    );
  });
}
