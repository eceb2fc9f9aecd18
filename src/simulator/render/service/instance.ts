import { formatTime } from "../../base/clock.ts";
import type { World } from "../../base/world.ts";
import { settleDeploys } from "../deploy/deploy.ts";
import { runsInstances } from "./service-view.ts";
import type { ServiceRow } from "./service-row.ts";

/** What runs of a service: as many as it has, once a deploy is live. */
export function listInstances(service: ServiceRow, world: World): { id: string; createdAt: string }[] {
  settleDeploys(world, service);
  const live = service.deploys.find((deploy) => deploy.status === "live");
  if (!live || service.suspenders.length > 0 || !runsInstances(service.type)) return [];
  return Array.from({ length: service.numInstances }, (_, index) => ({
    id: `${service.id}-${live.id.slice(-4, -1)}${String(index).padStart(2, "0")}`,
    createdAt: formatTime(live.finishedAt ?? live.createdAt),
  }));
}
