import type { KindName } from "../base/address.ts";
import type { Kind, Kinds } from "./kind.ts";

/** The kind of a name. The name has been checked before: one that is not registered is a fault of the program, an `Error`. */
export function findKind(kinds: Kinds, name: KindName): Kind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no such kind: ${name}`);
  return kind;
}
