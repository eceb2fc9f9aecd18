import type { Scope } from "../../../core/kind/scope.ts";
import type { Query, Reader } from "../../../core/kind/reader.ts";
import { pick, type ApiObject } from "../mapping.ts";
import { asObject, isOfOwner, listByName } from "../names.ts";

const path = "/services";

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

/** Whether a listed service is one of the workspace and no preview. A preview has a parent server and a name like its parent's. */
function isMatch(item: ApiObject, scope: Scope): boolean {
  return isOfOwner(item, scope) && (pick(item, "serviceDetails.parentServer") ?? null) === null;
}
