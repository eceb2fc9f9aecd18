import { defineTable, type Row } from "../base/account.ts";
import type { Microseconds } from "../base/clock.ts";
import type { Actor, Call } from "../base/route.ts";
import type { World } from "../base/world.ts";

/** One entry of a workspace's audit log. */
export type AuditRow = Row & {
  readonly ownerId: string;
  readonly timestamp: Microseconds;
  /** One of the described event names, for example `UpdateServiceEvent`. */
  readonly event: string;
  readonly actor: Actor;
  readonly metadata: { readonly [name: string]: string };
};
export const auditRows = defineTable<AuditRow>("auditLogs");

/** Notes who did what. Routes call it for the events that Render's description lists; everything else leaves no trace. */
export function recordAudit(
  world: World,
  entry: { ownerId: string; event: string; actor: Actor; metadata: { readonly [name: string]: string } },
): void {
  world.account.insert(auditRows, { id: world.makeId("aud"), timestamp: world.stamp(), ...entry });
}

/**
 * Notes that the caller changed one object. The description leaves the metadata open: ours is what kind of thing it was,
 * its id, and its name where it has one.
 */
export function recordChange(
  call: Call,
  world: World,
  event: string,
  changed: { readonly kind: string; readonly id: string; readonly ownerId: string; readonly name?: string },
): void {
  const { kind, id, ownerId, name } = changed;
  const metadata = { [kind]: id, ...(name !== undefined && { name }) };
  recordAudit(world, { ownerId, event, actor: call.actor, metadata });
}
