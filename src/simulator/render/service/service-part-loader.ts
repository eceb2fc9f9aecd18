import { makeAddress, parseAddress } from "../../../core/base/address.ts";
import type { Desired } from "../../../core/model/desired.ts";
import { jsonOf, type Loader, type Loading } from "../../server/loader.ts";
import { addCustomDomain, findHolder } from "../service-parts/custom-domain.ts";
import { makeDisk } from "../service-parts/disk.ts";
import { services, type ServiceRow } from "./service-row.ts";

/**
 * Loads a disk of a file. Its natural key is the name of its service. A disk without a size has 10 GB, as in a
 * Blueprint (documented).
 */
export const diskLoader: Loader = {
  kind: "render/disk",
  load(desired, loading) {
    const service = findByName(desired.name, loading);
    if (!service || service.disk) return;
    service.disk = makeDisk(loading.world, service, {
      name: jsonOf(desired.spec["name"]),
      mountPath: jsonOf(desired.spec["mountPath"]),
      sizeGB: jsonOf(desired.spec["sizeGB"]) ?? 10,
    });
    loading.world.account.reindex(services, service);
    loading.ids.set(desired.address, service.disk.id);
  },
};

/**
 * Loads a domain of a file. A name exists once on all of Render, so the second workspace does not get it; a twin that
 * the file lists as well is there already.
 */
export const customDomainLoader: Loader = {
  kind: "render/custom-domain",
  load(desired, loading) {
    const service = serviceOfDomain(desired, loading);
    if (!service) return;
    if (!findHolder(loading.world, desired.name)) addCustomDomain(loading.world, service, desired.name);
    const row = service.customDomains.find((domain) => domain.name === desired.name);
    if (row) loading.ids.set(desired.address, row.id);
  },
};

/** The service of a domain, which the file stage took from the place of the block: a name, or an address. */
function serviceOfDomain(desired: Desired, loading: Loading): ServiceRow | undefined {
  const service = jsonOf(desired.spec["service"]);
  if (typeof service !== "string") return undefined;
  return findByName(parseAddress(service)?.name ?? service, loading);
}

function findByName(name: string, { ids, world }: Loading): ServiceRow | undefined {
  return world.account.find(services, ids.get(makeAddress("render/service", name)) ?? "");
}
