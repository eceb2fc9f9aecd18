import type { JsonObject } from "../../../core/base/json.ts";
import { readBody, requireText } from "../../base/body.ts";
import { formatTime, formatTimeAtCreation } from "../../base/clock.ts";
import { answerList, filterByTimes, filterByValues } from "../../base/list.ts";
import {
  accepted,
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
import {
  findService,
  services,
  servicesByDomain,
  type CustomDomainRow,
  type ServiceRow,
} from "../service/service-row.ts";
import { isPublic } from "../service/service-view.ts";

/** Suffixes of two labels under which names are registered. Of any other name, the suffix is the last label. */
const longSuffixes = new Set([
  "co.uk",
  "org.uk",
  "com.au",
  "com.br",
  "co.jp",
  "co.nz",
  "co.za",
  "com.mx",
  "co.in",
]);

/**
 * Makes the rows for one name. An apex brings its `www`, and the `www` of an apex brings the apex; the one that came
 * along redirects to the one that was asked for (documented; recordings have plain subdomains only).
 */
export function addCustomDomain(world: World, service: ServiceRow, wished: string): CustomDomainRow[] {
  const name = wished.toLowerCase().replace(/\.$/, "");
  checkDomain(name);
  if (findHolder(world, name)) fail(409, `domain ${name} is already in use`);
  const twin = twinOf(name);
  const rows = [makeDomain(world, name, "")];
  if (twin !== undefined && !findHolder(world, twin)) rows.push(makeDomain(world, twin, name));
  service.customDomains.push(...rows);
  world.account.reindex(services, service);
  return rows;
}

function makeDomain(world: World, name: string, redirectForName: string): CustomDomainRow {
  const publicSuffix = suffixOf(name);
  return {
    id: world.makeId("cdm"),
    name,
    domainType: isApex(name) ? "apex" : "subdomain",
    publicSuffix,
    redirectForName,
    verificationStatus: "unverified",
    createdAt: world.stamp(),
  };
}

function checkDomain(name: string): void {
  const labels = name.split(".");
  const valid = labels.every((label, index) => isLabel(label) || (index === 0 && label === "*"));
  if (labels.length < 2 || !valid || name.length > 253) fail(400, `invalid domain name: ${name}`);
}

function isLabel(label: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/.test(label);
}

function suffixOf(name: string): string {
  const lastTwo = name.split(".").slice(-2).join(".");
  return longSuffixes.has(lastTwo) ? lastTwo : (name.split(".").at(-1) ?? "");
}

function isApex(name: string): boolean {
  return name.split(".").length === suffixOf(name).split(".").length + 1;
}

function twinOf(name: string): string | undefined {
  if (isApex(name)) return `www.${name}`;
  const rest = name.slice("www.".length);
  return name.startsWith("www.") && isApex(rest) ? rest : undefined;
}

/** The service that has a domain, in any workspace. */
export function findHolder(world: World, name: string): ServiceRow | undefined {
  return world.account.lookup(servicesByDomain, name)[0];
}

function viewDomain(row: CustomDomainRow): JsonObject {
  const { id, name, domainType, publicSuffix, redirectForName, verificationStatus } = row;
  const createdAt = formatTime(row.createdAt);
  return { id, name, domainType, publicSuffix, redirectForName, verificationStatus, createdAt };
}

function findDomain(call: Call, service: ServiceRow): CustomDomainRow {
  const wanted = parameter(call, "domain");
  const row = service.customDomains.find((domain) => domain.id === wanted || domain.name === wanted);
  return row ?? failNotFound(wanted);
}

function findPublicService(call: Call, world: World): ServiceRow {
  const service = findService(call, world);
  return isPublic(service.type) ? service : fail(400, `a ${service.type} cannot have custom domains`);
}

const collection = "/services/{id}/custom-domains";
const single = `${collection}/{domain}`;

/** The routes of custom domains. */
export const customDomainRoutes: readonly Route[] = [
  {
    method: "GET",
    path: collection,
    budget: "render/read",
    handle(call, world): Answer {
      const named = filterByValues(call, findService(call, world).customDomains.toReversed(), {
        name: (row) => row.name,
        domainType: (row) => row.domainType,
        verificationStatus: (row) => row.verificationStatus,
      });
      const rows = filterByTimes(call, named, { created: (row) => row.createdAt });
      return answerList(call, world, {
        rows,
        thing: "customDomain",
        view: viewDomain,
        createdAt: (row) => row.createdAt,
      });
    },
  },
  {
    method: "POST",
    path: collection,
    budget: "render/custom-domain",
    handle(call, world): Answer {
      const service = findPublicService(call, world);
      const rows = addCustomDomain(world, service, requireText(readBody(call), "name"));
      // The answer is a list, with nanoseconds (recorded).
      return answer(
        201,
        rows.map((row) => ({ ...viewDomain(row), createdAt: formatTimeAtCreation(row.createdAt) })),
      );
    },
  },
  {
    method: "GET",
    path: single,
    budget: "render/read",
    handle: (call, world) => answer(200, viewDomain(findDomain(call, findService(call, world)))),
  },
  {
    method: "DELETE",
    path: single,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const row = findDomain(call, service);
      const withTwin = world.switches.domainTwinDelete === "with primary";
      const gone = service.customDomains.filter(
        (other) => other === row || (withTwin && other.redirectForName === row.name),
      );
      service.customDomains = service.customDomains.filter((other) => !gone.includes(other));
      world.account.reindex(services, service);
      for (const { id } of gone) world.account.forgetLater(id);
      return noContent;
    },
  },
  {
    method: "POST",
    path: `${single}/verify`,
    budget: "render/custom-domain",
    handle(call, world): Answer {
      const row = findDomain(call, findService(call, world));
      // Here every name has its DNS records, but for names that can have none (RFC 6761).
      if (!row.name.endsWith(".invalid")) row.verificationStatus = "verified";
      return accepted;
    },
  },
];
