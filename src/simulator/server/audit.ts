import { defineTable, type Row } from "../base/account.ts";
import type { Microseconds } from "../base/clock.ts";
import type { Actor, Call } from "../base/route.ts";
import type { World } from "../base/world.ts";

/** One entry of the audit log of a workspace. */
export type AuditRow = Row & {
  readonly ownerId: string;
  readonly timestamp: Microseconds;
  /** The name of the event, as described: `UpdateServiceEvent`. */
  readonly event: string;
  readonly actor: Actor;
  readonly metadata: { readonly [name: string]: string };
};
/** The table of all audit logs. */
export const auditRows = defineTable<AuditRow>("auditLogs");

/**
 * Writes a line to the audit log. Routes call it for the events that Render's description lists; other events leave
 * no line.
 */
export function recordAudit(
  world: World,
  entry: { ownerId: string; event: string; actor: Actor; metadata: { readonly [name: string]: string } },
): void {
  world.account.insert(auditRows, { id: world.makeId("aud"), timestamp: world.stamp(), ...entry });
}

/**
 * Writes the line that a caller changed one object. The description leaves the metadata open; here it has the kind of
 * the object, its id, and its name where it has one.
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
