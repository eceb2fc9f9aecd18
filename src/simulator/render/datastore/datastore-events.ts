import type { Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { dropEventsToCome, recordEvent, userOf } from "../event/event-row.ts";
import type { Datastore } from "./datastore.ts";
import type { KeyValue } from "./key-value-row.ts";
import type { Postgres } from "./postgres-row.ts";

/** Notes when a datastore can be used: one that is made again meanwhile can be used later. */
export function recordAvailability(
  world: World,
  row: Datastore,
  type: "postgres_available" | "key_value_available",
): void {
  const cause = `${row.id} available`;
  dropEventsToCome(world, cause);
  recordEvent(world, row, { type, at: row.availableAt, cause });
}

/** Notes the changes of a database that events have a name for (described). */
export function recordPostgresChanges(
  call: Call,
  world: World,
  { before, after }: { readonly before: Postgres; readonly after: Postgres },
): void {
  const [size, replicas] = [after.diskSizeGB, after.readReplicas.length];
  const user = userOf(call);
  if (before.diskSizeGB !== size) {
    const details = { ...user, fromDiskSize: before.diskSizeGB, toDiskSize: size };
    recordEvent(world, after, { type: "postgres_disk_size_changed", details });
  }
  if (before.diskAutoscalingEnabled !== after.diskAutoscalingEnabled)
    recordEvent(world, after, { type: "postgres_disk_autoscaling_enabled_changed", details: user });
  if (before.highAvailabilityEnabled !== after.highAvailabilityEnabled) {
    const words = [before, after].map((row) => (row.highAvailabilityEnabled ? "enabled" : "disabled"));
    const details = { fromStatus: words[0] ?? "", toStatus: words[1] ?? "" };
    recordEvent(world, after, { type: "postgres_ha_status_changed", details });
  }
  if (before.readReplicas.length !== replicas) {
    const details = { fromReplicas: before.readReplicas.length, toReplicas: replicas };
    recordEvent(world, after, { type: "postgres_read_replicas_changed", details });
  }
}

/** Notes a change of options that restarts a store (documented: policy and persistence do). */
export function recordKeyValueChanges(world: World, before: KeyValue, after: KeyValue): void {
  const changed = (["maxmemoryPolicy", "persistenceMode"] as const).filter(
    (field) => before[field] !== after[field],
  );
  if (changed.length === 0) return;
  const details = { reason: "config_changed", message: `changed: ${changed.join(", ")}` };
  recordEvent(world, after, { type: "key_value_config_restart", details });
}
