import { defineTable, users, workspaces, type Row, type User, type Workspace } from "../../base/account.ts";
import { recordChange } from "../../server/audit.ts";
import { readBody, requireChoice } from "../../base/body.ts";
import { answerList, filterByValues } from "../../base/list.ts";
import { findWorkspace } from "../../base/owned.ts";
import {
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

const roles = [
  "ADMIN",
  "DEVELOPER",
  "WORKSPACE_CONTRIBUTOR",
  "WORKSPACE_BILLING",
  "WORKSPACE_VIEWER",
] as const;

/** The role of a member, where it was changed; all others are admins. The id joins those of workspace and user. */
type MemberRole = Row & { role: (typeof roles)[number] };
const memberRoles = defineTable<MemberRole>("member roles");

/** The routes of workspaces and users. */
export const ownerRoutes: readonly Route[] = [
  { method: "GET", path: "/owners", budget: "render/read", handle: listOwners },
  { method: "GET", path: "/owners/{ownerId}", budget: "render/read", handle: showOwner },
  { method: "GET", path: "/owners/{ownerId}/members", budget: "render/read", handle: listMembers },
  {
    method: "PATCH",
    path: "/owners/{ownerId}/members/{userId}",
    budget: "render/write",
    handle: changeMember,
  },
  {
    method: "DELETE",
    path: "/owners/{ownerId}/members/{userId}",
    budget: "render/write",
    handle: removeMember,
  },
  { method: "GET", path: "/users", budget: "render/read", handle: showUser },
];

/** Lists workspaces. Names have to be given exactly (documented for this list only). */
function listOwners(call: Call, world: World): Answer {
  const mine = world.account.list(workspaces).filter((row) => call.user.workspaceIds.includes(row.id));
  const rows = filterByValues(call, mine, { name: (row) => row.name, email: (row) => row.email });
  return answerList(call, world, { rows, thing: "owner", view: viewWorkspace });
}

function showOwner(call: Call, world: World): Answer {
  return answer(200, viewWorkspace(findWorkspace(call, world, parameter(call, "ownerId"))));
}

function viewWorkspace(row: Workspace) {
  return { id: row.id, name: row.name, email: row.email, type: row.type, twoFactorAuthEnabled: false };
}

function showUser(call: Call): Answer {
  return answer(200, { name: call.user.name, email: call.user.email });
}

function listMembers(call: Call, world: World): Answer {
  const workspace = findWorkspace(call, world, parameter(call, "ownerId"));
  const members = world.account.list(users).filter((user) => user.workspaceIds.includes(workspace.id));
  return answer(
    200,
    members.map((user) => viewMember(world, workspace, user)),
  );
}

function changeMember(call: Call, world: World): Answer {
  const { workspace, user } = findMember(call, world);
  const role = requireChoice(readBody(call), "role", roles);
  const id = memberKey(workspace, user);
  const row = world.account.find(memberRoles, id) ?? world.account.insert(memberRoles, { id, role });
  row.role = role;
  recordChange(call, world, "ChangeTeamMemberRoleEvent", { kind: "user", ...user, ownerId: workspace.id });
  return answer(200, viewMember(world, workspace, user));
}

function removeMember(call: Call, world: World): Answer {
  const { workspace, user } = findMember(call, world);
  if (user.id === call.user.id) fail(400, "you cannot remove yourself from a workspace");
  user.workspaceIds = user.workspaceIds.filter((id) => id !== workspace.id);
  recordChange(call, world, "RemoveUserFromTeamEvent", { kind: "user", ...user, ownerId: workspace.id });
  return noContent;
}

function findMember(call: Call, world: World): { workspace: Workspace; user: User } {
  const workspace = findWorkspace(call, world, parameter(call, "ownerId"));
  const id = parameter(call, "userId");
  const user = world.account.find(users, id);
  return user?.workspaceIds.includes(workspace.id) ? { workspace, user } : failNotFound(id);
}

function viewMember(world: World, workspace: Workspace, user: User) {
  const role = world.account.find(memberRoles, memberKey(workspace, user))?.role ?? "ADMIN";
  return { userId: user.id, name: user.name, email: user.email, status: "active", role, mfaEnabled: false };
}

function memberKey(workspace: Workspace, user: User): string {
  return `${workspace.id}/${user.id}`;
}
