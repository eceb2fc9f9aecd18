import type { IntentFacts } from "../../core/run/intent.ts";

/**
 * Called by a step right before its call is sent, with the path as it is sent; resolves when the intent is on disk.
 * `name`: the natural key of what the call is about.
 */
export type Announce = (
  call: IntentFacts & { readonly method: string; readonly path: string; readonly name: string },
) => Promise<void>;
