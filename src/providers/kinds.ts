import type { Kinds } from "../core/kind.ts";
import { renderKinds } from "./render/kinds.ts";

/** Every kind that is managed. A new provider adds a line here. */
export const kinds: Kinds = new Map(renderKinds.map((kind) => [kind.name, kind]));
