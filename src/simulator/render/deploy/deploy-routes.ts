import { readChoice, readOptionalBody, readText, requireText, readBody } from "../../base/body.ts";
import { answerList, filterByTimes, filterByValues } from "../../base/list.ts";
import {
  accepted,
  answer,
  fail,
  failNotFound,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { DeployRow } from "./deploy-row.ts";
import { cancelDeploy, isInProgress, settleDeploys, startDeploy, viewDeploy } from "./deploy.ts";
import { normaliseImage } from "../service/service-input.ts";
import { findService, isCron, type ServiceRow } from "../service/service-row.ts";

const collection = "/services/{id}/deploys";
const single = `${collection}/{deploy}`;

/** The routes of deploys. */
export const deployRoutes: readonly Route[] = [
  { method: "GET", path: collection, budget: "render/read", handle: listDeploys },
  { method: "POST", path: collection, budget: "render/service-change", handle: createDeploy },
  {
    method: "GET",
    path: single,
    budget: "render/read",
    handle: (call, world) => answer(200, viewDeploy(findDeploy(call, findSettled(call, world)))),
  },
  {
    method: "POST",
    path: `${single}/cancel`,
    budget: "render/service-change",
    handle(call, world): Answer {
      const service = findSettled(call, world);
      if (isCron(service)) fail(400, "deploys of cron jobs cannot be canceled");
      const deploy = findDeploy(call, service);
      if (!isInProgress(deploy)) fail(400, `deploy ${deploy.id} is not in progress`);
      cancelDeploy(world, service, deploy);
      settleDeploys(world, service);
      return answer(200, viewDeploy(deploy));
    },
  },
  {
    method: "POST",
    path: "/services/{id}/rollback",
    budget: "render/service-change",
    handle(call, world): Answer {
      const service = findSettled(call, world);
      const id = requireText(readBody(call), "deployId");
      const target = service.deploys.find((deploy) => deploy.id === id) ?? failNotFound(id);
      if (target.status !== "live" && target.status !== "deactivated")
        fail(400, `deploy ${id} was never live`);
      const source = { commit: target.commit, ...(target.image && { image: target.image }) };
      return answer(201, viewDeploy(startDeploy(world, service, { trigger: "rollback", source })));
    },
  },
];

function findSettled(call: Call, world: World): ServiceRow {
  const service = findService(call, world);
  settleDeploys(world, service);
  return service;
}

function findDeploy(call: Call, service: ServiceRow): DeployRow {
  const id = parameter(call, "deploy");
  return service.deploys.find((deploy) => deploy.id === id) ?? failNotFound(id);
}

function listDeploys(call: Call, world: World): Answer {
  const newestFirst = findSettled(call, world).deploys.toReversed();
  const fitting = filterByValues(call, newestFirst, { status: (row) => row.status });
  const rows = filterByTimes(call, fitting, {
    created: (row) => row.createdAt,
    updated: (row) => row.updatedAt,
    finished: (row) => row.finishedAt,
  });
  return answerList(call, world, {
    rows,
    thing: "deploy",
    view: viewDeploy,
    createdAt: (row) => row.createdAt,
  });
}

/**
 * Starts a deploy: answers 201 with it, or 202 without a body when it waits for another one (recorded). Only the
 * first deploy of a service that is no cron job bumps the service (recorded).
 */
function createDeploy(call: Call, world: World): Answer {
  const service = findService(call, world);
  const body = readOptionalBody(call);
  readChoice(body, "clearCache", ["clear", "do_not_clear"] as const);
  readChoice(body, "deployMode", ["build_and_deploy", "deploy_only"] as const);
  const imageUrl = readText(body, "imageUrl");
  if (imageUrl && service.imagePath === undefined) fail(400, "imageUrl needs a service of runtime image");
  if (imageUrl) service.imagePath = normaliseImage(imageUrl);
  const commitId = readText(body, "commitId");
  const source = commitId
    ? {
        source: {
          commit: { id: commitId, message: "Update", createdAt: new Date(world.clock.now()).toISOString() },
        },
      }
    : {};
  const deploy = startDeploy(world, service, { trigger: "api", ...source });
  if (deploy.status === "queued") return accepted;
  if (!isCron(service)) service.updatedAt = world.stamp();
  return answer(201, viewDeploy(deploy));
}
