import type { JsonObject } from "../../../core/base/json.ts";
import { recordAudit } from "../../server/audit.ts";
import {
  readBody,
  readInteger,
  readOptionalBody,
  readText,
  requireText,
  type Body,
} from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import { answerList, filterByTimes, filterByValues } from "../../base/list.ts";
import { findReachable, listReachable } from "../../base/owned.ts";
import {
  answer,
  fail,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { recordEvent } from "../event/event-row.ts";
import {
  changeService,
  services,
  servicesByDisk,
  type DiskRow,
  type ServiceRow,
} from "../service/service-row.ts";
import { runsInstances } from "../service/service-view.ts";
import { trimEnd } from "../../../core/base/text.ts";

/** A disk with its service. */
export type Attached = { readonly id: string; readonly service: ServiceRow; readonly disk: DiskRow };

const forbiddenMounts = new Set(
  "/ /opt /opt/render /opt/render/project /opt/render/project/src /home /home/render /etc /etc/secrets".split(
    " ",
  ),
);

/** Makes the row of a disk, checked by the rules for disks. The caller attaches it. */
export function makeDisk(world: World, service: ServiceRow, input: Body): DiskRow {
  if (!runsInstances(service.type)) fail(400, `a ${service.type} cannot have a disk`);
  if (service.plan === "free") fail(400, "the free plan has no disks");
  if (service.disk) fail(409, `service ${service.id} already has a disk`);
  if (service.autoscaling) fail(400, "a service with a disk cannot scale automatically");
  if (service.numInstances > 1) fail(400, "a service with a disk must have exactly one instance");
  const now = world.stamp();
  return {
    id: world.makeId("dsk"),
    name: requireText(input, "name"),
    mountPath: checkMountPath(requireText(input, "mountPath")),
    sizeGB: readInteger(input, "sizeGB", { least: 1, most: 10_000 }) ?? 1,
    createdAt: now,
    updatedAt: now,
  };
}

function checkMountPath(path: string): string {
  const plain = path.length > 1 ? trimEnd(path, "/") : path;
  if (!plain.startsWith("/") || forbiddenMounts.has(plain)) fail(400, `invalid mount path: ${path}`);
  return path;
}

/** A disk as answers show it. */
export function viewDisk({ disk, service }: Attached): JsonObject {
  const { id, name, mountPath, sizeGB } = disk;
  return {
    id,
    name,
    mountPath,
    sizeGB,
    serviceId: service.id,
    createdAt: formatTime(disk.createdAt),
    updatedAt: formatTime(disk.updatedAt),
  };
}

function listDisks(call: Call, world: World): Attached[] {
  return listReachable(call, world, services).flatMap((service) =>
    service.disk ? [{ id: service.disk.id, service, disk: service.disk }] : [],
  );
}

/** The disk that the path names, or 404. */
export function findDisk(call: Call, world: World): Attached {
  const id = parameter(call, "id");
  const [service] = world.account.lookup(servicesByDisk, id);
  return service?.disk && call.user.workspaceIds.includes(service.ownerId)
    ? { id, service, disk: service.disk }
    : failNotFound(id);
}

/** The routes of disks. A change shows in the service object at once and takes effect with the next deploy (described). */
export const diskRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/disks",
    budget: "render/read",
    handle(call, world): Answer {
      const named = filterByValues(call, listDisks(call, world), {
        diskId: ({ disk }) => disk.id,
        name: ({ disk }) => disk.name,
        serviceId: ({ service }) => service.id,
      });
      const rows = filterByTimes(call, named, {
        created: ({ disk }) => disk.createdAt,
        updated: ({ disk }) => disk.updatedAt,
      });
      return answerList(call, world, { rows: rows.toReversed(), thing: "disk", view: viewDisk });
    },
  },
  {
    method: "POST",
    path: "/disks",
    budget: "render/write",
    handle(call, world): Answer {
      const body = readBody(call);
      const service = findReachable(call, world, services, requireText(body, "serviceId"));
      const disk = makeDisk(world, service, body);
      changeService(world, service, (row) => void (row.disk = disk));
      recordEvent(world, service, {
        type: "disk_created",
        details: { diskId: disk.id, sizeGB: disk.sizeGB },
      });
      recordDisk(call, world, "CreateServerDiskEvent", service);
      return answer(201, viewDisk({ id: disk.id, service, disk }));
    },
  },
  {
    method: "GET",
    path: "/disks/{id}",
    budget: "render/read",
    handle: (call, world) => answer(200, viewDisk(findDisk(call, world))),
  },
  {
    method: "PATCH",
    path: "/disks/{id}",
    budget: "render/write",
    handle: changeDisk,
  },
  {
    method: "DELETE",
    path: "/disks/{id}",
    budget: "render/write",
    handle(call, world): Answer {
      const { service, disk } = findDisk(call, world);
      changeService(world, service, (row) => void delete row.disk);
      world.account.forgetLater(disk.id);
      recordEvent(world, service, { type: "disk_deleted", details: { diskId: disk.id } });
      recordDisk(call, world, "DeleteServerDiskEvent", service);
      return noContent;
    },
  },
];

/** Changes a disk. It bumps the disk where something is different after it, and never the service (recorded). */
function changeDisk(call: Call, world: World): Answer {
  const attached = findDisk(call, world);
  const { disk } = attached;
  const body = readOptionalBody(call);
  const sizeGB = readInteger(body, "sizeGB", { least: 1, most: 10_000 }) ?? disk.sizeGB;
  if (sizeGB < disk.sizeGB) fail(400, `a disk cannot shrink: it has ${disk.sizeGB} GB`);
  const name = readText(body, "name") ?? disk.name;
  const mountPath = checkMountPath(readText(body, "mountPath") ?? disk.mountPath);
  if (name !== disk.name || mountPath !== disk.mountPath || sizeGB !== disk.sizeGB) {
    const details = { diskId: disk.id, fromSizeGB: disk.sizeGB, toSizeGB: sizeGB };
    recordEvent(world, attached.service, { type: "disk_updated", details });
    Object.assign(disk, { name, mountPath, sizeGB, updatedAt: world.stamp() });
  }
  return answer(200, viewDisk(attached));
}

/** Writes a line about a disk to the audit log. */
export function recordDisk(call: Call, world: World, event: string, service: ServiceRow): void {
  recordAudit(world, {
    ownerId: service.ownerId,
    event,
    actor: call.actor,
    metadata: { service: service.id },
  });
}
