import { workspaces, type Workspace } from "../../base/account.ts";
import { recordAudit } from "../../server/audit.ts";
import {
  readBody,
  readInteger,
  readObject,
  readObjects,
  readText,
  requireChoice,
  requireText,
  type Body,
} from "../../base/body.ts";
import { answerList, filterByRowTimes, filterByValues, queryValues } from "../../base/list.ts";
import { findWorkspace, listReachable } from "../../base/owned.ts";
import { answer, fail, noContent, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { startDeploy } from "../deploy/deploy.ts";
import { recordSettings } from "./setting-events.ts";
import { makeDisk } from "../service-parts/disk.ts";
import { unlinkService } from "../env-group/env-group-row.ts";
import { makeEnvVars } from "../service-parts/env-var.ts";
import { environments, readEnvironmentId } from "../project/environment-row.ts";
import { makeHeader } from "../service-parts/header.ts";
import { removeLogStreamOverride } from "../workspace/log-stream.ts";
import { removeNotificationOverride } from "../workspace/notification.ts";
import { makeRoute } from "../service-parts/route.ts";
import { makeSecretFiles } from "../service-parts/secret-file.ts";
import { applyChanges, checkService, insertService } from "./service-create.ts";
import { readAutoscaling, readServiceChanges, type ServiceChanges } from "./service-input.ts";
import {
  changeService,
  findService,
  isCron,
  services,
  servicesByCursor,
  servicesByParent,
  serviceTypes,
  type ServiceRow,
} from "./service-row.ts";
import { runsInstances, viewService } from "./service-view.ts";

/** The routes of the service itself. Its parts have files of their own. */
export const serviceRoutes: readonly Route[] = [
  { method: "GET", path: "/services", budget: "render/read", handle: listServices },
  { method: "POST", path: "/services", budget: "render/create", handle: createService },
  {
    method: "GET",
    path: "/services/{id}",
    budget: "render/read",
    handle: (call, world) => answer(200, viewService(findService(call, world), world)),
  },
  { method: "PATCH", path: "/services/{id}", budget: "render/service-change", handle: patchService },
  { method: "DELETE", path: "/services/{id}", budget: "render/write", handle: deleteService },
];

function listServices(call: Call, world: World): Answer {
  const project = queryValues(call, "projectId");
  const named = filterByValues(call, listReachable(call, world, services), {
    name: (row) => row.name,
    type: (row) => row.type,
    environmentId: (row) => row.environmentId,
    env: (row) => row.runtime,
    region: (row) => row.region,
    suspended: (row) => (row.suspenders.length > 0 ? "suspended" : "not_suspended"),
  });
  const timed = filterByRowTimes(call, named);
  const original = call.query.get("includePreviews") !== "false" ? timed : timed.filter(isOriginal);
  const rows = project ? original.filter((row) => isInProject(world, row, project)) : original;
  return answerList(call, world, {
    rows: rows.toReversed(),
    thing: "service",
    view: (row) => viewService(row, world),
    createdAt: (row) => row.createdAt,
    find: (key) => world.account.lookup(servicesByCursor, key)[0],
  });
}

function isOriginal(row: ServiceRow): boolean {
  return row.parentServerId === undefined;
}

function isInProject(world: World, { environmentId }: ServiceRow, projects: readonly string[]): boolean {
  const environment =
    environmentId === undefined ? undefined : world.account.find(environments, environmentId);
  return environment !== undefined && projects.includes(environment.projectId);
}

/** Makes a service and answers `{deployId, service}`: a creation always starts the first deploy (recorded). */
function createService(call: Call, world: World): Answer {
  const body = readBody(call);
  const details = readObject(body, "serviceDetails") ?? {};
  const workspace = findWorkspace(call, world, requireText(body, "ownerId"));
  const wish = {
    type: requireChoice(body, "type", serviceTypes),
    region: readText(details, "region"),
    environmentId: readEnvironmentId(call, world, body, workspace.id),
    numInstances: readInteger(details, "numInstances", { least: 1, most: 100 }),
    changes: readServiceChanges(body),
  };
  checkService(world, workspace, wish);
  const envVars = makeEnvVars(world, readObjects(body["envVars"], "envVars"));
  const secretFiles = makeSecretFiles(world, readObjects(body["secretFiles"], "secretFiles"));
  const service = insertService(world, workspace, wish);
  try {
    Object.assign(service, { envVars, secretFiles });
    addParts(world, service, details);
  } catch (error) {
    // A creation that is refused half-way leaves no row behind.
    world.account.remove(services, service.id);
    throw error;
  }
  recordService(call, world, isCron(service) ? "CreateCronJobEvent" : "CreateServerEvent", service);
  const deploy = startDeploy(world, service, { trigger: "api" });
  // The first deploy bumps the new service, but for the image of a cron job, which has nothing to build (recorded).
  if (!isCron(service) || service.imagePath === undefined) service.updatedAt = world.stamp();
  return answer(201, { deployId: deploy.id, service: viewService(service, world) });
}

/** Makes the parts of a service that stand in the body of its creation and have calls of their own later. */
function addParts(world: World, service: ServiceRow, details: Body): void {
  const autoscaling = readObject(details, "autoscaling");
  if (autoscaling && runsInstances(service.type)) service.autoscaling = readAutoscaling(autoscaling);
  const disk = readObject(details, "disk");
  if (disk) changeService(world, service, (row) => void (row.disk = makeDisk(world, row, disk)));
  if (service.type !== "static_site") return;
  service.headers = readObjects(details["headers"], "headers").map((input) => makeHeader(world, input));
  service.routes = readObjects(details["routes"], "routes").map((input) => makeRoute(world, input));
}

/**
 * Changes the fields that the body names, and leaves other members of nested objects alone (documented). Whether that
 * starts a deploy is a switch.
 */
function patchService(call: Call, world: World): Answer {
  const service = findService(call, world);
  const changes = readServiceChanges(readBody(call));
  const previous = { ...service };
  checkService(world, ownerOf(world, service), { type: service.type, changes }, service);
  changeService(world, service, (row) => applyChanges(row, changes));
  const changed = service.updatedAt !== previous.updatedAt;
  if (changed) recordSettings(call, world, { before: previous, after: service });
  for (const event of changed ? eventsOf(changes, previous.name) : [])
    recordService(call, world, event, service);
  if (changed && world.switches.patchDeploys && service.suspenders.length === 0) {
    startDeploy(world, service, { trigger: "service_updated" });
  }
  return answer(200, viewService(service, world));
}

/** The events of a change. The audit log has names for a few settings only (described). */
function eventsOf(changes: ServiceChanges, previousName: string): string[] {
  return [
    ...(changes.name !== undefined && changes.name !== previousName ? ["UpdateServiceNameEvent"] : []),
    ...(changes.maintenanceMode?.enabled ? ["MaintenanceModeEnabledEvent"] : []),
    ...(changes.maintenanceMode?.uri ? ["MaintenanceModeURIUpdatedEvent"] : []),
    ...(changes.ipAllowList !== undefined ? ["UpdateIPAllowListEvent"] : []),
  ];
}

/** Deletes a service, also with a disk, domains, variables or a deploy that runs: they are deleted with it (recorded). */
function deleteService(call: Call, world: World): Answer {
  const service = findService(call, world);
  removeService(world, service);
  recordService(call, world, isCron(service) ? "DeleteCronJobEvent" : "DeleteServerEvent", service);
  return noContent;
}

function removeService(world: World, service: ServiceRow): void {
  for (const preview of world.account.lookup(servicesByParent, service.id)) removeService(world, preview);
  world.account.remove(services, service.id);
  unlinkService(world, service.id);
  removeNotificationOverride(world, service.id);
  removeLogStreamOverride(world, service.id);
}

function ownerOf(world: World, service: ServiceRow): Workspace {
  return world.account.find(workspaces, service.ownerId) ?? fail(404, `not found: ${service.ownerId}`);
}

/** Writes a line about a service to the audit log. */
export function recordService(call: Call, world: World, event: string, service: ServiceRow): void {
  const { id, ownerId, name } = service;
  recordAudit(world, { ownerId, event, actor: call.actor, metadata: { service: id, name } });
}
