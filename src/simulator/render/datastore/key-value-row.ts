import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { Datastore } from "./datastore.ts";
import type { IpRange } from "./ip-allow-list.ts";

/** What a Key Value instance can keep on its disk. */
export const persistenceModes = ["off", "snapshot", "journal_snapshot"] as const;
/** What a Key Value instance can do when its memory is full. */
export const maxmemoryPolicies = [
  "noeviction",
  "allkeys_lfu",
  "allkeys_lru",
  "allkeys_random",
  "volatile_lfu",
  "volatile_lru",
  "volatile_random",
  "volatile_ttl",
] as const;

/** A Key Value instance. */
export type KeyValue = Datastore & {
  name: string;
  plan: string;
  readonly region: string;
  maxmemoryPolicy: (typeof maxmemoryPolicies)[number];
  persistenceMode: (typeof persistenceModes)[number];
  ipAllowList: IpRange[];
  readonly password: string;
  readonly createdAt: Microseconds;
};

/** The table of Key Value instances. */
export const keyValues = defineTable<KeyValue>("keyValues");
