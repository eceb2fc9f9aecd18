import type { Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { byHand, recordEvent } from "../event/event-row.ts";
import type { ServiceRow } from "./service-row.ts";

/** Notes the changed settings of a service that events have a name for (described). */
export function recordSettings(
  call: Call,
  world: World,
  { before, after }: { readonly before: ServiceRow; readonly after: ServiceRow },
): void {
  const [old, mode] = [before.maintenanceMode, after.maintenanceMode];
  if (before.plan !== after.plan)
    recordEvent(world, after, { type: "plan_changed", details: { from: before.plan, to: after.plan } });
  if (old.enabled !== mode.enabled)
    recordEvent(world, after, { type: "maintenance_mode_enabled", details: { enabled: mode.enabled } });
  if (old.uri !== mode.uri)
    recordEvent(world, after, {
      type: "maintenance_mode_uri_updated",
      details: { fromURI: old.uri, toURI: mode.uri },
    });
  if (isCached(before) !== isCached(after))
    recordEvent(world, after, {
      type: isCached(after) ? "edge_cache_enabled" : "edge_cache_disabled",
      details: { trigger: byHand(call) },
    });
}

/** Without a profile nothing is cached. */
function isCached({ cacheProfile = "no-cache" }: ServiceRow): boolean {
  return cacheProfile !== "no-cache";
}
