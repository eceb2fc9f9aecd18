import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { Datastore } from "./datastore.ts";
import type { IpRange } from "./ip-allow-list.ts";

export const persistenceModes = ["off", "snapshot", "journal_snapshot"] as const;
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

export const keyValues = defineTable<KeyValue>("keyValues");
