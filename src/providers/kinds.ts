import type { Kinds } from "../core/kind.ts";
import { renderKinds } from "./render/kinds.ts";
import { rendercadKinds } from "./rendercad/kinds.ts";

/** Every kind that is managed. A new provider adds a line here. */
export const kinds: Kinds = new Map([...renderKinds, ...rendercadKinds].map((kind) => [kind.name, kind]));
