import type { DemoOptions } from "./demo.ts";
import type { Shell } from "./shell.ts";

export async function runDemo(_options: DemoOptions, _shell: Shell): Promise<number> {
  return 1;
}
