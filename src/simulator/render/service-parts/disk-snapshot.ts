import { createHash } from "node:crypto";
import { readBody, requireText } from "../../base/body.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { answer, failNotFound, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { findDisk, recordDisk, viewDisk, type Attached } from "./disk.ts";

/** Described, never recorded. How often a snapshot is made and how long it is kept is not: here daily, for a week. */
export const diskSnapshotRoutes: readonly Route[] = [
  { method: "GET", path: "/disks/{id}/snapshots", budget: "render/read", handle: listSnapshots },
  { method: "POST", path: "/disks/{id}/snapshots/restore", budget: "render/write", handle: restoreSnapshot },
];

const day = 86_400_000_000;
const kept = 7;

/** At each whole day since the disk was made, the newest first. */
function snapshotTimes({ disk }: Attached, world: World): Microseconds[] {
  const days = Math.floor((world.now() - disk.createdAt) / day);
  return Array.from({ length: Math.min(days, kept) }, (_, index) => disk.createdAt + (days - index) * day);
}

/** The key is good for that one snapshot (described: for a day). */
function keyOf({ disk }: Attached, at: Microseconds): string {
  return createHash("sha256").update(`snapshot ${disk.id} ${at}`).digest("base64url");
}

function listSnapshots(call: Call, world: World): Answer {
  const attached = findDisk(call, world);
  const snapshots = snapshotTimes(attached, world).map((at) => ({
    createdAt: formatTime(at),
    snapshotKey: keyOf(attached, at),
  }));
  return answer(world.switches.snapshotListStatus, snapshots);
}

/** What is on a disk is nothing here, so that it stays the same disk. */
function restoreSnapshot(call: Call, world: World): Answer {
  const attached = findDisk(call, world);
  const key = requireText(readBody(call), "snapshotKey");
  if (!snapshotTimes(attached, world).some((at) => keyOf(attached, at) === key)) failNotFound(key);
  recordDisk(call, world, "RestoreDiskSnapshotEvent", attached.service);
  return answer(200, viewDisk(attached));
}
