import { runDestroy } from "../../commands/destroy.ts";
import { applyOnce } from "./apply-action.ts";
import type { DestroyOptions } from "./destroy.ts";
import { planInput, readAddress } from "./plan-action.ts";
import type { Shell } from "./shell.ts";

export async function destroy(
  addresses: readonly string[],
  options: DestroyOptions,
  shell: Shell,
): Promise<number> {
  return applyOnce(options, shell, (deps) => {
    const guards = {
      adopt: false,
      allowDataLoss: [],
      allowGap: [],
      export: true,
      rewrite: [],
      skipRefused: false,
      target: [],
      exclude: [],
    };
    const values = { replaceValues: false, allowEnv: [], strictValues: false };
    const input = planInput({ ...options, ...guards, ...values }, null);
    const chosen = addresses.map((text) => readAddress(text, "destroy"));
    const { yes, lockTimeout } = options;
    return runDestroy(
      { ...input, addresses: chosen, yes, ...(lockTimeout !== undefined && { lockTimeout }) },
      deps,
    );
  });
}
