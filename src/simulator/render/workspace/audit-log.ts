import { auditRows, type AuditRow } from "../../server/audit.ts";
import { formatTime } from "../../base/clock.ts";
import { answerList, readQueryTime } from "../../base/list.ts";
import { findWorkspace } from "../../base/owned.ts";
import { parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

/** The routes of the audit log. */
export const auditLogRoutes: readonly Route[] = [
  { method: "GET", path: "/owners/{ownerId}/audit-logs", budget: "render/read", handle: listEntries },
  { method: "GET", path: "/organizations/{ownerId}/audit-logs", budget: "render/read", handle: listEntries },
];

/** Lists entries, the newest first unless `direction=forward`, up to 1,000 on a page (described). */
function listEntries(call: Call, world: World): Answer {
  const { id: ownerId } = findWorkspace(call, world, parameter(call, "ownerId"));
  const from = readQueryTime(call, "startTime") ?? -Infinity;
  const until = readQueryTime(call, "endTime") ?? Infinity;
  const entries = world.account
    .list(auditRows)
    .filter((row) => row.ownerId === ownerId && row.timestamp >= from && row.timestamp < until);
  const forward = call.query.get("direction") === "forward";
  return answerList(call, world, {
    rows: forward ? entries : entries.reverse(),
    thing: "auditLog",
    view: viewEntry,
    maximum: 1000,
    createdAt: (row) => row.timestamp,
  });
}

function viewEntry(row: AuditRow) {
  const { id, event, actor, metadata } = row;
  return {
    id,
    timestamp: formatTime(row.timestamp),
    event,
    status: "success",
    actor: { ...actor },
    metadata: { ...metadata },
  };
}
