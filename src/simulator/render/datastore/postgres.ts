import { recordChange } from "../../server/audit.ts";
import { readBody, readChoice, readText, requireText, type Body } from "../../base/body.ts";
import { cursorKey } from "../../base/ids.ts";
import { answerList, filterByRowTimes, filterByValues } from "../../base/list.ts";
import { findWorkspace, listReachable } from "../../base/owned.ts";
import { randomText } from "../../base/random.ts";
import { answer, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { availableAfter, makePassword, regions } from "./datastore.ts";
import { readEnvironmentId } from "../project/environment-row.ts";
import { everywhere, replacesIpAllowList } from "./ip-allow-list.ts";
import { removeLogStreamOverride } from "../workspace/log-stream.ts";
import {
  defaultDiskSize,
  readDiskSize,
  readPlan,
  requireFreeIsAvailable,
  requirePlan,
  requireVersion,
} from "./postgres-plan.ts";
import { recordEvent, userOf } from "../event/event-row.ts";
import { recordAvailability, recordPostgresChanges } from "./datastore-events.ts";
import { findPostgres, postgresInstances, type Postgres } from "./postgres-row.ts";
import { readPostgresSettings, type PostgresSettings } from "./postgres-settings.ts";
import {
  viewPostgres,
  viewPostgresAtCreation,
  viewPostgresInList,
  viewReplicaInstance,
} from "./postgres-view.ts";

/** The routes of databases. */
export const postgresRoutes: readonly Route[] = [
  { method: "GET", path: "/postgres", budget: "render/read", handle: listPostgres },
  { method: "POST", path: "/postgres", budget: "render/create", handle: createPostgres },
  { method: "GET", path: "/postgres/{postgresId}", budget: "render/read", handle: showPostgres },
  { method: "PATCH", path: "/postgres/{postgresId}", budget: "render/write", handle: changePostgres },
  { method: "DELETE", path: "/postgres/{postgresId}", budget: "render/write", handle: deletePostgres },
];

/** Lists databases. Replicas stand among them as databases, unless the query says no (described). */
function listPostgres(call: Call, world: World): Answer {
  const withReplicas = call.query.get("includeReplicas") !== "false";
  const asked = filterByValues(call, listReachable(call, world, postgresInstances), {
    region: (row) => row.region,
    environmentId: (row) => row.environmentId,
    suspended: (row) => (row.suspended ? "suspended" : "not_suspended"),
  });
  const kept = filterByRowTimes(call, asked);
  const instances = kept.flatMap((row) => [
    { id: row.id, row, replica: undefined },
    ...(withReplicas ? row.readReplicas.map((replica) => ({ id: replica.id, row, replica })) : []),
  ]);
  // Each is a database with a name of its own: the primary's finds no replica.
  const rows = filterByValues(call, instances, { name: ({ row, replica }) => (replica ?? row).name });
  return answerList(call, world, {
    rows,
    thing: "postgres",
    view: ({ row, replica }) =>
      replica ? viewReplicaInstance(world, row, replica) : viewPostgresInList(world, row),
    // A replica has the xid of its primary, so the letter behind it tells the two apart.
    key: ({ id, replica }) => (replica ? cursorKey(id).slice(1) + id.slice(-1) : cursorKey(id)),
    createdAt: ({ row }) => row.createdAt,
  });
}

function createPostgres(call: Call, world: World): Answer {
  const body = readBody(call);
  const name = requireText(body, "name");
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const plan = requirePlan(body);
  const version = requireVersion(body);
  if (plan === "free") requireFreeIsAvailable(world, ownerId);
  const environmentId = readEnvironmentId(call, world, body, ownerId);
  const id = `${world.makeId("dpg")}-a`;
  const row = insertPostgres(world, {
    id,
    ownerId,
    name,
    plan,
    version,
    region: readChoice(body, "region", regions) ?? "oregon",
    diskSizeGB: readDiskSize(body) ?? defaultDiskSize(plan),
    ...readNames(body),
    ...(environmentId !== undefined && { environmentId }),
    ...readPostgresSettings(body, { id, plan, version, readReplicas: [] }, world.switches),
  });
  recordEvent(world, row, { type: "postgres_created", details: userOf(call) });
  recordAvailability(world, row, "postgres_available");
  recordChange(call, world, "CreatePostgresEvent", { kind: "postgres", ...row });
  return answer(201, viewPostgresAtCreation(world, row));
}

type Naming = { readonly databaseName?: string; readonly databaseUser?: string };
type NewPostgres = Pick<
  Postgres,
  "ownerId" | "name" | "plan" | "version" | "region" | "diskSizeGB" | "environmentId"
> &
  Naming &
  PostgresSettings & { readonly id?: string };

function readNames(body: Body): Naming {
  const databaseName = readText(body, "databaseName");
  const databaseUser = readText(body, "databaseUser");
  return { ...(databaseName && { databaseName }), ...(databaseUser && { databaseUser }) };
}

/**
 * Makes a database. Its database name always gets a suffix; a user's name is kept, or made from the suffixed name
 * (recorded).
 */
export function insertPostgres(world: World, fields: NewPostgres): Postgres {
  const now = world.stamp();
  const base = fields.databaseName ?? fields.name.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_");
  const databaseName = `${base}_${randomText(world.random, 4)}`;
  return world.account.insert(postgresInstances, {
    id: `${world.makeId("dpg")}-a`,
    password: makePassword(world),
    diskAutoscalingEnabled: false,
    highAvailabilityEnabled: false,
    connectionPool: "none",
    ipAllowList: [everywhere],
    parameterOverrides: {},
    readReplicas: [],
    datadogApiKey: "",
    users: [],
    exports: [],
    suspended: false,
    // A free database expires after 30 days (documented on Render's pricing page).
    ...(fields.plan === "free" && { expiresAt: now + 30 * 86_400_000_000 }),
    availableAt: availableAfter(world, now),
    createdAt: now,
    updatedAt: now,
    ...fields,
    databaseName,
    databaseUser: fields.databaseUser ?? `${databaseName}_user`,
  });
}

function showPostgres(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const replica = row.readReplicas.find((candidate) => candidate.id === parameter(call, "postgresId"));
  return answer(200, replica ? viewReplicaInstance(world, row, replica) : viewPostgres(world, row));
}

/**
 * Changes a database. It always bumps `updatedAt`; another plan, disk or availability makes the database unavailable
 * for a while (recorded).
 */
function changePostgres(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const body = readBody(call);
  const before = { ...row };
  const plan = readPlan(readText(body, "plan") ?? row.plan, row.plan);
  const name = readText(body, "name") ?? row.name;
  const diskSizeGB = readDiskSize(body, row.diskSizeGB) ?? row.diskSizeGB;
  const settings = readPostgresSettings(body, { ...row, plan }, world.switches);
  if (replacesIpAllowList(settings, row)) {
    recordChange(call, world, "UpdateIPAllowListEvent", { kind: "postgres", ...row });
  }
  Object.assign(row, { plan, name, diskSizeGB, ...settings, updatedAt: world.stamp() });
  recordPostgresChanges(call, world, { before, after: row });
  if (sizeOf(row) !== sizeOf(before)) {
    row.availableAt = availableAfter(world, row.updatedAt);
    recordAvailability(world, row, "postgres_available");
  }
  return answer(200, viewPostgres(world, row));
}

function sizeOf(row: Postgres): string {
  return [row.plan, row.diskSizeGB, row.highAvailabilityEnabled].join(" ");
}

/** Deletes a database with its replicas, also while it is being made (recorded). */
function deletePostgres(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const id = parameter(call, "postgresId");
  const going = id === row.id ? [id, ...row.readReplicas.map((replica) => replica.id)] : [id];
  for (const instance of going) removeLogStreamOverride(world, instance);
  if (id === row.id) world.account.remove(postgresInstances, id);
  else row.readReplicas = row.readReplicas.filter((replica) => replica.id !== id);
  recordChange(call, world, "DeletePostgresEvent", { kind: "postgres", ...row, id });
  return noContent;
}
