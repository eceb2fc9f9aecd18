import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { headerText } from "../../server/api.ts";
import { formatTime } from "../../base/clock.ts";
import {
  accepted,
  answer,
  fail,
  nobody,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { recordEvent } from "../event/event-row.ts";
import { findPostgres, postgresInstances, type Postgres } from "./postgres-row.ts";

type Export = Postgres["exports"][number];

const base = "/postgres/{postgresId}/export";
const day = 86_400_000;
const daysKept = 7;

/** The routes of exports (logical backups). The calls are described; that exports are kept for a week is documented. */
export const postgresExportRoutes: readonly Route[] = [
  { method: "GET", path: base, budget: "render/read", handle: listExports },
  { method: "POST", path: base, budget: "render/write", handle: startExport },
  // This route is not of Render's API: it is where the download URLs of the list lead.
  { method: "GET", path: "/exports/{file}", budget: null, anonymous: true, produces: null, handle: download },
];

function listExports(call: Call, world: World): Answer {
  const { exports } = findPostgres(call, world);
  return answer(
    200,
    exports
      .filter((one) => isKept(one, world))
      .map((one) => ({
        id: one.id,
        createdAt: formatTime(one.createdAt),
        ...(isReady(one, world) && {
          url: `${originOf(call)}/exports/${fileOf(one)}?signature=${sign(one)}`,
        }),
      })),
  );
}

function startExport(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const made = { id: world.makeId("exp"), createdAt: world.stamp() };
  row.exports.push(made);
  recordEvent(world, row, { type: "postgres_backup_started", at: made.createdAt });
  const at = made.createdAt + world.switches.exportMs * 1000;
  recordEvent(world, row, { type: "postgres_backup_completed", at });
  return accepted;
}

/**
 * Serves an export to anybody who has its URL. What becomes of exports when the database is deleted is not
 * documented; here they are gone too, so that trueup cannot come to rely on them.
 */
function download(call: Call, world: World): Answer {
  const file = parameter(call, "file");
  // A store of files that finds two sorts of credentials refuses both.
  if (call.user !== nobody) fail(400, "Only one auth mechanism allowed");
  for (const row of world.account.list(postgresInstances)) {
    const found = row.exports.find((one) => fileOf(one) === file);
    if (!found || !isReady(found, world) || !isKept(found, world)) continue;
    if (call.query.get("signature") !== sign(found)) break;
    const data = gzipSync(`${row.name} ${row.id} as of ${formatTime(found.createdAt)}\n`);
    const headers = { "Content-Length": String(data.byteLength) };
    return { status: 200, content: { type: "application/gzip", data }, headers };
  }
  return fail(403, "Access denied");
}

function fileOf({ id }: Export): string {
  return `${id}.dir.tar.gz`;
}

function sign({ id }: Export): string {
  return createHash("sha256").update(`signature of ${id}`).digest("hex");
}

function isReady({ createdAt }: Export, world: World): boolean {
  return world.now() >= createdAt + world.switches.exportMs * 1000;
}

function isKept({ createdAt }: Export, world: World): boolean {
  return world.now() < createdAt + daysKept * day * 1000;
}

/** The URL that the caller reached this API at. A call through the control endpoint has no host. */
function originOf(call: Call): string {
  const host = headerText(call.headers, "host");
  return host === undefined ? "https://exports.render.com" : `http://${host}/v1`;
}
