import { defineIndex, workspaces, type Index, type Row, type Table, type Workspace } from "./account.ts";
import { queryValues } from "./list.ts";
import { failNotFound, type Call } from "./route.ts";
import type { World } from "./world.ts";

/** A row that belongs to a workspace. */
export type OwnedRow = Row & { readonly ownerId: string };

/** An index of rows by their owner, which never changes, so that the rows stay in the order in which they were made. */
function byOwner<R extends OwnedRow>(table: Table<R>): Index<R> {
  return defineIndex(table, "owner", (row) => [row.ownerId]);
}

/** The rows that the caller may see: those of all workspaces that the user of the key belongs to. */
export function listReachable<R extends OwnedRow>(call: Call, world: World, table: Table<R>): R[] {
  const { account } = world;
  const reach = call.user.workspaceIds;
  const owners = queryValues(call, "ownerId")?.map((id) => personalWorkspace(call, id)) ?? reach;
  const wanted = new Set(owners.filter((id) => reach.includes(id)));
  const perOwner = [...wanted].map((id) => account.lookup(byOwner(table), id));
  // Nearly always one of these two, and then no row of a large account is looked at.
  if (perOwner.length <= 1) return perOwner[0] ?? [];
  const count = perOwner.reduce((sum, rows) => sum + rows.length, 0);
  return count === account.count(table)
    ? account.list(table)
    : account.filter(table, (row) => wanted.has(row.ownerId));
}

/** The row of an id. Answers 404 both for an unknown id and for a row of another user (documented). */
export function findReachable<R extends OwnedRow>(call: Call, world: World, table: Table<R>, id: string): R {
  const row = world.account.find(table, id);
  return row && call.user.workspaceIds.includes(row.ownerId) ? row : failNotFound(id);
}

/**
 * The workspace that a body or path names. The id of a user means the first workspace of that user (described for
 * owners).
 */
export function findWorkspace(call: Call, world: World, ownerId: string): Workspace {
  const id = personalWorkspace(call, ownerId);
  const workspace = call.user.workspaceIds.includes(id) ? world.account.find(workspaces, id) : undefined;
  return workspace ?? failNotFound(ownerId);
}

function personalWorkspace(call: Call, id: string): string {
  return id === call.user.id ? (call.user.workspaceIds[0] ?? id) : id;
}

/** A workspace as the `owner` object of projects and datastores (recorded). */
export function viewOwner(
  world: World,
  ownerId: string,
): { id: string; name: string; email: string; type: string } {
  const workspace = world.account.find(workspaces, ownerId);
  if (!workspace) return failNotFound(ownerId);
  return { id: workspace.id, name: workspace.name, email: workspace.email, type: workspace.type };
}
