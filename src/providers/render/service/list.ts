import type { Scope } from "../../../core/kind/scope.ts";
import type { Query, Reader } from "../../../core/kind/reader.ts";
import { pick, type ApiObject } from "../mapping.ts";
import { asObject, isOfOwner, listByName } from "../names.ts";

const path = "/services";

/** Previews answer by default and are nobody's to manage. */
function serviceQuery(scope: Scope): Query {
  return { ownerId: scope.ownerId, includePreviews: "false" };
}

/** Every service of the workspace, as the list shows it; a plan reads it once for all kinds that stand in a service. */
export async function listServices(reader: Reader, scope: Scope): Promise<readonly ApiObject[]> {
  const items = await reader.list(path, serviceQuery(scope), "service");
  return items.map((item) => asObject(item, path)).filter((item) => isMatch(item, scope));
}

export async function findServices(
  reader: Reader,
  scope: Scope,
  names: readonly string[],
): Promise<readonly ApiObject[]> {
  const items = await listByName(reader, { path, envelope: "service", query: serviceQuery(scope) }, names);
  return items.filter((item) => isMatch(item, scope));
}

/** A preview has a parent server and shares its parent's name pattern; it is never a match. */
function isMatch(item: ApiObject, scope: Scope): boolean {
  return isOfOwner(item, scope) && (pick(item, "serviceDetails.parentServer") ?? null) === null;
}
