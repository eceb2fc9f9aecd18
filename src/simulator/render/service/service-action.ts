import { readBody, readText, requireText } from "../../base/body.ts";
import { randomText } from "../../base/random.ts";
import { accepted, answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import { workspaces } from "../../base/account.ts";
import type { World } from "../../base/world.ts";
import { cancelDeploy, isInProgress, settleDeploys, startDeploy } from "../deploy/deploy.ts";
import { byHand, recordEvent } from "../event/event-row.ts";
import { recordService } from "./service.ts";
import { listInstances } from "./instance.ts";
import { checkService, insertService } from "./service-create.ts";
import { normaliseImage } from "./service-input.ts";
import { changeService, findService, isCron, type ServiceRow } from "./service-row.ts";
import { isPublic, viewService } from "./service-view.ts";

/**
 * The routes that act on a service without changing its fields. None of them was ever recorded; statuses are as
 * described.
 */
export const serviceActionRoutes: readonly Route[] = [
  { method: "POST", path: "/services/{id}/suspend", budget: "render/service-change", handle: suspend },
  { method: "POST", path: "/services/{id}/resume", budget: "render/service-change", handle: resume },
  {
    method: "POST",
    path: "/services/{id}/restart",
    budget: "render/service-change",
    handle(call, world): Answer {
      const service = findService(call, world);
      if (isCron(service)) fail(400, "a cron job cannot be restarted");
      if (service.suspenders.length > 0) fail(400, "a suspended service cannot be restarted");
      recordEvent(world, service, {
        type: "server_restarted",
        details: { triggeredByUser: call.actor.email },
      });
      return answer(200);
    },
  },
  {
    method: "POST",
    path: "/services/{id}/cache/purge",
    budget: "render/service-change",
    handle(call, world): Answer {
      const service = findService(call, world);
      if (!isPublic(service.type)) fail(400, `a ${service.type} has no cache`);
      recordEvent(world, service, { type: "edge_cache_purged", details: { trigger: byHand(call) } });
      return accepted;
    },
  },
  { method: "POST", path: "/services/{id}/preview", budget: "render/create", handle: createPreview },
  {
    method: "GET",
    path: "/services/{id}/instances",
    budget: "render/read",
    handle: (call, world) => answer(200, listInstances(findService(call, world), world)),
  },
];

/** Suspends a service, and cancels the deploy that runs. A second suspension changes nothing. */
export function suspendService(world: World, service: ServiceRow): void {
  settleDeploys(world, service);
  for (const deploy of service.deploys) if (isInProgress(deploy)) cancelDeploy(world, service, deploy);
  changeService(world, service, (row) => void (row.suspenders = [...new Set([...row.suspenders, "user"])]));
}

function suspend(call: Call, world: World): Answer {
  const service = findService(call, world);
  const isNew = service.suspenders.length === 0;
  suspendService(world, service);
  if (isNew) recordEvent(world, service, { type: "service_suspended" });
  recordService(call, world, "SuspendServiceEvent", service);
  return accepted;
}

/** Resumes a service, which starts a deploy by itself (described: trigger `service_resumed`). */
function resume(call: Call, world: World): Answer {
  const service = findService(call, world);
  if (service.suspenders.length === 0) return accepted;
  changeService(
    world,
    service,
    (row) => void (row.suspenders = row.suspenders.filter((who) => who !== "user")),
  );
  recordEvent(world, service, { type: "service_resumed" });
  startDeploy(world, service, { trigger: "service_resumed" });
  recordService(call, world, "ResumeServiceEvent", service);
  return accepted;
}

/** Makes a preview: a child service with another image. Lists show it unless the query asks for no previews (described). */
function createPreview(call: Call, world: World): Answer {
  const parent = findService(call, world);
  const workspace = world.account.find(workspaces, parent.ownerId);
  if (parent.imagePath === undefined || !workspace)
    fail(400, "previews are available for image-backed services only");
  const body = readBody(call);
  const wish = {
    type: parent.type,
    region: parent.region,
    parentServerId: parent.id,
    environmentId: parent.environmentId,
    changes: {
      runtime: "image" as const,
      plan: readText(body, "plan") ?? parent.plan,
      name: readText(body, "name") ?? `${parent.name} PR ${randomText(world.random, 4)}`,
      imagePath: normaliseImage(requireText(body, "imagePath")),
    },
  };
  checkService(world, workspace, wish);
  const preview = insertService(world, workspace, wish);
  preview.envVars = parent.envVars.map((row) => ({ ...row, id: world.makeId("") }));
  const deploy = startDeploy(world, preview, { trigger: "api" });
  return answer(200, { deployId: deploy.id, service: viewService(preview, world) });
}
