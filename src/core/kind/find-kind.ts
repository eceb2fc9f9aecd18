import type { KindName } from "../base/address.ts";
import type { Kind, Kinds } from "./kind.ts";

/** The kind that is registered under a name; names that reach this point come from our own lists. */
export function findKind(kinds: Kinds, name: KindName): Kind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no such kind: ${name}`);
  return kind;
}
