import { recordChange } from "../../server/audit.ts";
import { readBody, readText, requireText } from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import { accepted, answer, fail, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { makePassword } from "./datastore.ts";
import { readEnvironmentId } from "../project/environment-row.ts";
import { recordEvent, userOf } from "../event/event-row.ts";
import { recordAvailability } from "./datastore-events.ts";
import { insertPostgres } from "./postgres.ts";
import { readPlan } from "./postgres-plan.ts";
import { defaultUser, findPostgres, postgresInstances, primaryIdOf, type Postgres } from "./postgres-row.ts";
import { readOverrides } from "./postgres-settings.ts";
import { viewPostgres } from "./postgres-view.ts";

const base = "/postgres/{postgresId}";

/** The routes that act on a database without changing its fields. All but connection-info are described and not recorded. */
export const postgresOperationRoutes: readonly Route[] = [
  { method: "GET", path: `${base}/connection-info`, budget: "render/read", handle: showConnection },
  { method: "POST", path: `${base}/suspend`, budget: "render/write", handle: suspend },
  { method: "POST", path: `${base}/resume`, budget: "render/write", handle: resume },
  { method: "POST", path: `${base}/restart`, budget: "render/write", handle: restart },
  { method: "POST", path: `${base}/failover`, budget: "render/write", handle: failOver },
  { method: "GET", path: `${base}/recovery`, budget: "render/read", handle: showRecovery },
  { method: "POST", path: `${base}/recovery`, budget: "render/create", handle: recover },
  { method: "GET", path: `${base}/credentials`, budget: "render/read", handle: listUsers },
  { method: "POST", path: `${base}/credentials`, budget: "render/write", handle: addUser },
  { method: "DELETE", path: `${base}/credentials/{username}`, budget: "render/write", handle: removeUser },
  { method: "GET", path: `${base}/parameter-overrides`, budget: "render/read", handle: showOverrides },
  { method: "PUT", path: `${base}/parameter-overrides`, budget: "render/write", handle: replaceOverrides },
];

/** Shows how to connect to a database, also while it is being made (recorded). */
function showConnection(call: Call, world: World): Answer {
  return answer(200, { ...connectionOf(findPostgres(call, world), parameter(call, "postgresId")) });
}

/**
 * How to connect to a database or, by its id, to one of its replicas. Only a newer description than ours has the
 * strings for a connection pool.
 */
function connectionOf(row: Postgres, id = row.id) {
  const { username, password } = defaultUser(row);
  const login = `${username}:${password}`;
  const host = `${id}.${row.region}-postgres.render.com`;
  return {
    password,
    internalConnectionString: `postgresql://${login}@${id}/${row.databaseName}`,
    externalConnectionString: `postgresql://${login}@${host}:5432/${row.databaseName}`,
    psqlCommand: `PGPASSWORD=${password} psql -h ${host} -p 5432 -U ${username} ${row.databaseName}`,
    ...(row.connectionPool === "pgbouncer" && {
      internalConnectionPoolString: `postgresql://${login}@${id}-pooler:6432/${row.databaseName}`,
      externalConnectionPoolString: `postgresql://${login}@${id}-pooler.${row.region}-postgres.render.com:6432/${row.databaseName}`,
    }),
  };
}

function suspend(call: Call, world: World): Answer {
  return setSuspended(call, world, true);
}

function resume(call: Call, world: World): Answer {
  return setSuspended(call, world, false);
}

function setSuspended(call: Call, world: World, suspended: boolean): Answer {
  const row = findPostgres(call, world);
  if (row.suspended === suspended) return accepted;
  row.suspended = suspended;
  row.updatedAt = world.stamp();
  const event = suspended ? "SuspendPostgresEvent" : "ResumePostgresEvent";
  recordChange(call, world, event, { kind: "postgres", ...row });
  return accepted;
}

function restart(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  recordEvent(world, row, { type: "postgres_restarted", details: userOf(call) });
  return accepted;
}

function failOver(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  if (!row.highAvailabilityEnabled) fail(400, "failover needs high availability");
  recordEvent(world, row, { type: "postgres_cluster_leader_changed", details: { leaderId: row.id } });
  return accepted;
}

function showRecovery(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  if (row.plan === "free") return answer(200, { recoveryStatus: "NOT_AVAILABLE" });
  return answer(200, { recoveryStatus: "AVAILABLE", startsAt: formatTime(row.createdAt) });
}

/** Makes a copy of a database under another name, and answers with the copy (described as 200). */
function recover(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const body = readBody(call);
  requireText(body, "restoreTime");
  if (row.plan === "free") fail(400, "free databases cannot be recovered");
  const environmentId = readEnvironmentId(call, world, body, row.ownerId);
  const copy = insertPostgres(world, {
    ownerId: row.ownerId,
    name: readText(body, "restoreName") ?? `${row.name}-recovery`,
    plan: readPlan(readText(body, "plan") ?? row.plan, row.plan),
    version: row.version,
    region: row.region,
    diskSizeGB: row.diskSizeGB,
    databaseUser: row.databaseUser,
    ...(environmentId !== undefined && { environmentId }),
  });
  recordEvent(world, copy, { type: "postgres_restore_succeeded", at: copy.availableAt });
  recordAvailability(world, copy, "postgres_available");
  return answer(200, viewPostgres(world, copy));
}

function listUsers(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const all = [{ username: row.databaseUser, createdAt: row.createdAt }, ...row.users];
  return answer(
    200,
    all.map(({ username, createdAt }) => ({
      username,
      default: username === defaultUser(row).username,
      createdAt: formatTime(createdAt),
      openConnections: 0,
    })),
  );
}

function addUser(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const username = requireText(readBody(call), "username");
  const taken = username === row.databaseUser || row.users.some((user) => user.username === username);
  if (taken) fail(409, `user ${username} exists already`);
  row.users.push({ username, password: makePassword(world), createdAt: world.stamp() });
  return accepted;
}

/** Deletes a user of a database; answers 200 and not 204 (described). */
function removeUser(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  const username = parameter(call, "username");
  if (!row.users.some((user) => user.username === username)) fail(404, `not found: ${username}`);
  row.users = row.users.filter((user) => user.username !== username);
  return { status: 200 };
}

function showOverrides(call: Call, world: World): Answer {
  return answer(200, findPostgres(call, world).parameterOverrides);
}

function replaceOverrides(call: Call, world: World): Answer {
  const row = findPostgres(call, world);
  row.parameterOverrides = readOverrides({ parameterOverrides: readBody(call) }) ?? {};
  row.updatedAt = world.stamp();
  return answer(200, row.parameterOverrides);
}

/** An output of a database, or of one of its replicas, that a value refers to; `undefined` where it has no such output. */
export function postgresOutput(id: string, output: string, world: World): string | undefined {
  const row = world.account.find(postgresInstances, primaryIdOf(id));
  if (!row) return undefined;
  const connection = connectionOf(row, id);
  const { username, password } = defaultUser(row);
  const outputs: { readonly [name: string]: string | undefined } = {
    connectionString: connection.internalConnectionString,
    connectionPoolString: connection.internalConnectionPoolString,
    host: id,
    port: "5432",
    user: username,
    password,
    database: row.databaseName,
  };
  return outputs[output];
}
