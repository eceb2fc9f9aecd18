import type { JsonObject } from "../../../core/base/json.ts";
import { readBody, readInteger } from "../../base/body.ts";
import { accepted, answer, fail, noContent, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { readAutoscaling } from "./service-input.ts";
import { recordEvent } from "../event/event-row.ts";
import { changeService, findService, type Autoscaling, type ServiceRow } from "./service-row.ts";
import { runsInstances } from "./service-view.ts";

const most = 100;

function findScalable(call: Call, world: World): ServiceRow {
  const service = findService(call, world);
  if (!runsInstances(service.type)) fail(400, `a ${service.type} cannot be scaled`);
  if (service.plan === "free") fail(400, "a free service cannot be scaled");
  return service;
}

function recordScaling(world: World, service: ServiceRow, toConfig: Autoscaling): void {
  const details = { ...(service.autoscaling && { fromConfig: service.autoscaling }), toConfig };
  recordEvent(world, service, { type: "autoscaling_config_changed", details });
}

/**
 * The routes of scaling. Scaling by hand is counted among the changes of a service and bumps it; autoscaling has
 * another budget and does not (recorded).
 */
export const scalingRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/services/{id}/scale",
    budget: "render/service-change",
    handle(call, world): Answer {
      const service = findScalable(call, world);
      const numInstances =
        readInteger(readBody(call), "numInstances", { least: 1, most }) ??
        fail(400, "numInstances is required");
      if (service.plan === "free" && numInstances > 1) fail(400, "the free plan has a single instance");
      if (service.disk && numInstances > 1) fail(400, "a service with a disk must have exactly one instance");
      const details = { fromInstances: service.numInstances, toInstances: numInstances };
      changeService(world, service, (row) => void (row.numInstances = numInstances));
      if (details.fromInstances !== numInstances)
        recordEvent(world, service, { type: "instance_count_changed", details });
      return accepted;
    },
  },
  {
    method: "PUT",
    path: "/services/{id}/autoscaling",
    budget: "render/write",
    handle(call, world): Answer {
      const service = findScalable(call, world);
      if (service.disk) fail(400, "a service with a disk cannot scale automatically");
      const toConfig = readAutoscaling(readBody(call));
      recordScaling(world, service, toConfig);
      service.autoscaling = toConfig;
      return answer(200, service.autoscaling satisfies JsonObject);
    },
  },
  {
    method: "DELETE",
    path: "/services/{id}/autoscaling",
    budget: "render/write",
    handle(call, world): Answer {
      const service = findScalable(call, world);
      if (service.autoscaling) recordScaling(world, service, { ...service.autoscaling, enabled: false });
      delete service.autoscaling;
      return noContent;
    },
  },
];
