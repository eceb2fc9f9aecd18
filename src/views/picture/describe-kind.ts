import type { KindName } from "../../core/base/address.ts";
import { countKind, nounOf } from "../base/kind-names.ts";

/** The head of a box: `service`, `12 env groups`, `create service`. */
export function describeKind(kind: string, many: number): string {
  if (kind === "") return "";
  const [verb, name] = kind.includes(" ") ? kind.split(" ") : [undefined, kind];
  const words = many === 1 ? nounOf(name as KindName) : countKind(name as KindName, many);
  return verb === undefined ? words : `${verb} ${words}`;
}
