import type { Kind } from "../core/kind/kind.ts";
import type { twinOf } from "./render/custom-domain/twin.ts";
import { makeRenderKinds } from "./render/kinds.ts";
import { rendercadKinds } from "./rendercad/kinds.ts";

/** Every managed kind. A new provider adds a line here. `findTwin` is needed for planning only; see `makeCustomDomain`. */
export function makeManagedKinds(findTwin: typeof twinOf): readonly Kind[] {
  return [...makeRenderKinds(findTwin), ...rendercadKinds];
}
