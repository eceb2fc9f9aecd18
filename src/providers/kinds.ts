import type { Kinds } from "../core/kind/kind.ts";
import { makeManagedKinds } from "./managed-kinds.ts";
import { twinOf } from "./render/custom-domain/twin.ts";

/** Every managed kind by its name, with all that plans need. */
export const kinds: Kinds = new Map(makeManagedKinds(twinOf).map((kind) => [kind.name, kind]));
