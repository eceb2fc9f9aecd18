import { nameOf, type Address } from "../../../core/base/address.ts";
import type { Inventory, Owned } from "../../../core/model/inventory.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import type { Query, Reader } from "../../../core/kind/reader.ts";
import type { ApiObject } from "../mapping.ts";
import { asObject, isOfOwner, listByName, textOf } from "../names.ts";

const projectsPath = "/projects";
const environmentsPath = "/environments";
/** How many ids go into one call, joined by commas (Render's description). */
const batch = 50;

/** All projects of the workspace. */
export async function listProjects(reader: Reader, scope: Scope): Promise<readonly ApiObject[]> {
  const items = await reader.list(projectsPath, { ownerId: scope.ownerId }, "project");
  return items.map((item) => asObject(item, projectsPath)).filter((item) => isOfOwner(item, scope));
}

/** The projects of these names. */
export async function findProjects(
  reader: Reader,
  scope: Scope,
  names: readonly string[],
): Promise<readonly ApiObject[]> {
  const how = { path: projectsPath, envelope: "project", query: { ownerId: scope.ownerId } };
  return (await listByName(reader, how, names)).filter((item) => isOfOwner(item, scope));
}

/** An environment, and its name here: `project/environment`. */
export type NamedEnvironment = { readonly environment: ApiObject; readonly name: string };

/**
 * The environments of these projects. The API lists them by project (Render's description): one call for many projects, and no call
 * for none. The name of an owned project is taken from the inventory, so that a project which a person renamed is one change of
 * the project, and not one of each environment too.
 */
export async function listEnvironments(
  reader: Reader,
  projects: readonly ApiObject[],
  { inventory, query = {} }: { readonly inventory?: Inventory; readonly query?: Query },
): Promise<readonly NamedEnvironment[]> {
  const names = new Map([
    ...projects.map((project) => [String(project["id"]), String(project["name"])] as const),
    ...ownedProjects(inventory),
  ]);
  const ids = projects.map((project) => String(project["id"])).sort();
  const groups = Array.from({ length: Math.ceil(ids.length / batch) }, (_, index) =>
    ids.slice(index * batch, (index + 1) * batch),
  );
  const pages = await Promise.all(
    groups.map((projectId) => reader.list(environmentsPath, { ...query, projectId }, "environment")),
  );
  return pages.flat().map((item) => {
    const environment = asObject(item, environmentsPath);
    const project = names.get(textOf(environment, "projectId", environmentsPath)) ?? "";
    return { environment, name: `${project}/${textOf(environment, "name", environmentsPath)}` };
  });
}

function ownedProjects(inventory: Inventory | undefined): readonly (readonly [id: string, name: string])[] {
  return (Object.entries(inventory?.resources ?? {}) as [Address, Owned][])
    .filter(([, owned]) => owned.kind === "render/project")
    .map(([address, owned]) => [owned.id, nameOf(address)]);
}
