import { nameOf } from "../../../core/base/address.ts";
import { groupBy } from "../../../core/base/group.ts";
import type { Scope, Wanted } from "../../../core/kind/scope.ts";
import type { Query, Reader } from "../../../core/kind/reader.ts";
import { pick, type ApiObject } from "../mapping.ts";
import { listEnvironments, listProjects } from "../environment/list.ts";
import { asObject, isOfOwner, listByName } from "../names.ts";

const path = "/services";
const kindName = "render/service";

/** The query for services without previews, which Render makes and deletes itself; the list would show them by default. */
function serviceQuery(scope: Scope): Query {
  return { ownerId: scope.ownerId, includePreviews: "false" };
}

/** All services of the workspace, as the list shows them. A plan reads the list once for all kinds that stand inside a service. */
export async function listServices(reader: Reader, scope: Scope): Promise<readonly ApiObject[]> {
  const items = await reader.list(path, serviceQuery(scope), "service");
  return items.map((item) => asObject(item, path)).filter((item) => isMatch(item, scope));
}

/** The services of these names. */
export async function findServices(
  reader: Reader,
  scope: Scope,
  names: readonly string[],
): Promise<readonly ApiObject[]> {
  const items = await listByName(reader, { path, envelope: "service", query: serviceQuery(scope) }, names);
  return items.filter((item) => isMatch(item, scope));
}

/**
 * By id, the whole name of each service whose name stands in several environments of the file, which is how its address and what
 * stands inside it know it: `api@shop/production`. An export gives such names to all services that share theirs.
 */
export async function wholeNames(
  reader: Reader,
  scope: Scope,
  services: readonly ApiObject[],
  wanted: Wanted,
): Promise<ReadonlyMap<string, string>> {
  const { resources, inventory, everything } = wanted;
  const declared = resources.filter(
    ({ kind, address, name }) => kind === kindName && nameOf(address) !== name,
  );
  const count = groupBy(services, (item) => String(item["name"]));
  const isShared = ({ name }: ApiObject): boolean =>
    everything ? (count.get(String(name))?.length ?? 0) > 1 : declared.some((one) => one.name === name);
  const shared = services.filter(isShared);
  if (shared.length === 0) return new Map();
  const environments = await listEnvironments(reader, await listProjects(reader, scope), { inventory });
  const names = new Map(environments.map(({ environment, name }) => [environment["id"], name]));
  const whole = shared.flatMap((item): readonly (readonly [string, string])[] => {
    const inside = names.get(item["environmentId"]);
    const known = declared.find(({ address }) => inventory.resources[address]?.id === item["id"]);
    const own = known ? nameOf(known.address) : inside && `${String(item["name"])}@${inside}`;
    const isKnown =
      own !== undefined && (everything || declared.some(({ address }) => nameOf(address) === own));
    return isKnown ? [[String(item["id"]), own]] : [];
  });
  return new Map(whole);
}

/** The name of the service in a whole one. */
export function plainName(whole: string, { resources }: Wanted): string {
  return resources.find(({ kind, address }) => kind === kindName && nameOf(address) === whole)?.name ?? whole;
}

/** Whether a listed service is one of the workspace and no preview. A preview has a parent server and a name like its parent's. */
function isMatch(item: ApiObject, scope: Scope): boolean {
  return isOfOwner(item, scope) && (pick(item, "serviceDetails.parentServer") ?? null) === null;
}
