import { defineTable } from "../../base/account.ts";
import type { OwnedRow } from "../../base/owned.ts";

/** A webhook of a workspace. */
export type Webhook = OwnedRow & {
  name: string;
  url: string;
  enabled: boolean;
  /** The events that are sent; an empty list and `null` mean all of them. `null` stays `null` (recorded). */
  eventFilter: string[] | null;
  readonly secret: string;
};

export const webhooks = defineTable<Webhook>("webhooks");
