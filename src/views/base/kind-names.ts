import { kindOf, nameOf, type Address, type KindName } from "../../core/base/address.ts";
import { count } from "../../core/base/count.ts";
import { byNature } from "./natural.ts";

/** Where the last segment of a kind's name is no word for people, or its plural is not made with an `s`. */
const nouns: { readonly [kind: KindName]: readonly [one: string, many: string] } = {
  "render/postgres": ["Postgres database", "Postgres databases"],
  "render/key-value": ["Key Value instance", "Key Value instances"],
  "render/dedicated-ip": ["dedicated IP set", "dedicated IP sets"],
  "render/notification-settings": ["notification settings", "notification settings"],
  "rendercad/token": ["RENDERCAD token", "RENDERCAD tokens"],
  "rendercad/webhook": ["RENDERCAD webhook", "RENDERCAD webhooks"],
};

/** `1 service`, `3 env groups`, `2 Postgres databases`; a kind that is not in the table by its last segment. */
export function countKind(kind: KindName, many: number): string {
  const word = (kind.split("/")[1] ?? kind).replaceAll("-", " ");
  const [one, more] = nouns[kind] ?? [word, `${word}s`];
  return count(many, one, more);
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
