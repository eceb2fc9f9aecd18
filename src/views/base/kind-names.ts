import { kindOf, nameOf, type Address, type KindName } from "../../core/base/address.ts";
import { count } from "../../core/base/text.ts";
import { byNature } from "./natural.ts";

/** Words that cannot be counted as they are: names of products, and short forms. */
const counted: { readonly [word: string]: string } = {
  postgres: "Postgres database",
  "key value": "Key Value instance",
  "dedicated ip": "dedicated IP set",
};

/** `1 service`, `3 env groups`, `2 Postgres databases`, `1 notification settings`: the last segment of a kind's name in words. */
export function countKind(kind: KindName, many: number): string {
  return count(many, nounOf(kind), nounOf(kind).endsWith("s") ? nounOf(kind) : undefined);
}

/** `service`, `env group`, `Postgres database` */
export function nounOf(kind: KindName): string {
  const word = (kind.split("/")[1] ?? kind).replaceAll("-", " ");
  return counted[word] ?? word;
}

/** `24 services, 3 env groups`: the most frequent first, each with what it is. */
export function countKinds(addresses: readonly Address[]): readonly string[] {
  const counts = new Map<KindName, number>();
  for (const address of addresses) counts.set(kindOf(address), (counts.get(kindOf(address)) ?? 0) + 1);
  return [...counts]
    .sort(([a, manyA], [b, manyB]) => manyB - manyA || byNature(a, b))
    .map(([kind, many]) => countKind(kind, many));
}

/** Names without their kinds, as people say them, in their order: `shop/production`, `api`. */
export function namesOf(addresses: readonly Address[]): readonly string[] {
  return addresses.map(nameOf).sort(byNature);
}
